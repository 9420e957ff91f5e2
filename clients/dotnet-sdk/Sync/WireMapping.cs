using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;

namespace Chat.Sdk.Sync;

/// <summary>Turns what the wire carries into what the app sees.</summary>
internal static class WireMapping
{
    public static DateTimeOffset ToTime(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(unixMs, MaxUnixMs));

    public static ChatLogEvent ToEvent(in WireEvent e, long epoch, long me) => e.Kind switch
    {
        EventKind.Message => new ChatMessage(
            e.ChatId, epoch, e.Sequence, e.SenderId, ToTime(e.CreatedAtMs), e.Text ?? "", e.ClientMessageId ?? Guid.Empty, e.ReplyTo,
            e.SenderId == me)
        {
            Changes = e.Changes is { } changes ? ToChanges(changes) : null,
            Content = ContentMapping.ToContent(e.Content),
        },
        >= EventKind.Edited and <= EventKind.Unpinned when e.ReplyTo is { } target => new ChatMessageChange(
            e.ChatId, epoch, e.Sequence, e.Kind, e.SenderId, ToTime(e.CreatedAtMs), target, e.Text, e.Previous, e.SenderId == me),
        _ => new ChatLogEvent(e.ChatId, epoch, e.Sequence, e.Kind, e.SenderId, ToTime(e.CreatedAtMs), e.Text, e.SubjectId, e.Role),
    };

    public static HistoryPage ToPage(in HistoryReply reply, long me)
    {
        var events = new ChatLogEvent[reply.Events.Count];
        for (int i = 0; i < events.Length; i++) events[i] = ToEvent(reply.Events[i], reply.Epoch, me);
        return new HistoryPage(events, reply.Epoch, reply.HeadSequence, reply.CoversFrom, reply.CoversTo, reply.HasMore);
    }

    public static ChatMember ToMember(in WireMember m) =>
        new(m.PrincipalId, m.Name, m.Role, m.DeliveredUpTo, m.ReadUpTo, m.JoinedAtSequence);

    public static PrincipalPresence ToPresence(long principalId, bool online, long? lastSeenMs) =>
        new(principalId, online, lastSeenMs is { } ms ? ToTime(ms) : null);

    private static MessageChanges ToChanges(WireChanges changes) => new(
        changes.AsOf,
        ToTime(changes.EditedAtMs),
        ToTime(changes.DeletedAtMs),
        changes.DeletedBy,
        ToTime(changes.PinnedAtMs),
        changes.OwnReaction,
        [.. changes.Reactions.Select(reaction => new ReactionCount(reaction.Emoji, reaction.Count))]);

    private static DateTimeOffset? ToTime(long? unixMs) => unixMs is { } ms ? ToTime(ms) : null;

    // The wire's range is wider than DateTimeOffset's.
    private static readonly long MaxUnixMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
