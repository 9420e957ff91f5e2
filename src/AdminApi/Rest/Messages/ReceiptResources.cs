using Chat.Domain.Receipts;

namespace Chat.AdminApi.Rest.Messages;

/// <summary>What one member has done with a message, as far as the caller may know.</summary>
internal sealed record ReceiptResource
{
    /// <summary>The member's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>Whether one of the member's devices has it. False too where that is hidden.</summary>
    public required bool Delivered { get; init; }

    /// <summary>Whether the member has read it. False too where that is hidden.</summary>
    public required bool Read { get; init; }

    /// <summary>By when it was delivered: the end of the ten minutes in which it was, or when it was read if that is sooner; not after now. Null when it was
    /// not, or when that is not known.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>When it was read: to the minute, and neither before the message nor after now. Null when it was not, or when that is not known.</summary>
    public DateTimeOffset? ReadAt { get; init; }
}

/// <summary>A page of who has got and read a message.</summary>
internal sealed record MessageReceiptsResource
{
    /// <summary>The others who were members when it came and still are, in the order of their ids.</summary>
    public required IReadOnlyList<ReceiptResource> Items { get; init; }

    /// <summary>To how many it was delivered, of all pages; those included who have read it.</summary>
    public required int Delivered { get; init; }

    /// <summary>How many have read it, of all pages.</summary>
    public required int Read { get; init; }

    /// <summary>How many there are, of all pages.</summary>
    public required int Members { get; init; }

    /// <summary>Where the next page starts: give it back unchanged. Null on the last page.</summary>
    public string? NextCursor { get; init; }

    public static MessageReceiptsResource From(ReceiptPage page) => new()
    {
        Items =
        [
            .. page.Receipts.Members.Select(row => new ReceiptResource
            {
                PrincipalId = row.PrincipalId,
                Delivered = row.IsDelivered,
                Read = row.IsRead,
                DeliveredAt = row.DeliveredAt,
                ReadAt = row.ReadAt,
            }),
        ],
        Delivered = page.Receipts.DeliveredCount,
        Read = page.Receipts.ReadCount,
        Members = page.Receipts.MemberCount,
        NextCursor = page.NextCursor,
    };
}
