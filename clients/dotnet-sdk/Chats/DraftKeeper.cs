using Chat.Sdk.Rest;

namespace Chat.Sdk.Chats;

/// <summary>
/// Keeps what was begun to be written in a chat: stored when the person pauses, one write after another, gone when it is sent. Thread-safe.
/// </summary>
internal sealed class DraftKeeper(long chatId, ChatSettingsRest rest, ClientCore core)
{
    /// <summary>The service tells of a write late: as many texts are remembered as may be told of late.</summary>
    private const int MaxOwn = 8;

    /// <summary>The person paused: short of it, a draft is this device's alone.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();

    /// <summary>
    /// Texts of the draft, the newest last, that were shown, written over or written here since something was sent. Others are another
    /// device's.
    /// </summary>
    private readonly List<string> _own = [];

    private (string Text, long? ReplyTo)? _wished;
    private int _pauses;
    private Task _last = Task.CompletedTask;

    private ChatDraft? Stored => core.Directory.Find(chatId)?.Own.Draft;

    /// <summary>What is written so far; empty takes the draft away. Stored after a pause, or by <see cref="FlushAsync"/>.</summary>
    public void Set(string text, long? replyTo)
    {
        lock (_gate)
        {
            if (Take() is null && _own.Count == 0) Learn(); // what is stored was shown to who begins to write
            _wished = (text, replyTo);
            _ = FlushLaterAsync(_pauses);
        }
    }

    /// <summary>Stores what was set, now. Returns when it is stored; that it failed is told by <see cref="ChatClient.HandlerFailed"/>.</summary>
    public Task FlushAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (Take() is { } wished)
            {
                Learn(wished.Text);
                Write(() => rest.SetDraftAsync(chatId, wished.Text, wished.ReplyTo, CancellationToken.None));
            }

            return _last.WaitAsync(ct);
        }
    }

    /// <summary>A message was sent: its draft goes, and not what another device began to write meanwhile.</summary>
    public void Sent(string text)
    {
        lock (_gate)
        {
            Take();
            string[] own = [.. _own, text];
            _own.Clear();
            if (IsOwn()) Write(() => core.InsistAsync(() => IsOwn() ? RemoveAsync() : Task.CompletedTask, CancellationToken.None));

            bool IsOwn() => Stored is { } stored ? own.Contains(stored.Text) : own.Length > 1;
        }
    }

    private Task RemoveAsync() => rest.SetAsync(chatId, "draft", false, CancellationToken.None);

    private async Task FlushLaterAsync(int pause)
    {
        await Task.Delay(Pause, core.Time).ConfigureAwait(false);
        lock (_gate)
        {
            if (pause != _pauses) return; // it was written on, stored or sent
        }

        await FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Takes what waits for a pause. Caller holds the gate.</summary>
    private (string Text, long? ReplyTo)? Take()
    {
        (string Text, long? ReplyTo)? wished = _wished;
        _wished = null;
        _pauses++;
        return wished;
    }

    private void Learn(params ReadOnlySpan<string> written)
    {
        if (Stored is { } stored) _own.Add(stored.Text);
        _own.AddRange(written);
        if (_own.Count > MaxOwn) _own.RemoveRange(0, _own.Count - MaxOwn);
    }

    private void Write(Func<Task> write) => _last = AfterAsync(_last, write);

    /// <summary>Of two writes that overtake each other, the older one would stay.</summary>
    private async Task AfterAsync(Task last, Func<Task> write)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the app's token is asked for without the gate
        try
        {
            if (!core.Closed.IsCompleted) await write().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the token is the app's, and nobody waits for the outcome: it is told
        catch (Exception failed)
#pragma warning restore CA1031
        {
            if (!core.Closed.IsCompleted) core.Notifier.Report(failed);
        }
    }
}
