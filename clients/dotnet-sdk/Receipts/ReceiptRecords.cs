namespace Chat.Sdk.Receipts;

/// <summary>What one member has done with a message, as far as its sender may know.</summary>
/// <param name="PrincipalId">The member.</param>
/// <param name="Delivered">Whether one of the member's devices has it; false too where that is hidden.</param>
/// <param name="Read">Whether the member has read it; false too where that is hidden.</param>
/// <param name="DeliveredAt">
/// By when it was delivered: the end of the ten minutes in which it was, or <paramref name="ReadAt"/> if that is sooner; not after the asking.
/// Null where it is not known: old times are not kept, nor are those of large groups.
/// </param>
/// <param name="ReadAt">To the minute, and neither before the message nor after the asking. Null as in <paramref name="DeliveredAt"/>.</param>
public sealed record MemberReceipt(long PrincipalId, bool Delivered, bool Read, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt);

/// <summary>A page of who has got and read a message.</summary>
/// <param name="Members">The others who were members when it came and still are.</param>
/// <param name="DeliveredCount">To how many it was delivered, of all pages; those included who have read it.</param>
/// <param name="ReadCount">How many have read it, of all pages.</param>
/// <param name="MemberCount">How many others there are, of all pages.</param>
/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record MessageReceipts(
    IReadOnlyList<MemberReceipt> Members, int DeliveredCount, int ReadCount, int MemberCount, string? NextCursor);
