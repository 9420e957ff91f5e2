using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Chat.Server.Transport.Proxies;

namespace Chat.Fuzz.Proxies;

/// <summary>What proxy-protocol.txt says about a connection's beginning, in its own words: a pattern for text, a table for binary.</summary>
internal static partial class ProxyHeaderOracle
{
    private const int LongestLine = 107;
    private const string Number = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private const string Address4 = "(" + Number + @"(?:\." + Number + "){3})";
    private const string Address6 = "((?=[^ ]*:)[0-9a-fA-F:.]+)";
    private const string Ports = @" (0|[1-9][0-9]{0,4}) (0|[1-9][0-9]{0,4})\z";
    private const int LongestBody = 1_024; // our limit; the protocol has 65,535

    /// <summary>The verdict; the header's length and the client's address, where it is complete and names one.</summary>
    public static (ProxyHeaderResult Result, int Bytes, string? Source) Judge(byte[] input)
    {
        if (input.Length == 0) return (ProxyHeaderResult.NeedMoreData, 0, null);
        return input[0] == '\r' ? JudgeBinary(input) : JudgeText(Encoding.Latin1.GetString(input));
    }

    private static (ProxyHeaderResult, int, string?) JudgeText(string input)
    {
        const string start = "PROXY ";
        string begin = input[..Math.Min(input.Length, start.Length)];
        if (!start.StartsWith(begin, StringComparison.Ordinal)) return (ProxyHeaderResult.Invalid, 0, null);
        string window = input[..Math.Min(input.Length, LongestLine)];
        int bytes = window.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        if (bytes < 2) return (input.Length < LongestLine ? ProxyHeaderResult.NeedMoreData : ProxyHeaderResult.Invalid, 0, null);

        string line = window[..(bytes - 2)];
        if (Unknown().IsMatch(line)) return (ProxyHeaderResult.Complete, bytes, null);
        Match named = Ipv4().Match(line) is { Success: true } ipv4 ? ipv4 : Ipv6().Match(line);
        bool isNamed = named.Success
            && IsPort(named.Groups[3].Value) && IsPort(named.Groups[4].Value)
            && IPAddress.TryParse(named.Groups[1].Value, out _) && IPAddress.TryParse(named.Groups[2].Value, out _);
        if (!isNamed) return (ProxyHeaderResult.Invalid, 0, null);
        IPEndPoint source = new(IPAddress.Parse(named.Groups[1].Value), int.Parse(named.Groups[3].Value, CultureInfo.InvariantCulture));
        return (ProxyHeaderResult.Complete, bytes, source.ToString());
    }

    private static (ProxyHeaderResult, int, string?) JudgeBinary(byte[] input)
    {
        byte[] signature = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10];
        for (int i = 0; i < signature.Length && i < input.Length; i++)
            if (input[i] != signature[i]) return (ProxyHeaderResult.Invalid, 0, null);
        if (input.Length < 16) return (ProxyHeaderResult.NeedMoreData, 0, null);

        int body = (input[14] * 256) + input[15], addresses = input[13] switch { 0x00 => 0, 0x11 => 12, 0x21 => 36, _ => int.MaxValue };
        bool isLocal = input[12] == 0x20, isProxy = input[12] == 0x21;
        if (!(isLocal || isProxy) || body > LongestBody) return (ProxyHeaderResult.Invalid, 0, null);
        if (input.Length < 16 + body) return (ProxyHeaderResult.NeedMoreData, 0, null);
        if (isLocal || addresses == 0) return (ProxyHeaderResult.Complete, 16 + body, null);
        if (addresses > body) return (ProxyHeaderResult.Invalid, 0, null);

        int width = addresses == 12 ? 4 : 16, port = (input[16 + (2 * width)] * 256) + input[17 + (2 * width)];
        IPAddress address = new(input.AsSpan(16, width));
        return (ProxyHeaderResult.Complete, 16 + body, new IPEndPoint(address, port).ToString());
    }

    private static bool IsPort(string text) => int.Parse(text, CultureInfo.InvariantCulture) <= 65_535;

    [GeneratedRegex(@"\APROXY UNKNOWN( |\z)")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"\APROXY TCP4 " + Address4 + " " + Address4 + Ports)]
    private static partial Regex Ipv4();

    [GeneratedRegex(@"\APROXY TCP6 " + Address6 + " " + Address6 + Ports)]
    private static partial Regex Ipv6();
}
