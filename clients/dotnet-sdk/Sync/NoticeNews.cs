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

    /// <summary>An event of a chat, in order and once. Whose message is answered, or reacted to, it does not say.</summary>
    /// <param name="members">How many hear of the same.</param>
    public void OnTaken(in WireEvent taken, long me, int members)
    {
        if (taken.SenderId == me) return;
        bool isNews = taken switch
        {
            { Kind: EventKind.RoleChanged } => taken.SubjectId == me,
            { Kind: EventKind.Message, Content: { Forwarded: null } content } => content.Marks.Any(mark => mark.PrincipalId == me),
            _ => false,
        };
        if (isNews) _turns.Want(taken.ChatId, members);
    }

    private void Tell(DateTimeOffset? readUpTo) => _notifier.Post(() => Changed?.Invoke(new NoticesChange(readUpTo)));
}
