using System.Globalization;
using System.Text;

namespace Chat.Domain.Search;

/// <summary>
/// A text as search compares it: without accents and case, compatibility forms as plain ones (full width, ligatures), whatever the culture and
/// however composed; cut into words. The same for texts, names and queries, which is why there is one of it. Of each code point it knows
/// where in the original it came from. Immutable.
/// </summary>
internal sealed class FoldedText
{
    /// <summary>Code points of a word that are looked at; what is longer is no word of a language.</summary>
    public const int MaxWordLength = 64;

    private readonly List<Rune> _runes = [];
    private readonly List<Place> _places = [];

    private FoldedText(string text)
    {
        List<Rune> folded = [];
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            folded.Clear();
            FoldingTable.Fold(rune, folded);
            foreach (Rune one in folded) Add(one, at, rune.Utf16SequenceLength);
            // What is dropped belongs to what it stands behind: a highlight does not part a letter from its accent.
            if (folded.Count == 0 && _places.Count > 0 && _places[^1].End == at) _places[^1] = _places[^1] with { End = at + rune.Utf16SequenceLength };
            at += rune.Utf16SequenceLength;
        }

        Words = Cut();
    }

    public IReadOnlyList<FoldedWord> Words { get; }

    public static FoldedText Of(string text) => new(text);

    /// <summary>Where a part of a word stands in the original, in UTF-16 units; whole characters.</summary>
    public TextRange Locate(FoldedWord word, int start, int length)
    {
        int from = _places[word.Start + start].Start;
        return new TextRange(from, _places[word.Start + start + length - 1].End - from);
    }

    private void Add(Rune rune, int start, int length)
    {
        if (_runes.Count > 0 && FoldingTable.TryCompose(_runes[^1], rune, out Rune composed))
        {
            _runes[^1] = composed;
            _places[^1] = _places[^1] with { End = start + length };
            return;
        }

        _runes.Add(rune);
        _places.Add(new Place(start, start + length));
    }

    private List<FoldedWord> Cut()
    {
        List<FoldedWord> words = [];
        int start = 0;
        Part current = Part.None;
        for (int i = 0; i <= _runes.Count; i++)
        {
            Part part = i == _runes.Count ? Part.None : PartOf(_runes[i], current);
            if (part == current) continue;
            if (current != Part.None) words.Add(new FoldedWord(start, Text(start, i), current == Part.Run));
            (start, current) = (i, part);
        }

        return words;
    }

    private string Text(int from, int to)
    {
        StringBuilder text = new(to - from);
        foreach (Rune rune in _runes[from..to]) text.Append(rune.ToString());
        return text.ToString();
    }

    private static Part PartOf(Rune rune, Part before)
    {
        if (IsWithoutSpaces(rune)) return Part.Run;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber => Part.Word,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => before,
            _ => Part.None,
        };
    }

    /// <summary>Scripts that put no space between words: Thai, Lao, Tibetan, Myanmar, Khmer and their neighbours, kana, Bopomofo, Han.</summary>
    private static bool IsWithoutSpaces(Rune rune) => rune.Value switch
    {
        >= 0x0E00 and <= 0x0EFF => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.OtherPunctuation or UnicodeCategory.CurrencySymbol),
        >= 0x0F40 and <= 0x0FBC => true,
        >= 0x1000 and <= 0x109F => Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherPunctuation,
        >= 0x1780 and <= 0x17D3 => true,
        >= 0x1950 and <= 0x19DF or >= 0x1A20 and <= 0x1AAD or >= 0xAA60 and <= 0xAADF => true,
        0x3005 or 0x3007 or >= 0x3041 and <= 0x3096 or >= 0x309D and <= 0x309F or >= 0x30A1 and <= 0x30FA or >= 0x30FC and <= 0x30FF => true,
        >= 0x3105 and <= 0x312F or >= 0x31A0 and <= 0x31BF or >= 0x31F0 and <= 0x31FF => true,
        >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF => true,
        _ => false,
    };

    private enum Part : byte
    {
        None,
        Word,
        Run,
    }

    private readonly record struct Place(int Start, int End);
}

/// <summary>A part of a text, in UTF-16 units, as marks are (protocol-spec.md §6.35).</summary>
public readonly record struct TextRange(int Start, int Length);

/// <summary>A word, or a run of a script without spaces.</summary>
/// <param name="Start">Its first code point in the folded text.</param>
/// <param name="Text">Folded.</param>
/// <param name="IsRun">Any part of it may be meant.</param>
internal readonly record struct FoldedWord(int Start, string Text, bool IsRun)
{
    /// <summary>The word as it is compared: its beginning, if it is very long.</summary>
    public string Key => Cut(Text, FoldedText.MaxWordLength);

    /// <summary>
    /// What a run is found by: every two neighbours, and the last one alone; so any part of it is the beginning of one of them, or several.
    /// </summary>
    public IEnumerable<string> Pairs()
    {
        Rune? before = null;
        foreach (Rune rune in Text.EnumerateRunes())
        {
            if (before is { } first) yield return $"{first}{rune}";
            before = rune;
        }

        if (before is { } last) yield return last.ToString();
    }

    private static string Cut(string text, int runes)
    {
        if (text.Length <= runes) return text;
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (runes-- == 0) return text[..at];
            at += rune.Utf16SequenceLength;
        }

        return text;
    }
}
