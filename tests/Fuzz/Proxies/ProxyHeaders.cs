using System.Buffers.Binary;
using System.Text;
using Chat.Fuzz.Engine;

namespace Chat.Fuzz.Proxies;

/// <summary>Makes what a balancer may put in front of a connection, right and wrong: both versions of the PROXY protocol.</summary>
internal static class ProxyHeaders
{
    private static readonly string[] Families = ["TCP4", "TCP6", "UNKNOWN", "UDP4", "tcp4", ""];
    private static readonly string[] Addresses =
    [
        "203.0.113.7", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::ffff:1.2.3.4", "FE80::1", "1:2:3:4:5:6:7:8",
        "256.0.0.1", "1.2.3", "1", "01.2.3.4", "0x7f.1", "1.2.3.4 ", "[::1]", "[::1]:80", "fe80::1%1", "::g", ":::", "", "nobody", "é",
    ];

    private static readonly string[] Ports =
    [
        "0", "1", "80", "56789", "65535", "65536",
        "00", "080", "+80", "-1", "", "80\0", "8 0", "99999999999",
    ];
    private static readonly string[] LineEnds = ["\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n", ""];
    private static readonly int[] Commands = [0x20, 0x21, 0x21, 0x21, 0x22, 0x2F, 0x11, 0x01];
    private static readonly int[] BinaryFamilies = [0x00, 0x11, 0x11, 0x21, 0x21, 0x12, 0x31, 0xFF];
    private static readonly int[] Lengths = [0, 1, 11, 12, 13, 35, 36, 37, 216, 1_023, 1_024, 1_025, 65_535];

    public static byte[] Make(FuzzRandom random, IReadOnlyList<byte[]> corpus)
    {
        byte[] header = random.Once(10) && corpus.Count > 0 ? random.Pick(corpus) : random.Once(2) ? Binary(random) : Text(random);
        if (random.Once(12)) header = header[..random.Next(header.Length + 1)];
        return random.Once(4) ? Mutator.Change(header, random, header) : header;
    }

    private static byte[] Text(FuzzRandom random)
    {
        bool isIpv4 = random.Once(2), isOdd = random.Once(2);
        string Address() => isOdd && random.Once(4) ? random.Pick(Addresses) : isIpv4 ? "203.0.113.7" : "2001:db8::1";
        string Port() => isOdd && random.Once(4) ? random.Pick(Ports) : "56789";
        string family = isOdd && random.Once(3) ? random.Pick(Families) : isIpv4 ? "TCP4" : "TCP6";
        List<string> words = ["PROXY", family, Address(), Address(), Port(), Port()];
        if (isOdd && random.Once(6)) words.RemoveAt(random.Next(words.Count));
        if (isOdd && random.Once(6)) words.Insert(random.Next(words.Count + 1), "x");
        if (isOdd && random.Once(8)) words.Add(new string('x', random.Next(30, 80))); // around the longest line
        string line = string.Join(' ', words) + (isOdd ? random.Pick(LineEnds) : "\r\n");
        return Encoding.Latin1.GetBytes(line + (random.Once(3) ? "GET / HTTP/1.1\r\n\r\n" : ""));
    }

    private static byte[] Binary(FuzzRandom random)
    {
        bool isOdd = random.Once(2), isIpv4 = random.Once(2);
        int command = isOdd ? random.Pick(Commands) : 0x21;
        int family = isOdd ? random.Pick(BinaryFamilies) : isIpv4 ? 0x11 : 0x21;
        int length = isOdd ? random.Pick(Lengths) : (isIpv4 ? 12 : 36) + random.Next(20);
        byte[] header = [.. "\r\n\r\n\0\r\nQUIT\n"u8, (byte)command, (byte)family, 0, 0, .. random.Bytes(Math.Min(length, 1_100))];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)length);
        return random.Once(3) ? [.. header, .. "GET / HTTP/1.1\r\n\r\n"u8] : header;
    }
}
