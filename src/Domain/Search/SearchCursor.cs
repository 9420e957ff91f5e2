using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Chat.Storage.Search;

namespace Chat.Domain.Search;

/// <summary>
/// Where a search goes on. It names places and no rights: whatever it says, only what the asker sees is found.
/// </summary>
/// <param name="BelowChat">The chats looked through at the moment have lower ids.</param>
/// <param name="FromChat">And not lower ones than this; null: not settled yet.</param>
/// <param name="After">What comes behind this place in them.</param>
/// <param name="Ranked">In a ranked search: of the matches behind <paramref name="After"/>, those that rank behind this one.</param>
internal sealed record SearchCursor(long BelowChat, long? FromChat, SearchPlace After, RankedPlace? Ranked = null)
{
    public static readonly SearchCursor Start = new(long.MaxValue, null, SearchPlace.Start);

    private const int Parts = 5;
    private const int RankedParts = 9;

    public override string ToString()
    {
        string plain = string.Create(
            CultureInfo.InvariantCulture, $"{BelowChat}.{FromChat ?? 0}.{After.SentAtMs}.{After.ChatId}.{After.Sequence}");
        return Ranked is { } rank
            ? string.Create(CultureInfo.InvariantCulture, $"{plain}.{rank.Score}.{rank.Place.SentAtMs}.{rank.Place.ChatId}.{rank.Place.Sequence}")
            : plain;
    }

    public static bool TryRead(string? text, [NotNullWhen(true)] out SearchCursor? cursor)
    {
        cursor = Start;
        if (string.IsNullOrEmpty(text)) return true;
        cursor = null;
        string[] parts = text.Split('.');
        if (parts.Length is not (Parts or RankedParts)) return false;
        long[] numbers = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;

        RankedPlace? rank = parts.Length == RankedParts ? new RankedPlace(numbers[5], new SearchPlace(numbers[6], numbers[7], numbers[8])) : null;
        cursor = new SearchCursor(numbers[0], numbers[1] == 0 ? null : numbers[1], new SearchPlace(numbers[2], numbers[3], numbers[4]), rank);
        return true;
    }
}

/// <summary>A match's place among ranked ones: the highest score first, then as without ranks.</summary>
internal readonly record struct RankedPlace(long Score, SearchPlace Place) : IComparable<RankedPlace>
{
    public int CompareTo(RankedPlace other)
    {
        int byScore = other.Score.CompareTo(Score);
        return byScore != 0 ? byScore : Place.CompareTo(other.Place);
    }
}
