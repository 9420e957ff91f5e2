using System.Buffers;
using System.Text;
using Chat.Server.Transport;

namespace Chat.Server.Tests.Transport;

[Property("Promise", "4.3")]
public sealed class HandshakeParserTests
{
    private const string Good = "GET /ws HTTP/1.1\r\nHost: chat.example:8080\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: https://chat.example\r\n\r\n";

    [Test]
    public void A_browsers_request_is_an_upgrade_and_its_accept_value_is_that_of_the_rfc()
    {
        HandshakeResult result = Parse(Good);

        Assert.That(result.Outcome, Is.EqualTo(HandshakeOutcome.Upgrade));
        Assert.That(result.HeadBytes, Is.EqualTo(Good.Length));
        Assert.That(result.Request, Is.EqualTo(
            new HandshakeRequest("/ws", "chat.example:8080", "https://chat.example", "dGhlIHNhbXBsZSBub25jZQ==")));
        Assert.That(HandshakeResponse.Accept(result.Request!.Key), Is.EqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }

    [Test]
    public void A_head_cut_anywhere_waits_for_more_and_then_is_an_upgrade()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Good);
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            HandshakeResult part = HandshakeParser.Parse(new ReadOnlySequence<byte>(bytes, 0, cut), "/ws");
            Assert.That(part.Outcome, Is.EqualTo(HandshakeOutcome.NeedMoreData), $"cut at {cut}");
            Assert.That(HandshakeParser.Parse(Chunks.Of(bytes, cut + 1), "/ws").Outcome, Is.EqualTo(HandshakeOutcome.Upgrade), $"chunks of {cut + 1}");
        }
    }

    [TestCase("P")]
    [TestCase("POST /ws HTTP/1.1\r\n")]
    [TestCase("get /ws HTTP/1.1\r\n")]
    [TestCase("GET /x")]
    [TestCase("GET /wsx HTTP/1.1\r\n")]
    [TestCase("GET /ws/ HTTP/1.1\r\n")]
    [TestCase("GET /WS HTTP/1.1\r\n")]
    [TestCase("GET /ws\r\n")]
    [TestCase("GET / HTTP/1.1\r\n")]
    [TestCase("GET *")]
    [TestCase("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [TestCase("\r\nGET /ws HTTP/1.1\r\n")]
    [TestCase("GET http://chat.example/other HTTP/1.1\r\n")]
    [TestCase("\u0016\u0003\u0001")]
    public void What_cannot_become_a_get_of_our_path_is_not_ours_at_once(string start) =>
        Assert.That(Parse(start).Outcome, Is.EqualTo(HandshakeOutcome.NotOurs));

    [TestCase("")]
    [TestCase("G")]
    [TestCase("GET /w")]
    [TestCase("GET /ws")]
    [TestCase("GET htt")]
    [TestCase("GET http://chat.exa")]
    public void What_may_become_one_waits(string start) => Assert.That(Parse(start).Outcome, Is.EqualTo(HandshakeOutcome.NeedMoreData));

    private static IEnumerable<TestCaseData> Accepted()
    {
        yield return Case("query", Good.Replace("/ws ", "/ws?x=1&y ", StringComparison.Ordinal));
        yield return Case("field names in any case", Good.Replace("Upgrade:", "UPGRADE:", StringComparison.Ordinal).Replace("Host:", "hOsT:", StringComparison.Ordinal));
        yield return Case("values in any case", Good.Replace(": websocket", ": WebSocket", StringComparison.Ordinal).Replace(", Upgrade", ", uPGRADE", StringComparison.Ordinal));
        yield return Case("no white space", Good.Replace(": ", ":", StringComparison.Ordinal));
        yield return Case("much white space", Good.Replace(": ", ":\t  ", StringComparison.Ordinal));
        yield return Case("no origin", Without("Origin"));
        yield return Case("offers", With("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nSec-WebSocket-Protocol: a, b"));
        yield return Case("empty body declared", With("Content-Length: 0"));
        yield return Case("64 fields", With(string.Join("\r\n", Enumerable.Range(0, 58).Select(n => $"X-{n}: v"))));
        yield return Case("longest line", With("Cookie: " + new string('c', 4096 - 8)));
        yield return Case("address of 6", Good.Replace("chat.example:8080", "[::1]:8080", StringComparison.Ordinal));
    }

    [TestCaseSource(nameof(Accepted))]
    public void Is_accepted(string request) => Assert.That(Parse(request).Outcome, Is.EqualTo(HandshakeOutcome.Upgrade), Parse(request).Fault);

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("HTTP/1.0", 400, Good.Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal));
        yield return Case("HTTP/1.2", 400, Good.Replace("HTTP/1.1", "HTTP/1.2", StringComparison.Ordinal));
        yield return Case("two spaces before version", 400, Good.Replace(" HTTP/1.1", "  HTTP/1.1", StringComparison.Ordinal));
        yield return Case("space in target", 400, Good.Replace("/ws ", "/ws?a b ", StringComparison.Ordinal));
        yield return Case("NUL in target", 400, Good.Replace("/ws ", "/ws?\0 ", StringComparison.Ordinal));
        yield return Case("non-ASCII in target", 400, Good.Replace("/ws ", "/ws?é ", StringComparison.Ordinal));
        yield return Case("absolute form", 400, Good.Replace("/ws ", "http://chat.example/ws ", StringComparison.Ordinal));
        yield return Case("absolute form, other authority", 400, Good.Replace("/ws ", "HTTPS://evil.example/ws ", StringComparison.Ordinal));
        foreach (string name in new[] { "Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Origin" })
        {
            if (name != "Origin") yield return Case("missing " + name, name == "Upgrade" ? 426 : 400, Without(name));
            yield return Case("two of " + name, 400, With(Good.Split("\r\n").First(line => line.StartsWith(name, StringComparison.Ordinal))));
        }

        foreach (string host in new[] { "", "user@chat.example", "chat.example/x", "a,b", "chat example", "chat.example:99999", "chat.example:", "[::1" })
            yield return Case($"Host '{host}'", 400, Good.Replace("chat.example:8080", host, StringComparison.Ordinal));
        foreach (string version in new[] { "8", "12", "14", "13, 8", "013", "x" })
            yield return Case($"version '{version}'", 426, Good.Replace("Version: 13", "Version: " + version, StringComparison.Ordinal));
        yield return Case("version empty", 426, Good.Replace("Version: 13", "Version:", StringComparison.Ordinal));
        foreach (string key in new[] { "", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZWU=", "!Ghl IHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==AA==", "dGhlIHNhbXBsZSBub25  Q==" })
            yield return Case($"key '{key}'", 400, Good.Replace("dGhlIHNhbXBsZSBub25jZQ==", key, StringComparison.Ordinal));
        yield return Case("Connection without upgrade", 400, Good.Replace("keep-alive, Upgrade", "keep-alive", StringComparison.Ordinal));
        yield return Case("Connection with a longer word", 400, Good.Replace("keep-alive, Upgrade", "Upgrades", StringComparison.Ordinal));
        yield return Case("h2c", 426, Good.Replace(": websocket", ": h2c", StringComparison.Ordinal));
        yield return Case("h2c and websocket", 426, Good.Replace(": websocket", ": h2c, websocket", StringComparison.Ordinal));
        yield return Case("Content-Length", 400, With("Content-Length: 5"));
        yield return Case("Content-Length negative", 400, With("Content-Length: -0"));
        yield return Case("Content-Length twice", 400, With("Content-Length: 0\r\nContent-Length: 0"));
        yield return Case("Transfer-Encoding", 400, With("Transfer-Encoding: chunked"));
        yield return Case("Content-Length and Transfer-Encoding", 400, With("Content-Length: 0\r\nTransfer-Encoding: identity"));
        yield return Case("folded line", 400, With("X-A: b\r\n c"));
        yield return Case("folded first line", 400, Good.Replace("Host:", " Host:", StringComparison.Ordinal));
        yield return Case("bare line feed", 400, Good.Replace("\r\nUpgrade", "\nUpgrade", StringComparison.Ordinal));
        yield return Case("bare line feed after the request line", 400, Good.Replace("HTTP/1.1\r\n", "HTTP/1.1\n", StringComparison.Ordinal));
        yield return Case("bare line feed at the end", 400, Good[..^2] + "\n");
        yield return Case("bare carriage return", 400, With("X-A: b\rc"));
        yield return Case("bare carriage return in a name", 400, With("X\rA: b"));
        yield return Case("NUL", 400, With("X-A: b\0c"));
        yield return Case("DEL", 400, With("X-A: b\u007Fc"));
        yield return Case("space before colon", 400, With("X-A : b"));
        yield return Case("tab before colon", 400, With("X-A\t: b"));
        yield return Case("no colon", 400, With("X-A"));
        yield return Case("no name", 400, With(": b"));
        yield return Case("65 fields", 431, With(string.Join("\r\n", Enumerable.Range(0, 59).Select(n => $"X-{n}: v"))));
        yield return Case("line too long", 431, With("Cookie: " + new string('c', 4097 - 8)));
        yield return Case("fields too long", 431, With(string.Join("\r\n", Enumerable.Range(0, 4).Select(n => $"X-{n}: " + new string('v', 2048)))));
        yield return Case("line too long, not ended", 431, Good[..^2] + "Cookie: " + new string('c', 5000));
        yield return Case("request line too long", 414, Good.Replace("/ws ", "/ws?" + new string('q', 4096) + " ", StringComparison.Ordinal));
        yield return Case("request line too long, not ended", 414, "GET /ws?" + new string('q', 5000));
        yield return Case("a frame before the answer", 400, Good + "\u0082");
        yield return Case("a request before the answer", 400, Good + Good);
        yield return Case("plain get", 426, "GET /ws HTTP/1.1\r\nHost: chat.example\r\n\r\n");
    }

    [TestCaseSource(nameof(Refused))]
    public void Is_refused(int status, string request)
    {
        HandshakeResult result = Parse(request);

        Assert.That((result.Outcome, result.Status), Is.EqualTo((HandshakeOutcome.Rejected, status)), result.Fault);
        Assert.That(result.Request, Is.Null);
        string answer = Encoding.ASCII.GetString(HandshakeResponse.Refusal(result.Status, result.Fault));
        Assert.That(answer, Does.StartWith($"HTTP/1.1 {status} ").And.Contain("\r\nConnection: close\r\n"));
        Assert.That(answer.Contains("Sec-WebSocket-Version: 13", StringComparison.Ordinal), Is.EqualTo(status == 426));
    }

    [TestCaseSource(nameof(Refused))]
    public void Is_refused_the_same_in_small_pieces(int status, string request)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(request);

        HandshakeResult result = HandshakeParser.Parse(Chunks.Of(bytes, 7), "/ws");

        Assert.That((result.Outcome, result.Status), Is.EqualTo((HandshakeOutcome.Rejected, status)), result.Fault);
    }

    [Test]
    public void With_every_path_ours_only_a_request_for_a_websocket_is()
    {
        string other = Good.Replace("/ws ", "/any/where?x ", StringComparison.Ordinal);

        Assert.That(HandshakeParser.Parse(Sequence(other), null).Outcome, Is.EqualTo(HandshakeOutcome.Upgrade));
        Assert.That(HandshakeParser.Parse(Sequence("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), null).Outcome, Is.EqualTo(HandshakeOutcome.NotOurs));
        Assert.That(HandshakeParser.Parse(Sequence("GET / HTTP/1.1\r\nHost: a\r\n"), null).Outcome, Is.EqualTo(HandshakeOutcome.NeedMoreData));
        Assert.That(HandshakeParser.Parse(Sequence(other.Replace("sion: 13", "sion: 9", StringComparison.Ordinal)), null).Status, Is.EqualTo(426));
    }

    [Test]
    public void Random_bytes_after_a_good_start_never_upset_the_parser()
    {
        const int Seed = 20_461;
        Random random = new(Seed);
        TestContext.Out.WriteLine($"seed {Seed}");
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(Good);
            for (int i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            HandshakeResult result = HandshakeParser.Parse(new ReadOnlySequence<byte>(bytes), "/ws");

            Assert.That(result.Request is not null, Is.EqualTo(result.Outcome == HandshakeOutcome.Upgrade));
            Assert.That(result.Status is >= 400 and < 500, Is.EqualTo(result.Outcome == HandshakeOutcome.Rejected));
        }
    }

    private static TestCaseData Case(string name, string request) => new TestCaseData(request).SetArgDisplayNames(name);

    private static TestCaseData Case(string name, int status, string request) => new TestCaseData(status, request).SetArgDisplayNames(name);

    private static string With(string line) => Good[..^2] + line + "\r\n\r\n";

    private static string Without(string name) =>
        string.Join("\r\n", Good.Split("\r\n").Where(line => !line.StartsWith(name + ":", StringComparison.Ordinal)));

    private static HandshakeResult Parse(string text) => HandshakeParser.Parse(Sequence(text), "/ws");

    private static ReadOnlySequence<byte> Sequence(string text) => new(Encoding.Latin1.GetBytes(text));
}
