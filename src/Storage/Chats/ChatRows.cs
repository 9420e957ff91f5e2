using System.Globalization;

namespace Chat.Storage.Chats;

/// <summary>One chat as one of its members sees it.</summary>
/// <param name="DeliveredUpTo">The asker's own watermark.</param>
/// <param name="ReadUpTo">The asker's own watermark.</param>
/// <param name="OthersDeliveredUpTo">The lowest of all other members; the head when there is no other.</param>
/// <param name="OthersReadUpTo">The lowest of all other members; the head when there is no other.</param>
/// <param name="PeerId">The other one of a direct chat.</param>
/// <param name="Unread">Messages above <c>ReadUpTo</c>, up to <c>HeadSequence</c>, without those that the asker cleared.</param>
/// <param name="Own">What it is to the asker alone; null while all of it is as at the beginning.</param>
/// <param name="Details">What it is to everybody beside its name; null while all of it is as at the beginning.</param>
/// <param name="Mentions">The unread messages that mention the asker; null for none.</param>
public sealed record ChatRow(
    long ChatId,
    short Kind,
    long Epoch,
    string? Name,
    short Role,
    long JoinedAtSequence,
    long HeadSequence,
    long DeliveredUpTo,
    long ReadUpTo,
    long OthersDeliveredUpTo,
    long OthersReadUpTo,
    int MemberCount,
    long? PeerId,
    string? PeerName,
    EventRow? LastEvent,
    long CreatedAtMs,
    long LastActivityMs,
    long Unread,
    OwnSettingsRow? Own = null,
    ChatDetailsRow? Details = null,
    UnreadMentions? Mentions = null)
{
    /// <summary>The asker marked it as unread, and has read nothing since.</summary>
    public bool IsMarkedUnread => Own?.UnreadMark is { } mark && ReadUpTo <= mark;
}

/// <summary>Unread messages of one chat that mention somebody.</summary>
/// <param name="Count">From 1; it is not counted further than to 1,000.</param>
/// <param name="First">The sequence of the first of them.</param>
public sealed record UnreadMentions(int Count, long First);

/// <summary>What a chat is to one of its members alone.</summary>
/// <param name="IsArchived">It is in the archive now: what came since did not bring it back.</param>
/// <param name="MutedUntilMs">Null when it is not muted now.</param>
/// <param name="UnreadMark">How far the member had read when it marked the chat as unread; see <see cref="ChatRow.IsMarkedUnread"/>.</param>
/// <param name="ClearedUpTo">The member sees nothing up to here; 0 for nothing cleared.</param>
public sealed record OwnSettingsRow(
    bool IsArchived, bool IsPinned, long? UnreadMark, long? MutedUntilMs, string? Theme, long ClearedUpTo, DraftRow? Draft);

/// <param name="Version">The event of the person's inbox that said so.</param>
public sealed record DraftRow(long Version, string Text, long? ReplyTo);

/// <summary>What a group or channel is beside its name. A role is the least that may.</summary>
public sealed record ChatDetailsRow(
    short SendRole, short EditRole, short AddRole, string? Description = null, string? Avatar = null, string? Theme = null, string? Handle = null)
{
    /// <summary>As groups begin.</summary>
    public static readonly ChatDetailsRow Initial = new(MemberRoles.Member, MemberRoles.Admin, MemberRoles.Admin);
}

/// <param name="Next">Where the next page starts; null on the last one.</param>
public sealed record ChatPage(IReadOnlyList<ChatRow> Chats, ChatListCursor? Next);

public sealed record MemberRow(long PrincipalId, string Name, short Role, long DeliveredUpTo, long ReadUpTo, long JoinedAtSequence);

/// <param name="IsAllowed">False: the list is not for the asker, who is in the chat; it is empty then.</param>
/// <param name="IsChannel">Nobody's watermarks but the asker's own are in it.</param>
public sealed record MemberPage(
    long ChatId, IReadOnlyList<MemberRow> Members, bool HasMore, bool IsChannel = false, bool IsAllowed = true);

/// <summary>A place in the chat list: below this activity (microseconds since the Unix epoch) and this id.</summary>
public readonly record struct ChatListCursor(long LastActivityMicros, long ChatId)
{
    /// <summary>The text form, at most 40 characters: two decimal numbers with a dot between.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LastActivityMicros}.{ChatId}");

    /// <summary>Reads the text form; false for anything that <see cref="ToString"/> does not make.</summary>
    public static bool TryParse(string? text, out ChatListCursor cursor)
    {
        cursor = default;
        if (text is null) return false;
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out long micros)
            || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long chatId)
            || micros > MaxMicros) return false;
        cursor = new ChatListCursor(micros, chatId);
        return true;
    }

    // The year 9999: beyond it a timestamptz of .NET ends, and no cursor of ours is made there.
    private const long MaxMicros = 253_402_300_799_000_000;
}
