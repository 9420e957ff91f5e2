namespace Chat.Storage.Receipts;

/// <summary>How long it is known when members read what. Section <c>ReceiptTimes</c>.</summary>
public sealed record ReceiptTimesOptions
{
    /// <summary>Days for which times are kept. Default 30; 0 keeps none, and deletes those that were kept.</summary>
    public int KeptDays { get; init; } = 30;

    /// <summary>Members of the largest chat of which times are kept; of larger ones it is known who, not when. Default 64: each of them makes a
    /// row for the same ten minutes, so that one group costs with its members what its messages do not (ADR 0031).</summary>
    public int MaxChatMembers { get; init; } = 64;

    /// <summary>From one writing to the next: what a node that is killed loses. Default 5 s.</summary>
    public TimeSpan WriteInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Rows that wait in memory, about 100 bytes each. When storage is away for so long that there are more, the oldest go
    /// first. Default 200,000.
    /// </summary>
    public int MaxWaiting { get; init; } = 200_000;

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (KeptDays is < 0 or > 3_650) yield return $"ReceiptTimes:KeptDays is {KeptDays}: set 1 to 3650, or 0 to keep none.";
        if (MaxChatMembers is < 2 or > 10_000) yield return $"ReceiptTimes:MaxChatMembers is {MaxChatMembers}: set 2 to 10000.";
        if (WriteInterval < TimeSpan.FromMilliseconds(100) || WriteInterval > TimeSpan.FromMinutes(1)) yield return $"ReceiptTimes:WriteInterval is {WriteInterval}: set 00:00:00.1 to 00:01:00.";
        if (MaxWaiting is < 1_000 or > 10_000_000) yield return $"ReceiptTimes:MaxWaiting is {MaxWaiting}: set 1000 to 10000000.";
    }
}
