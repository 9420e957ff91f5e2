namespace Chat.Storage.Receipts;

/// <summary>A minute, since the Unix epoch, in which a member's watermarks moved.</summary>
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

    public WatermarkMove With(WatermarkMove other)
    {
        if (IsNone || other.IsNone) return IsNone ? other : this;
        return new WatermarkMove(Math.Min(Before, other.Before), Math.Max(After, other.After));
    }
}

/// <summary>What is kept of a member's minute.</summary>
internal readonly record struct ReceiptMoves(WatermarkMove Delivered, WatermarkMove Read)
{
    public bool IsNone => Delivered.IsNone && Read.IsNone;

    /// <summary>Of what is hidden from the others nothing: no later change of mind tells when it was read.</summary>
    public static ReceiptMoves Of(in ReceiptRow row) => row.Audience switch
    {
        ReceiptAudience.Everybody => new ReceiptMoves(
            WatermarkMove.Of(row.DeliveredBefore, row.DeliveredUpTo), WatermarkMove.Of(row.ReadBefore, row.ReadUpTo)),
        ReceiptAudience.ReadsAreHidden => new ReceiptMoves(WatermarkMove.Of(row.DeliveredBefore, row.DeliveredUpTo), default),
        _ => default,
    };

    public ReceiptMoves With(in ReceiptMoves other) => new(Delivered.With(other.Delivered), Read.With(other.Read));
}
