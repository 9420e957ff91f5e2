using System.Text;
using Chat.Domain.Links;

namespace Chat.Server.Links;

/// <summary>
/// Notices when the head of a page has come whole, however it comes in pieces. Looks at each byte once for a tag that may end it, and has the page
/// read only where there is one: in a script or a comment it ends nothing. Not thread-safe.
/// </summary>
/// <param name="charset">What the page's Content-Type says.</param>
internal sealed class HeadEnd(string? charset)
{
    /// <summary>The longer name with its "&lt;", and what ends it.</summary>
    private const int MarkBytes = 7;

    /// <summary>A page that has more such tags in what is no markup is read again only each time it has doubled, or it could be many times.</summary>
    private const int FreeReadings = 16;

    private int _seen;
    private int _readings;
    private int _readAgainAt;
    private bool _isOpen;

    /// <param name="html">The page as far as it has come, from its beginning.</param>
    public bool IsIn(ReadOnlySpan<byte> html)
    {
        int mark = LastMark(html, Math.Max(0, _seen - MarkBytes + 1), out int first);
        int from = _isOpen ? _seen : first;
        _seen = html.Length;
        if (from < 0) return false;

        int closed = html[from..].LastIndexOf((byte)'>');
        _isOpen = closed < 0 || mark > from + closed; // the tag goes on in what is to come
        return closed >= 0 && MayRead(html.Length) && PageCard.HasWholeHead(html, charset);
    }

    private static int LastMark(ReadOnlySpan<byte> html, int from, out int first)
    {
        first = -1;
        int last = -1;
        for (int found; (found = html[from..].IndexOf((byte)'<')) >= 0; from += found + 1)
        {
            if (!IsMark(html[(from + found)..])) continue;
            last = from + found;
            if (first < 0) first = last;
        }

        return last;
    }

    private static bool IsMark(ReadOnlySpan<byte> tag) => Begins(tag, "</head"u8) || Begins(tag, "<body"u8);

    private static bool Begins(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> name) =>
        tag.Length > name.Length && Ascii.EqualsIgnoreCase(tag[..name.Length], name) && tag[name.Length] is (byte)'>' or (byte)'/' or (byte)' ' or (>= 9 and <= 13);

    private bool MayRead(int length)
    {
        if (_readings >= FreeReadings && length < _readAgainAt) return false;
        _readings++;
        _readAgainAt = 2 * length;
        return true;
    }
}
