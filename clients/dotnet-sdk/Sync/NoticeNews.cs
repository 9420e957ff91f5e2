using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Connection;
using Chat.Sdk.Notices;

namespace Chat.Sdk.Sync;

/// <summary>
/// Tells when there may be other notices (protocol-spec.md §8.21): by what the inbox says at once, by what a chat says to its members in turn with
/// them. Handlers run on the <see cref="Notifier"/>.
/// </summary>
internal sealed class NoticeNews
{
    private readonly Notifier _notifier;
    private readonly RefreshTurns _turns;

    public NoticeNews(Notifier notifier, Backoff backoff, TimeProvider time)
    {
        _notifier = notifier;
        _turns = new RefreshTurns(backoff, time, _ => Tell(null));
    }

    public event Action<NoticesChange>? Changed;

    /// <summary>An event of the inbox, in order and once.</summary>
    public void OnInbox(in WireEvent taken)
    {
        switch (taken)
        {
            case { Kind: EventKind.NoticesRead, ReplyTo: { } upToMs }:
                Tell(DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(upToMs, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())));
                break;
            case { Kind: EventKind.ChatAdded or EventKind.ChatRemoved or EventKind.SignedIn or EventKind.PasskeyAdded }:
            case { Kind: EventKind.CallEnded, Text: "missed" }:
                Tell(null);
                break;
        }
    }

    /// <summary>Something in a chat is a notice of one's own: it is told of in a while, the longer, the more hear of the same.</summary>
    public void Want(long chatId, int members) => _turns.Want(chatId, members);

    private void Tell(DateTimeOffset? readUpTo) => _notifier.Post(() => Changed?.Invoke(new NoticesChange(readUpTo)));
}
