using System.Buffers;
using System.Net;
using System.Text;
using Chat.Server.Transport.Proxies;

namespace Chat.Server.Tests.Transport;

/// <summary>The headers are written down byte by byte from HAProxy's proxy-protocol.txt, not made by code of ours.</summary>
[Property("Promise", "4.3")]
public sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";
    private const string Ipv4 = Signature + "21" + "11" + "000C" + "CB007107" + "7F000001" + "DDD5" + "1F90";
    private const string Ipv6 = Signature + "21" + "21" + "0024" + "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002"
        + "DDD5" + "01BB";

    [TestCase(Ipv4, "203.0.113.7:56789")]
    [TestCase(Ipv6, "[2001:db8::1]:56789")]
    [TestCase(Signature + "21" + "11" + "0013" + "CB007107" + "7F000001" + "DDD5" + "1F90" + "04000400000000", "203.0.113.7:56789", Description = "with a field of the balancer's own")]
    [TestCase(Signature + "20" + "00" + "0000", null, Description = "LOCAL: a health check")]
    [TestCase(Signature + "20" + "11" + "000C" + "CB007107" + "7F000001" + "DDD5" + "1F90", null, Description = "LOCAL: its addresses are not believed")]
    [TestCase(Signature + "21" + "00" + "0000", null, Description = "PROXY of something unknown")]
    public void A_binary_header_names_the_client(string hex, string? client) => AssertComplete(Convert.FromHexString(hex), client);

    [TestCase("PROXY TCP4 203.0.113.7 127.0.0.1 56789 8080\r\n", "203.0.113.7:56789")]
    [TestCase("PROXY TCP6 2001:db8::1 2001:db8::2 56789 443\r\n", "[2001:db8::1]:56789")]
    [TestCase("PROXY UNKNOWN\r\n", null)]
    [TestCase("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", null)]
    public void A_text_header_names_the_client(string text, string? client) => AssertComplete(Encoding.ASCII.GetBytes(text), client);

    [TestCase("GET /ws HTTP/1.1\r\n")]
    [TestCase("PROXY TCP4 203.0.113.7 127.0.0.1 56789\r\n")]
    [TestCase("PROXY TCP4 203.0.113.7 127.0.0.1 56789 65536\r\n")]
    [TestCase("PROXY TCP4 203.0.113.7 127.0.0.1 -1 80\r\n")]
    [TestCase("PROXY TCP4 nobody 127.0.0.1 1 80\r\n")]
    [TestCase("PROXY  TCP4 203.0.113.7 127.0.0.1 56789 8080\r\n")]
    [TestCase("PROXY UDP4 203.0.113.7 127.0.0.1 56789 8080\r\n")]
    [TestCase("proxy TCP4 203.0.113.7 127.0.0.1 56789 8080\r\n")]
    public void Another_text_is_refused(string text) => AssertInvalid(Encoding.ASCII.GetBytes(text));

    [Test]
    public void A_text_header_without_an_end_is_refused_at_its_longest_length() =>
        AssertInvalid(Encoding.ASCII.GetBytes("PROXY TCP4 " + new string('1', 107 - 11)));

    [TestCase(Signature + "11" + "11" + "0000", Description = "version 1 in binary")]
    [TestCase(Signature + "22" + "11" + "0000", Description = "a command there is not")]
    [TestCase(Signature + "21" + "12" + "000C" + "CB007107" + "7F000001" + "DDD5" + "1F90", Description = "UDP")]
    [TestCase(Signature + "21" + "11" + "000B" + "CB007107" + "7F000001" + "DDD5" + "1F", Description = "shorter than its addresses")]
    [TestCase(Signature + "21" + "11" + "FFFF", Description = "longer than we read")]
    [TestCase("0D0A0D0A000D0A515549540B", Description = "another signature")]
    public void Another_binary_header_is_refused(string hex) => AssertInvalid(Convert.FromHexString(hex));

    private static void AssertComplete(byte[] header, string? client)
    {
        byte[] bytes = [.. header, .. "GET / HTTP/1.1\r\n\r\n"u8];
        for (int chunk = 1; chunk <= bytes.Length; chunk += 3)
        {
            Assert.That(
                ProxyHeader.TryRead(Chunks.Of(bytes, chunk), out int length, out IPEndPoint? source),
                Is.EqualTo(ProxyHeaderResult.Complete));
            Assert.That(length, Is.EqualTo(header.Length));
            Assert.That(source?.ToString(), Is.EqualTo(client));
        }

        for (int cut = 0; cut < header.Length; cut++)
        {
            ProxyHeaderResult part = ProxyHeader.TryRead(new ReadOnlySequence<byte>(header, 0, cut), out int length, out _);
            Assert.That((part, length), Is.EqualTo((ProxyHeaderResult.NeedMoreData, 0)), $"cut at {cut}");
        }
    }

    private static void AssertInvalid(byte[] bytes)
    {
        Assert.That(ProxyHeader.TryRead(new ReadOnlySequence<byte>(bytes), out _, out _), Is.EqualTo(ProxyHeaderResult.Invalid));
    }
}
