namespace Chat.Storage;

/// <summary>Times that people give, as the database keeps them.</summary>
internal static class FarTime
{
    // The largest time of .NET is stored as infinity, out of which no number comes back.
    private static readonly DateTime End = new(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc);

    /// <summary>In UTC, and not after the last second of the year 9999, which is for ever.</summary>
    public static DateTime Clamp(DateTimeOffset time) => time.UtcDateTime > End ? End : time.UtcDateTime;
}
