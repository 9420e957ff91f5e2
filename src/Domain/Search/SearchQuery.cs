using Chat.Storage.Search;

namespace Chat.Domain.Search;

/// <summary>
/// What somebody looks for: all of these words, the last one as the beginning of a word unless a space follows it; of a script without spaces
/// any part of a run. Immutable.
/// </summary>
internal sealed class SearchQuery
{
    public const int MaxChars = 256;
    public const int MaxWords = 16;

    /// <summary>Places of one text that are pointed out.</summary>
    public const int MaxHighlights = 50;

    private const int WholeWord = 4;
    private const int Neighbour = 3;
    private const int Beginning = 1;

    private readonly IReadOnlyList<Term> _terms;

    private SearchQuery(IReadOnlyList<Term> terms) => _terms = terms;

    /// <summary>There is no word in it.</summary>
    public bool IsEmpty => _terms.Count == 0;

    /// <summary>Reads what was typed; the failure says what is wrong with it.</summary>
    /// <param name="allPrefixes">Every word may be the beginning of one: for names.</param>
    public static Result<SearchQuery> Read(string? typed, bool allPrefixes = false)
    {
        string text = typed ?? "";
        if (text.Length > MaxChars)
            return Failures.Invalid("q", $"q has {text.Length} characters, at most {MaxChars} are allowed: look for less.");
        if (TextRules.HasLoneSurrogate(text) || text.Contains('\0', StringComparison.Ordinal))
            return Failures.Invalid("q", "q is not valid Unicode, or holds U+0000: send whole characters.");

        IReadOnlyList<FoldedWord> words = FoldedText.Of(text).Words;
        if (words.Count > MaxWords) return Failures.Invalid("q", $"q has {words.Count} words, at most {MaxWords} are allowed: look for less.");
        bool isOpen = text.Length > 0 && !char.IsWhiteSpace(text[^1]);
        List<Term> terms = [];
        for (int i = 0; i < words.Count; i++)
            terms.Add(new Term(words[i].IsRun ? words[i].Text : words[i].Key, words[i].IsRun, allPrefixes || (isOpen && i == words.Count - 1)));
        return new SearchQuery([.. terms.Distinct()]);
    }

    /// <summary>How the index is asked. It may find too much: <see cref="Match"/> judges what was found.</summary>
    /// <param name="others">Words that no text has, all of which are wanted.</param>
    /// <param name="anyOf">Words of which one is wanted.</param>
    public SearchPlan Plan(IReadOnlyList<string> others, IReadOnlyList<string> anyOf)
    {
        HashSet<string> words = new(others, StringComparer.Ordinal);
        string? prefix = null;
        foreach (Term term in _terms)
        {
            List<string> pairs = term.IsRun ? [.. new FoldedWord(0, term.Text, true).Pairs()] : [];
            if (term.IsRun && pairs.Count > 1) words.UnionWith(pairs.SkipLast(1));
            else if (term.IsRun || term.IsPrefix) prefix = term.Text.Length > (prefix?.Length ?? 0) ? term.Text : prefix;
            else words.Add(term.Text);
        }

        return new SearchPlan([.. words], prefix, anyOf);
    }

    /// <summary>The words of names that are wanted, all as beginnings.</summary>
    public IReadOnlyList<string> Beginnings() =>
        [.. _terms.SelectMany(term => term.IsRun && term.Text.EnumerateRunes().Count() > 1 ? new FoldedWord(0, term.Text, true).Pairs().SkipLast(1) : [term.Text]).Distinct()];

    /// <summary>Whether the text has all of it; where, and how well.</summary>
    /// <param name="beside">What is found with the text, without being pointed out: a file's name.</param>
    public SearchMatch? Match(string? text, string? beside)
    {
        if (IsEmpty) return new SearchMatch([], 0);
        FoldedText folded = FoldedText.Of(text ?? "");
        FoldedText other = FoldedText.Of(beside ?? "");
        List<TextRange> ranges = [];
        (int score, int last) = (0, -2);
        foreach (Term term in _terms)
        {
            int first = -1, best = 0;
            for (int i = 0; i < folded.Words.Count; i++)
            {
                foreach ((int start, int length, bool isWhole) in Find(term, folded.Words[i]))
                {
                    if (first < 0 || i == last + 1) first = i;
                    best = Math.Max(best, isWhole ? WholeWord : Beginning);
                    if (ranges.Count == MaxHighlights) break; // another hit in this word changes nothing
                    ranges.Add(folded.Locate(folded.Words[i], start, length));
                }
            }

            if (best == 0)
            {
                if (!other.Words.Any(word => Find(term, word).Any())) return null;
                best = Beginning;
            }
            else if (first == last + 1)
            {
                score += Neighbour;
            }

            score += best;
            last = first >= 0 ? first : last;
        }

        return new SearchMatch(Join(ranges), score);
    }

    /// <summary>Where in a word the term is: code points from its start, how many, and whether that is all of it.</summary>
    private static IEnumerable<(int Start, int Length, bool IsWhole)> Find(Term term, FoldedWord word)
    {
        if (term.IsRun != word.IsRun) yield break;
        if (!term.IsRun)
        {
            string key = word.Key;
            bool isWhole = string.Equals(key, term.Text, StringComparison.Ordinal);
            if (isWhole || (term.IsPrefix && key.StartsWith(term.Text, StringComparison.Ordinal)))
                yield return (0, CountRunes(isWhole ? word.Text : term.Text), isWhole);
            yield break;
        }

        int length = CountRunes(term.Text);
        (int start, int counted) = (0, 0);
        for (int at = word.Text.IndexOf(term.Text, StringComparison.Ordinal); at >= 0;
            at = word.Text.IndexOf(term.Text, at + term.Text.Length, StringComparison.Ordinal))
        {
            start += CountRunes(word.Text.AsSpan(counted, at - counted));
            counted = at;
            yield return (start, length, true);
        }
    }

    private static int CountRunes(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (System.Text.Rune _ in text.EnumerateRunes()) count++;
        return count;
    }

    /// <summary>In order, those that touch as one: as marks are.</summary>
    private static List<TextRange> Join(List<TextRange> ranges)
    {
        List<TextRange> joined = [];
        foreach (TextRange range in ranges.OrderBy(range => range.Start).ThenByDescending(range => range.Length))
        {
            if (joined.Count > 0 && range.Start <= joined[^1].Start + joined[^1].Length)
            {
                int end = Math.Max(joined[^1].Start + joined[^1].Length, range.Start + range.Length);
                joined[^1] = new TextRange(joined[^1].Start, end - joined[^1].Start);
            }
            else
            {
                joined.Add(range);
            }
        }

        return joined;
    }

    private sealed record Term(string Text, bool IsRun, bool IsPrefix);
}

/// <summary>That a text has what is looked for.</summary>
/// <param name="Highlights">Where, ascending and apart; at most <see cref="SearchQuery.MaxHighlights"/>.</param>
/// <param name="Score">Whole words count more than beginnings, words in the order that was typed more than others.</param>
internal sealed record SearchMatch(IReadOnlyList<TextRange> Highlights, int Score);
