using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Connection;

namespace Chat.Sdk.Presence;

/// <summary>Who types where: says it of oneself every 3 seconds, and forgets others after 6 (protocol-spec.md §6.13). Thread-safe.</summary>
internal sealed class TypingSignals(TimeProvider time, Func<WireSession?> session, Action<TypingChange> changed)
{
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Forget = TimeSpan.FromSeconds(6);

    /// <summary>An app that never says stop is taken to have gone away.</summary>
    private static readonly TimeSpan LongestTyping = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, CancellationTokenSource> _own = [];
    private readonly Dictionary<(long ChatId, long PrincipalId), CancellationTokenSource> _others = [];

    public void Start(long chatId)
    {
        var typing = new CancellationTokenSource(LongestTyping, time);
        lock (_gate)
        {
            if (!_own.TryAdd(chatId, typing))
            {
                typing.Dispose();
                return;
            }
        }

        _ = RepeatAsync(chatId, typing);
    }

    public void Stop(long chatId)
    {
        CancellationTokenSource? typing;
        lock (_gate) _own.Remove(chatId, out typing);
        typing?.Cancel();
    }

    public IReadOnlyList<long> Typists(long chatId)
    {
        lock (_gate) return [.. _others.Keys.Where(key => key.ChatId == chatId).Select(key => key.PrincipalId)];
    }

    public void OnTyping(in TypingPush push)
    {
        (long, long) key = (push.ChatId, push.PrincipalId);
        CancellationTokenSource? old;
        CancellationTokenSource? fresh = push.Active ? new CancellationTokenSource() : null;
        lock (_gate)
        {
            _others.Remove(key, out old);
            if (fresh is not null) _others.Add(key, fresh);
        }

        old?.Cancel();
        if (fresh is not null) _ = ForgetAsync(key, fresh);
        if (push.Active != old is not null) changed(new TypingChange(push.ChatId, push.PrincipalId, push.Active));
    }

    private async Task ForgetAsync((long ChatId, long PrincipalId) key, CancellationTokenSource current)
    {
        CancellationToken replaced = current.Token;
        await Task.WhenAny(Task.Delay(Forget, time, replaced)).ConfigureAwait(false);
        bool isOver;
        lock (_gate)
        {
            isOver = _others.TryGetValue(key, out CancellationTokenSource? present) && present == current;
            if (isOver) _others.Remove(key);
        }

        if (isOver) changed(new TypingChange(key.ChatId, key.PrincipalId, Active: false));
        current.Dispose();
    }

    private async Task RepeatAsync(long chatId, CancellationTokenSource typing)
    {
        CancellationToken stopped = typing.Token;
        while (!stopped.IsCancellationRequested)
        {
            await SignalAsync(chatId, active: true).ConfigureAwait(false);
            await Task.WhenAny(Task.Delay(Repeat, time, stopped)).ConfigureAwait(false);
        }

        lock (_gate)
        {
            if (_own.TryGetValue(chatId, out CancellationTokenSource? present) && present == typing) _own.Remove(chatId);
        }

        typing.Dispose();
        await SignalAsync(chatId, active: false).ConfigureAwait(false);
    }

    private async Task SignalAsync(long chatId, bool active)
    {
        if (session() is not { } current) return;

        try
        {
            await current.CallAsync<SetTypingRequest, OkReply>(new SetTypingRequest(chatId, active)).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is ChatException or ConnectionLostException)
        {
            // Ephemeral: the next one heals it.
        }
    }
}
