using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chat.Server.Transport.Proxies;

/// <summary>What became of a look at the first bytes of a connection.</summary>
internal enum ProxyHeaderResult : byte
{
    Complete,
    NeedMoreData,
    Invalid,
}

/// <summary>
/// Reads what a balancer puts in front of a connection: the PROXY protocol of HAProxy (proxy-protocol.txt), versions 1 (text) and 2
/// (binary). Pure.
/// </summary>
internal static class ProxyHeader
{
    private const int MaxTextBytes = 107; // proxy-protocol.txt §2.1, the line end included
    private const int BinaryFixedBytes = 16;
    private const int MaxBinaryBytes = BinaryFixedBytes + 1_024; // addresses and a balancer's own fields

    private static readonly SearchValues<char> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> TextStart => "PROXY "u8;

    /// <param name="buffer">From the first byte of the connection on.</param>
    /// <param name="bytes">Length of the header; only of a complete one.</param>
    /// <param name="source">The client, or null when the balancer speaks for itself or does not know.</param>
    public static ProxyHeaderResult TryRead(in ReadOnlySequence<byte> buffer, out int bytes, out IPEndPoint? source)
    {
        (bytes, source) = (0, null);
        Span<byte> head = stackalloc byte[MaxBinaryBytes];
        int length = (int)Math.Min(buffer.Length, head.Length);
        buffer.Slice(0, length).CopyTo(head);
        head = head[..length];
        if (head.IsEmpty) return ProxyHeaderResult.NeedMoreData;
        return head[0] == Signature[0] ? ReadBinary(head, out bytes, out source) : ReadText(head, out bytes, out source);
    }

    private static ProxyHeaderResult ReadBinary(ReadOnlySpan<byte> head, out int bytes, out IPEndPoint? source)
    {
        (bytes, source) = (0, null);
        if (!head.StartsWith(Signature[..Math.Min(head.Length, Signature.Length)])) return ProxyHeaderResult.Invalid;
        if (head.Length < BinaryFixedBytes) return ProxyHeaderResult.NeedMoreData;

        byte versionAndCommand = head[12], family = head[13];
        int bodyBytes = BinaryPrimitives.ReadUInt16BigEndian(head[14..]);
        if (versionAndCommand >> 4 != 2 || (versionAndCommand & 15) > 1 || BinaryFixedBytes + bodyBytes > MaxBinaryBytes)
            return ProxyHeaderResult.Invalid;
        if (head.Length < BinaryFixedBytes + bodyBytes) return ProxyHeaderResult.NeedMoreData;

        bytes = BinaryFixedBytes + bodyBytes;
        ReadOnlySpan<byte> body = head.Slice(BinaryFixedBytes, bodyBytes);
        if ((versionAndCommand & 15) == 0) return ProxyHeaderResult.Complete; // LOCAL: a health check of the balancer's own

        switch (family)
        {
            case 0x11 when bodyBytes >= 12: // TCP over IPv4: two addresses, two ports
                source = new IPEndPoint(new IPAddress(body[..4]), BinaryPrimitives.ReadUInt16BigEndian(body[8..]));
                return ProxyHeaderResult.Complete;
            case 0x21 when bodyBytes >= 36: // TCP over IPv6
                source = new IPEndPoint(new IPAddress(body[..16]), BinaryPrimitives.ReadUInt16BigEndian(body[32..]));
                return ProxyHeaderResult.Complete;
            case 0x00:
                return ProxyHeaderResult.Complete; // the balancer does not know
            default:
                return ProxyHeaderResult.Invalid;
        }
    }

    private static ProxyHeaderResult ReadText(ReadOnlySpan<byte> head, out int bytes, out IPEndPoint? source)
    {
        (bytes, source) = (0, null);
        if (!head.StartsWith(TextStart[..Math.Min(head.Length, TextStart.Length)])) return ProxyHeaderResult.Invalid;
        int end = head.IndexOf("\r\n"u8);
        if (end < 0) return head.Length < MaxTextBytes ? ProxyHeaderResult.NeedMoreData : ProxyHeaderResult.Invalid;
        if (end + 2 > MaxTextBytes) return ProxyHeaderResult.Invalid;

        bytes = end + 2;
        string[] words = Encoding.ASCII.GetString(head[..end]).Split(' ');
        if (words is ["PROXY", "UNKNOWN", ..]) return ProxyHeaderResult.Complete;
        bool isSound = words is ["PROXY", "TCP4" or "TCP6", _, _, _, _]
            && TryReadAddress(words[2], words[1], out IPAddress? address) && TryReadAddress(words[3], words[1], out _)
            && TryReadPort(words[4], out int port) && TryReadPort(words[5], out _)
            && (source = new IPEndPoint(address, port)) is not null;
        return isSound ? ProxyHeaderResult.Complete : ProxyHeaderResult.Invalid;
    }

    // As §2.1 writes them. IPAddress alone would also take "1", "0x7f.1", "01.2.3.4", "[::1]:80" and a scope, and either family.
    private static bool TryReadAddress(string word, string family, [NotNullWhen(true)] out IPAddress? address)
    {
        if (!IPAddress.TryParse(word, out address)) return false;
        return family == "TCP4"
            ? address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == word
            : address.AddressFamily == AddressFamily.InterNetworkV6 && !word.AsSpan().ContainsAnyExcept(Ipv6Characters);
    }

    private static bool TryReadPort(string word, out int port)
    {
        port = 0;
        if (word.Length is 0 or > 5 || (word.Length > 1 && word[0] == '0')) return false;
        foreach (char digit in word)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            port = (port * 10) + (digit - '0');
        }

        return port <= 65_535;
    }
}
