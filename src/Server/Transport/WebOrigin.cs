using System.Buffers;
using System.Globalization;

namespace Chat.Server.Transport;

/// <summary>One web origin (RFC 6454): scheme and host in lower case, port always a number.</summary>
internal sealed record WebOrigin(string Scheme, string Host, int Port)
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> Address6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads <c>scheme://host[:port]</c>; null for anything else: "null", a path, user info, a list, non-ASCII.</summary>
    public static WebOrigin? TryParse(string text)
    {
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0) return null;

        string scheme = text[..colon].ToLowerInvariant();
        foreach (char c in scheme)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')) return null;
        }

        int defaultPort = scheme switch { "http" or "ws" => 80, "https" or "wss" => 443, _ => 0 };
        return TryParseAuthority(text.AsSpan(colon + 3), defaultPort, out string host, out int port) ? new WebOrigin(scheme, host, port) : null;
    }

    /// <summary>Whether <paramref name="hostField"/> (a Host field) names this origin's host and port; a missing port is the scheme's
    /// own.</summary>
    public bool IsAt(string hostField)
    {
        int defaultPort = Scheme == "https" ? 443 : 80;
        return TryParseAuthority(hostField, defaultPort, out string host, out int port) && host == Host && port == Port;
    }

    /// <summary>Whether <paramref name="hostField"/> is a plain <c>host[:port]</c>.</summary>
    public static bool IsAuthority(ReadOnlySpan<char> hostField) => TryParseAuthority(hostField, 80, out _, out _);

    private static bool TryParseAuthority(ReadOnlySpan<char> text, int defaultPort, out string host, out int port)
    {
        (host, port) = ("", defaultPort);
        bool isAddress6 = text.StartsWith('[');
        int nameEnd = isAddress6 ? text.IndexOf(']') + 1 : text.IndexOf(':') < 0 ? text.Length : text.IndexOf(':');
        ReadOnlySpan<char> name = text[..nameEnd], rest = text[nameEnd..];
        bool isName = isAddress6
            ? name.Length > 3 && !name[1..^1].ContainsAnyExcept(Address6Characters)
            : !name.IsEmpty && !name.ContainsAnyExcept(NameCharacters);
        if (!isName) return false;
        if (rest.IsEmpty) return Finish(name, out host);
        if (rest[0] != ':' || !int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port)) return false;
        return port is >= 1 and <= 65_535 && Finish(name, out host);
    }

    private static bool Finish(ReadOnlySpan<char> name, out string host)
    {
        host = name.ToString().ToLowerInvariant();
        return true;
    }
}
