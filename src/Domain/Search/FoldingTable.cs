using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Chat.Domain.Search;

/// <summary>
/// What single code points become when text is folded. The process runs without a culture's data, so <c>string.Normalize</c> does nothing; this
/// is what is needed of it, the same on every machine. From folding.txt, which says how it was made. Immutable.
/// </summary>
internal static class FoldingTable
{
    private const int HangulBase = 0xAC00;
    private const int HangulCount = 11_172;
    private const int VowelsAndTails = 588;
    private const int Tails = 28;

    private static readonly FrozenDictionary<int, Rune[]> Changed;
    private static readonly FrozenDictionary<(int, int), Rune> Composed;

    static FoldingTable()
    {
        Dictionary<int, Rune[]> changed = [];
        Dictionary<(int, int), Rune> composed = [];
        using var reader = new StreamReader(typeof(FoldingTable).Assembly.GetManifestResourceStream("Chat.Domain.Search.folding.txt")!, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            string[] parts = line.Split(' ');
            if (parts[0] == "+") composed.Add((Hex(parts[1]), Hex(parts[2])), new Rune(Hex(parts[3])));
            else changed.Add(Hex(parts[0]), [.. parts.Skip(1).Select(part => new Rune(Hex(part)))]);
        }

        (Changed, Composed) = (changed.ToFrozenDictionary(), composed.ToFrozenDictionary());
    }

    /// <summary>Appends what a code point becomes: itself in lower case, others, or nothing.</summary>
    public static void Fold(Rune rune, List<Rune> into)
    {
        if (rune.IsAscii)
        {
            into.Add(Rune.ToLowerInvariant(rune));
        }
        else if (rune.Value - HangulBase is >= 0 and < HangulCount and var syllable)
        {
            // The three letters of a syllable (Unicode 3.12): typing ends in the middle of one.
            into.Add(new Rune(0x1100 + (syllable / VowelsAndTails)));
            into.Add(new Rune(0x1161 + (syllable % VowelsAndTails / Tails)));
            if (syllable % Tails > 0) into.Add(new Rune(0x11A7 + (syllable % Tails)));
        }
        else if (Changed.TryGetValue(rune.Value, out Rune[]? others))
        {
            into.AddRange(others);
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>The kana that a base and a voicing mark make up, however they were written.</summary>
    public static bool TryCompose(Rune first, Rune mark, out Rune one) => Composed.TryGetValue((first.Value, mark.Value), out one);

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
