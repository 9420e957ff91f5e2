using Chat.Sdk.Rest;

namespace Chat.Sdk.Chats;

/// <summary>Keeps what was begun to be written in a chat: one write after another, gone when it is sent. Thread-safe.</summary>
internal sealed class DraftKeeper(long chatId, ChatSettingsRest rest, Func<ChatDraft?> stored, Action<Exception> failed)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private bool _isWritten;

    /// <summary>Stores a draft; null or empty takes it away.</summary>
    public Task SetAsync(string? text, long? replyTo, CancellationToken ct)
    {
        lock (_gate)
        {
            _isWritten = true;
            return _last = AfterAsync(_last, () => rest.SetDraftAsync(chatId, text, replyTo, ct));
        }
    }

    /// <summary>The message was sent: whatever is stored of it goes, behind what is on its way.</summary>
    public void Sent()
    {
        lock (_gate)
        {
            if (!_isWritten && stored() is null) return;

            _isWritten = false;
            Task removal = AfterAsync(_last, () => rest.SetAsync(chatId, "draft", false, CancellationToken.None));
            _last = removal;
            _ = ReportAsync(removal);
        }
    }

    /// <summary>Of two writes that overtake each other, the older one would stay.</summary>
    private static async Task AfterAsync(Task last, Func<Task> write)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await write().ConfigureAwait(false);
    }

    private async Task ReportAsync(Task removal)
    {
        try
        {
            await removal.ConfigureAwait(false);
        }
        catch (ChatException refused)
        {
            failed(refused);
        }
    }
}
