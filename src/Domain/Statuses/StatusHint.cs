using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Domain.Statuses;

/// <summary>
/// An event of an inbox that is in no log: its sequence is 0, so that a client which does not know of hints drops it as one that it has
/// (protocol-spec.md §6.38). Whoever misses it finds out by asking.
/// </summary>
internal static class StatusHint
{
    private const long NoSequence = 0;

    /// <param name="statusId">Null where it is about all of the author's.</param>
    public static byte[] Encode(long inboxChatId, EventKind kind, (long Sender, long Author) people, long? statusId, long nowMs) =>
        FrameEncoder.EncodeWebSocket(new EventPush(
            new WireEvent(inboxChatId, NoSequence, kind, people.Sender, nowMs, ReplyTo: statusId, SubjectId: people.Author)));
}
