using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Chat.Fuzz.Http;

/// <summary>Says whether bytes are exactly one acceptable WebSocket handshake of <c>/ws</c>: RFC 6455 §4.2.1 and promise 4.3 once more, in
/// another way than the parser's, and without its care for speed.</summary>
internal static partial class HandshakeOracle
{
    public static bool IsHandshake(byte[] input)
    {
        string text = Encoding.Latin1.GetString(input);
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || end + 4 != text.Length) return false;

        string[] lines = text[..end].Split("\r\n");
        if (!RequestLine().IsMatch(lines[0]) || lines[0].Length > 4096 || lines.Length > 65) return false;
        if (lines.Any(line => line.Length > 4096) || text.Length - lines[0].Length - 2 > 8192) return false;

        List<(string Name, string Value)> fields = [];
        foreach (string line in lines.Skip(1))
        {
            Match field = Field().Match(line);
            if (!field.Success) return false;
            fields.Add((field.Groups[1].Value.ToUpperInvariant(), field.Groups[2].Value));
        }

        string[] All(string name) => [.. fields.Where(field => field.Name == name).Select(field => field.Value)];
        return All("TRANSFER-ENCODING").Length == 0
            && All("CONTENT-LENGTH") is [] or ["0"]
            && All("HOST") is [var host] && IsHost(host)
            && All("UPGRADE") is [var upgrade] && upgrade.Equals("websocket", StringComparison.OrdinalIgnoreCase)
            && All("CONNECTION") is [var connection] && connection.Split(',').Any(IsUpgrade)
            && All("SEC-WEBSOCKET-VERSION") is ["13"]
            && All("SEC-WEBSOCKET-KEY") is [var key] && Key().IsMatch(key)
            && All("ORIGIN").Length <= 1;
    }

    /// <summary>Whether a page may connect: it is of the one that is allowed, or of this host; a program has no origin.</summary>
    public static bool IsAllowed(string? origin, string host, string allowed, bool isTls)
    {
        if (origin is null) return true;
        Match parts = Origin().Match(origin);
        if (!parts.Success || !IsHost(parts.Groups[2].Value)) return false;
        string scheme = parts.Groups[1].Value.ToLowerInvariant(), page = WithPort(parts.Groups[2].Value, scheme);
        if (scheme == "https" && page == WithPort(allowed["https://".Length..], scheme)) return true;
        return (scheme == "https" || (scheme == "http" && !isTls)) && page == WithPort(host, scheme);
    }

    private static string WithPort(string authority, string scheme)
    {
        Match parts = Host().Match(authority.ToLowerInvariant());
        string port = parts.Groups[2].Value.TrimStart('0');
        string usual = scheme switch { "https" or "wss" => "443", "http" or "ws" => "80", _ => "0" };
        return parts.Groups[1].Value + ":" + (port.Length > 0 ? port : usual);
    }

    private static bool IsUpgrade(string token) => token.Trim(' ', '\t').Equals("upgrade", StringComparison.OrdinalIgnoreCase);

    private static bool IsHost(string host)
    {
        Match parts = Host().Match(host);
        if (!parts.Success || host.Length > 260) return false;
        string port = parts.Groups[2].Value;
        return port.Length == 0
            || (long.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number is >= 1 and <= 65_535);
    }

    [GeneratedRegex(@"\AGET /ws(\?[!-~]*)? HTTP/1\.1\z")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\A([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*\z")]
    private static partial Regex Field();

    [GeneratedRegex(@"\A(\[[0-9a-fA-F:.]{2,}\]|[-._0-9A-Za-z]+)(?::([0-9]+))?\z")]
    private static partial Regex Host();

    [GeneratedRegex(@"\A([A-Za-z0-9+.-]+)://(.*)\z", RegexOptions.Singleline)]
    private static partial Regex Origin();

    [GeneratedRegex(@"\A[A-Za-z0-9+/]{21}[AQgw]==\z")]
    private static partial Regex Key();
}
