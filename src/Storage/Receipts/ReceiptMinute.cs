namespace Chat.Storage.Receipts;

/// <summary>A minute, since the Unix epoch, in which a member's watermarks moved; of what was delivered, the first of ten.</summary>
internal readonly record struct ReceiptMinuteKey(long ChatId, long PrincipalId, int Minute) : IComparable<ReceiptMinuteKey>
{
    /// <summary>The order of the primary key: two nodes that write in it cannot wait for each other.</summary>
    public int CompareTo(ReceiptMinuteKey other)
    {
        int order = ChatId.CompareTo(other.ChatId);
        if (order == 0) order = PrincipalId.CompareTo(other.PrincipalId);
        return order == 0 ? Minute.CompareTo(other.Minute) : order;
    }
}

/// <summary>How one watermark moved in a minute: from <c>Before</c> up to <c>After</c>. Both are 0 when it did not.</summary>
internal readonly record struct WatermarkMove(long Before, long After)
{
    public bool IsNone => After == 0;

    public static WatermarkMove Of(long before, long after) => after > before ? new WatermarkMove(before, after) : default;

    /// <summary>From the lower beginning to the higher end, with what is between the two.</summary>
    public WatermarkMove Over(WatermarkMove other)
    {
        if (IsNone || other.IsNone) return IsNone ? other : this;
        return new WatermarkMove(Math.Min(Before, other.Before), Math.Max(After, other.After));
    }

    /// <summary>Both, where one goes on from the other. Between two that do not lies what may not be told: then the later one alone.</summary>
    public WatermarkMove Joined(WatermarkMove other)
    {
        if (IsNone || other.IsNone || Math.Max(Before, other.Before) <= Math.Min(After, other.After)) return Over(other);
        return After > other.After ? this : other;
    }
}

/// <summary>What is kept of a member's minute.</summary>
/// <param name="Delivered">
/// Of ten minutes, in which one is as good as another: a hole in it was delivered meanwhile, by another node or with a reading.
/// </param>
/// <param name="Read">Of one minute, and of nothing that was read while it was hidden.</param>
internal readonly record struct ReceiptMoves(WatermarkMove Delivered, WatermarkMove Read)
{
    /// <summary>Of what is hidden from the others nothing: no later change of mind tells when it was read.</summary>
    public static ReceiptMoves Of(in ReceiptRow row) => row.Audience switch
    {
        ReceiptAudience.Everybody => new ReceiptMoves(
            WatermarkMove.Of(row.DeliveredBefore, row.DeliveredUpTo), WatermarkMove.Of(row.ReadBefore, row.ReadUpTo)),
        ReceiptAudience.ReadsAreHidden => new ReceiptMoves(WatermarkMove.Of(row.DeliveredBefore, row.DeliveredUpTo), default),
        _ => default,
    };

    public ReceiptMoves With(in ReceiptMoves other) => new(Delivered.Over(other.Delivered), Read.Joined(other.Read));
}
