using System.Globalization;

namespace Chat.Storage.Chats;

/// <summary>One chat as one of its members sees it.</summary>
/// <param name="DeliveredUpTo">The asker's own watermark.</param>
/// <param name="ReadUpTo">The asker's own watermark.</param>
/// <param name="OthersDeliveredUpTo">The lowest of all other members; the head when there is no other.</param>
/// <param name="OthersReadUpTo">The lowest of all other members; the head when there is no other.</param>
/// <param name="PeerId">The other one of a direct chat.</param>
/// <param name="Unread">Messages above <c>ReadUpTo</c>, up to <c>HeadSequence</c>.</param>
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
    long Unread);

/// <param name="Next">Where the next page starts; null on the last one.</param>
public sealed record ChatPage(IReadOnlyList<ChatRow> Chats, ChatListCursor? Next);

public sealed record MemberRow(long PrincipalId, string Name, short Role, long DeliveredUpTo, long ReadUpTo, long JoinedAtSequence);

public sealed record MemberPage(long ChatId, IReadOnlyList<MemberRow> Members, bool HasMore);

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
