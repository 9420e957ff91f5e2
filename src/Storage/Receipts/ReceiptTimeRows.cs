namespace Chat.Storage.Receipts;

public enum MessageReceiptsStatus : byte
{
    Found,

    /// <summary>The asker is not in the chat.</summary>
    ChatNotFound,

    /// <summary>There is no such message that the asker sees.</summary>
    MessageNotFound,

    NotTheSender,

    /// <summary>It is a channel: nobody's receipts are told there.</summary>
    NoReceipts,

    MessageDeleted,
}

/// <summary>What a member is known to have done with a message; times are null where they are not known.</summary>
public sealed record MemberReceiptRow(long PrincipalId, bool IsDelivered, bool IsRead, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt);

/// <summary>A page of who has a message, in the order of the members' ids, and how many there are in all.</summary>
/// <param name="DeliveredCount">Those included who have read it.</param>
/// <param name="MemberCount">The others who were members when it came and still are.</param>
public sealed record MessageReceipts(
    MessageReceiptsStatus Status, IReadOnlyList<MemberReceiptRow> Members, bool HasMore, int DeliveredCount, int ReadCount, int MemberCount)
{
    public static MessageReceipts Refused(MessageReceiptsStatus status) => new(status, [], HasMore: false, 0, 0, 0);
}
