using System.Globalization;
using System.Text;

namespace Chat.Domain.Links;

/// <summary>Makes one line that can be shown out of what a page says.</summary>
internal static class PageText
{
    public const int MaxTitle = 200;
    public const int MaxDescription = 500;
    public const int MaxSiteName = 100;

    /// <summary>
    /// Without controls and what turns the direction of writing, white space folded, valid Unicode, and cut before a character as people see it.
    /// Null for what is empty then.
    /// </summary>
    /// <param name="maxChars">UTF-16 units.</param>
    public static string? Clean(string? text, int maxChars)
    {
        if (string.IsNullOrEmpty(text)) return null;
        StringBuilder line = new(Math.Min(text.Length, 1024));
        bool hasGap = false;
        foreach (Rune rune in text.EnumerateRunes()) // a lone surrogate comes as U+FFFD
        {
            if (Rune.IsWhiteSpace(rune))
            {
                hasGap = line.Length > 0;
                continue;
            }

            if (IsUnseen(rune)) continue;
            if (hasGap) line.Append(' ');
            hasGap = false;
            line.Append(rune);
            if (line.Length > 2 * maxChars) break; // enough to see where the last character that fits ends
        }

        string cleaned = Cut(line.ToString(), maxChars);
        return cleaned.Length > 0 ? cleaned : null;
    }

    /// <summary>Joiners stay, emoji and scripts are made with them.</summary>
    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is 0x061C or 0x200B or 0x200E or 0x200F or >= 0x202A and <= 0x202E or >= 0x2060 and <= 0x206F or 0xFEFF or >= 0xFFF9 and <= 0xFFFB
        || (rune.Value & 0xFFFE) == 0xFFFE; // of no plane a character

    private static string Cut(string text, int maxChars)
    {
        if (text.Length <= maxChars) return text;
        int end = 0;
        while (true)
        {
            int next = end + StringInfo.GetNextTextElementLength(text, end);
            if (next > maxChars) return text[..end].TrimEnd();
            end = next;
        }
    }
}
