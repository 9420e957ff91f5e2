using Chat.Domain.Chats;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Receipts;
using Chat.Storage.Statuses;

namespace Chat.Domain.Wire;

/// <summary>
/// Turns rows of storage into the structs of the wire. The numbers of kinds and roles are the same on both sides, which a test compares, so an
/// enum here is a cast.
/// </summary>
public static class WireMapping
{
    public static WireEvent ToWire(this EventRow row) =>
        row.Details is { } details
            ? row.ToPlainWire() with { Previous = details.Previous, Changes = details.Changes?.ToWire(), Content = Shown(details) }
            : row.ToPlainWire();

    /// <summary>The file of a status; null of a text.</summary>
    public static WireMedia? ToWireMedia(this StatusRow row) => row.Media is { } media ? ContentJson.ReadMedia(media) : null;

    /// <summary>An edit takes the link away (protocol-spec.md §8.16).</summary>
    private static WireContent? Shown(EventDetails details)
    {
        if (details.Content is not { } json) return null;
        WireContent content = ContentJson.Read(json);
        return content.Link is not null && details.Changes?.EditedAtMs is not null ? content with { Link = null } : content;
    }

    private static WireEvent ToPlainWire(this EventRow row) => new(
        row.ChatId,
        row.Sequence,
        (EventKind)row.Kind,
        row.SenderId,
        row.CreatedAtMs,
        row.ClientMessageId,
        row.ReplyTo,
        row.Text,
        row.Kind == EventKinds.ReaderRemoved ? null : row.SubjectId, // readers are not told of each other
        (MemberRole?)row.Role);

    private static WireChanges ToWire(this MessageChanges changes) => new(
        changes.AsOf,
        changes.EditedAtMs,
        changes.DeletedAtMs,
        changes.DeletedBy,
        changes.PinnedAtMs,
        changes.OwnReaction,
        Map(changes.Reactions, static reaction => new WireReaction(reaction.Emoji, reaction.Count)));

    public static WireChat ToWire(this ChatRow row) => new(
        row.ChatId,
        (ChatKind)row.Kind,
        row.Epoch,
        row.Name,
        (MemberRole)row.Role,
        row.JoinedAtSequence,
        row.HeadSequence,
        row.DeliveredUpTo,
        row.ReadUpTo,
        row.Unread,
        row.OthersDeliveredUpTo,
        row.OthersReadUpTo,
        row.MemberCount,
        row.PeerId,
        row.PeerName,
        row.LastEvent?.ToWire(),
        row.CreatedAtMs,
        row.LastActivityMs,
        row.Own?.ToWire(row.IsMarkedUnread),
        row.Details?.ToWire(),
        row.Mentions is { } mentions ? new WireMentions(mentions.Count, mentions.First) : null);

    private static WireOwnSettings ToWire(this OwnSettingsRow own, bool isMarkedUnread) => new(
        own.IsArchived,
        own.IsPinned,
        isMarkedUnread,
        own.MutedUntilMs,
        own.Theme,
        own.ClearedUpTo == 0 ? null : own.ClearedUpTo,
        own.Draft is { } draft ? new WireDraft(draft.Version, draft.Text, draft.ReplyTo) : null);

    private static WireChatDetails ToWire(this ChatDetailsRow details) => new(
        (MemberRole)details.SendRole,
        (MemberRole)details.EditRole,
        (MemberRole)details.AddRole,
        details.Description,
        details.Avatar,
        details.Theme,
        details.Handle);

    public static WireMember ToWire(this MemberRow row) => new(
        row.PrincipalId, row.Name, (MemberRole)row.Role, row.DeliveredUpTo, row.ReadUpTo, row.JoinedAtSequence);

    public static WirePrincipal ToWire(this PrincipalRow row) => new(row.Id, (PrincipalKind)row.Kind, row.Name, row.About, row.Avatar);

    public static IReadOnlyList<WirePrincipal> ToWire(this IReadOnlyList<PrincipalRow> rows) => Map(rows, ToWire);

    public static WireReceipt ToWire(this ReceiptRow row) => new(row.PrincipalId, row.DeliveredUpTo, row.ReadUpTo);

    public static ChatReply ToReply(this ChatRow row) => new(row.ToWire());

    public static ChatsReply ToReply(this ChatList list) => new(Map(list.Chats, ToWire), list.NextCursor);

    public static MembersReply ToReply(long chatId, MemberPage page) => new(chatId, Map(page.Members, ToWire), page.HasMore);

    /// <summary>A page does not say whose it is; <paramref name="chatId"/> is the chat that was asked for.</summary>
    public static HistoryReply ToReply(long chatId, HistoryPage page) => new(
        chatId, page.Epoch, page.HeadSequence, Map(page.Events, ToWire), page.CoversFrom, page.CoversTo, page.HasMore);

    public static ErrorReply ToReply(this Failure failure) => new(
        failure.Code, failure.Message, ErrorCodes.IsRetryable(failure.Code), RetryAfterMs(failure.RetryAfter));

    // Rounded up: a client that waits exactly so long must not be early.
    private static int? RetryAfterMs(TimeSpan? wait) =>
        wait is { } span ? (int)Math.Clamp(Math.Ceiling(span.TotalMilliseconds), 0, int.MaxValue) : null;

    private static TWire[] Map<TRow, TWire>(IReadOnlyList<TRow> rows, Func<TRow, TWire> map)
    {
        TWire[] mapped = new TWire[rows.Count];
        for (int i = 0; i < mapped.Length; i++) mapped[i] = map(rows[i]);
        return mapped;
    }
}
