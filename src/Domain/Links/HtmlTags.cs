using System.Buffers;

namespace Chat.Domain.Links;

/// <summary>
/// Walks over the tags of HTML as its tokenizer does (WHATWG HTML 13.2.5), as far as what a head can hold needs it: no tree, no recursion, and
/// each step goes on behind the last one. Scripts that hide their own end in a comment are cut at that end.
/// </summary>
internal ref struct HtmlTags(ReadOnlySpan<char> html)
{
    private static readonly SearchValues<char> NameEnds = SearchValues.Create("\t\n\f\r />");
    private static readonly SearchValues<char> AttributeNameEnds = SearchValues.Create("\t\n\f\r />=");
    private static readonly SearchValues<char> ValueEnds = SearchValues.Create("\t\n\f\r >");

    private readonly ReadOnlySpan<char> _html = html;
    private ReadOnlySpan<char> _name;
    private ReadOnlySpan<char> _attributes;
    private int _at;

    /// <summary>It is an end tag.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>What follows is no markup up to the tag's own end.</summary>
    public readonly bool HasRawContent =>
        Is("script") || Is("style") || Is("textarea") || Is("noframes") || Is("iframe") || Is("xmp") || Is("noembed") || Is("template");

    /// <summary>Goes to the next tag that is complete; false at the end.</summary>
    public bool TryReadTag()
    {
        while (true)
        {
            int found = _html[_at..].IndexOf('<');
            if (found < 0) return false;
            _at += found + 1;
            ReadOnlySpan<char> rest = _html[_at..];
            if (rest.IsEmpty) return false;

            IsEnd = rest[0] == '/';
            if (IsEnd) rest = rest[1..];
            if (!rest.IsEmpty && char.IsAsciiLetter(rest[0])) return TryTakeTag(rest);
            if (IsEnd ? rest.IsEmpty : rest[0] is not ('!' or '?')) continue; // a "<" that is text
            if (!TrySkipComment(rest)) return false;
        }
    }

    public readonly bool Is(ReadOnlySpan<char> name) => _name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>What stands from here to the end of the element, as it is; the walk goes on behind it.</summary>
    public ReadOnlySpan<char> ReadRaw()
    {
        int start = _at;
        while (true)
        {
            int found = _html[_at..].IndexOf("</", StringComparison.Ordinal);
            if (found < 0)
            {
                _at = _html.Length;
                return _html[start..];
            }

            int end = _at + found;
            ReadOnlySpan<char> name = _html[(end + 2)..];
            _at = end + 2;
            bool isOwn = name.StartsWith(_name, StringComparison.OrdinalIgnoreCase) && name.Length > _name.Length && NameEnds.Contains(name[_name.Length]);
            if (!isOwn) continue;
            _at = end; // the end tag is read as one
            return _html[start..end];
        }
    }

    /// <summary>The raw value of the first attribute of that name; empty for none.</summary>
    public readonly ReadOnlySpan<char> Attribute(ReadOnlySpan<char> wanted)
    {
        ReadOnlySpan<char> rest = _attributes;
        while (TryReadAttribute(ref rest, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value))
            if (name.Equals(wanted, StringComparison.OrdinalIgnoreCase)) return value;
        return [];
    }

    private bool TryTakeTag(ReadOnlySpan<char> rest)
    {
        int nameChars = rest.IndexOfAny(NameEnds);
        if (nameChars < 0) return false; // cut in the middle of a tag
        _name = rest[..nameChars];
        ReadOnlySpan<char> attributes = rest[nameChars..], left = attributes;
        while (TryReadAttribute(ref left, out _, out _))
        {
        }

        if (left.IsEmpty) return false;
        _attributes = attributes[..(attributes.Length - left.Length + 1)]; // with the ">" that left begins with: it ends a value
        _at = _html.Length - left.Length + 1;
        return true;
    }

    /// <summary>Takes one attribute off; false at the tag's end, which stays, and where it is cut in the middle: then nothing is left.</summary>
    private static bool TryReadAttribute(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        name = value = [];
        rest = rest.TrimStart("\t\n\f\r /");
        if (rest.IsEmpty || rest[0] == '>') return false;

        int nameChars = rest[1..].IndexOfAny(AttributeNameEnds) + 1; // a "=" in front is a part of the name
        if (nameChars == 0) return Cut(ref rest);
        name = rest[..nameChars];
        ReadOnlySpan<char> after = rest[nameChars..].TrimStart("\t\n\f\r ");
        if (after.IsEmpty) return Cut(ref rest);
        if (after[0] != '=')
        {
            rest = after;
            return true;
        }

        after = after[1..].TrimStart("\t\n\f\r ");
        if (after.IsEmpty) return Cut(ref rest);
        char quote = after[0];
        bool isQuoted = quote is '"' or '\'';
        if (isQuoted) after = after[1..];
        int valueChars = isQuoted ? after.IndexOf(quote) : after.IndexOfAny(ValueEnds);
        if (valueChars < 0) return Cut(ref rest);
        value = after[..valueChars];
        rest = after[(isQuoted ? valueChars + 1 : valueChars)..];
        return true;
    }

    private static bool Cut(scoped ref ReadOnlySpan<char> rest)
    {
        rest = [];
        return false;
    }

    /// <summary>Behind a comment, a doctype, or what is none of all that.</summary>
    /// <param name="rest">Behind the "&lt;", or the "/".</param>
    private bool TrySkipComment(ReadOnlySpan<char> rest)
    {
        int end = IsEnd || !rest.StartsWith("!--") || rest[3..].StartsWith(">") || rest[3..].StartsWith("->")
            ? rest.IndexOf('>') // the last two: it ends before it began
            : EndOfComment(rest);
        if (end < 0) return false;
        _at = _html.Length - rest.Length + end + 1;
        return true;
    }

    /// <summary>Where its last character stands. Looks for both ends at once, or a page of comments would be walked through once for each.</summary>
    private static int EndOfComment(ReadOnlySpan<char> comment)
    {
        for (int at = 3; ;)
        {
            int found = comment[at..].IndexOf("--", StringComparison.Ordinal);
            if (found < 0) return -1;
            at += found + 1;
            ReadOnlySpan<char> behind = comment[(at + 1)..];
            if (behind.StartsWith(">")) return at + 1;
            if (behind.StartsWith("!>")) return at + 2;
        }
    }
}
