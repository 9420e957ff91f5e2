using System.Buffers;
using System.Text;

namespace Chat.Domain.Links;

/// <summary>Tells whether a text links to an address (protocol-spec.md §8.16), by one walk over the text. Thread-safe.</summary>
internal static class LinkText
{
    /// <summary>What ends a sentence or closes what stands around a link, and is none of it at its end.</summary>
    private static readonly SearchValues<char> Endings = SearchValues.Create(".,;:!?'*_~)]}");

    private const string Separator = "://";

    /// <summary>
    /// Whether one of the links of the text is the address, with no more behind it than what may end one: what only begins like it, as
    /// https://bank.example.evil.example does like https://bank.example, is another page.
    /// </summary>
    public static bool Has(string text, string url)
    {
        for (int from = 0; (from = text.IndexOf("http", from, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            int end = EndOfLink(text, from);
            if (end < 0)
            {
                from++;
                continue;
            }

            ReadOnlySpan<char> link = text.AsSpan(from, end - from);
            if (link.StartsWith(url, StringComparison.Ordinal) && !link[url.Length..].ContainsAnyExcept(Endings)) return true;
            from = end;
        }

        return false;
    }

    /// <summary>Where the link that begins here ends, with all that may stand at its end; -1 when none begins here.</summary>
    private static int EndOfLink(string text, int start)
    {
        if (Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out Rune before, out _) == OperationStatus.Done
            && (Rune.IsLetter(before) || Rune.IsNumber(before)))
            return -1;

        int at = start + "http".Length;
        if (at < text.Length && text[at] is 's' or 'S') at++;
        if (string.CompareOrdinal(text, at, Separator, 0, Separator.Length) != 0) return -1;

        int first = at + Separator.Length, end = first;
        while (end < text.Length && !EndsLink(text[end])) end++;
        return end > first ? end : -1;
    }

    private static bool EndsLink(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || c is '\uFEFF' or '<' or '>' or '"' or '`';
}
