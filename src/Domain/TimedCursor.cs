using System.Globalization;

namespace Chat.Domain;

/// <summary>Where a page of a list by time goes on: Unix ms and what tells things of that time apart, with a dot between.</summary>
internal static class TimedCursor
{
    // The year 9999: beyond it a time of .NET ends, and no cursor of ours is made there.
    private const long MaxMs = 253_402_300_799_000;

    public static string Write(long atMs, string rest) => string.Create(CultureInfo.InvariantCulture, $"{atMs}.{rest}");

    public static string Write(long atMs, long id) => Write(atMs, id.ToString(CultureInfo.InvariantCulture));

    /// <summary>False for anything that <see cref="Write(long, string)"/> does not make; the rest is the caller's to judge.</summary>
    public static bool TryRead(string cursor, out long atMs, out string rest)
    {
        int dot = cursor.IndexOf('.', StringComparison.Ordinal);
        rest = cursor[(dot + 1)..];
        atMs = 0;
        return dot >= 0 && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out atMs) && atMs <= MaxMs;
    }

    /// <summary>The same where an id tells things of one time apart.</summary>
    public static bool TryRead(string cursor, out long atMs, out long id)
    {
        id = 0;
        return TryRead(cursor, out atMs, out string rest) && long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
