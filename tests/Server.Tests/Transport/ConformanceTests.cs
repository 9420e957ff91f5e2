using System.Text;
using Chat.Server.Transport;
using static Chat.Server.Tests.Transport.ClientFrames;

namespace Chat.Server.Tests.Transport;

/// <summary>The groups of cases that outside conformance suites ask of a server, over a real socket: framing, pings, reserved bits and
/// opcodes, fragmentation, UTF-8, close, limits. Each ends with a look at how the connection ends.</summary>
[Property("Promise", "4.4")]
[CancelAfter(30_000)]
public sealed class ConformanceTests
{
    private const string Greek = "κόσμε-µ@ßöäüàá-UTF-8!!";

    private KestrelServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await KestrelServer.StartAsync(WideOptions with { FailTimeout = TimeSpan.FromMilliseconds(50), SweepInterval = TimeSpan.FromMilliseconds(25) }, isTls: false, CancellationToken.None);

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Framing_of_every_length_class_echoes_whole_and_chopped(
        [Values(0, 125, 126, 127, 128, 65_535, 65_536)] int length, [Values(Text, Binary)] int opcode, [Values(int.MaxValue, 997)] int chopBytes, CancellationToken ct)
    {
        byte[] payload = [.. Enumerable.Repeat((byte)'*', length)];
        using RawClient client = await OpenAsync(ct);
        await ChopAsync(client, Encode(opcode, payload), chopBytes, ct);

        await ExpectAsync(client, opcode, payload, ct);
        await EndCleanlyAsync(client, ct);
    }

    [TestCase(0)]
    [TestCase(125)]
    public async Task Ping_is_answered_with_its_payload(int length, CancellationToken ct)
    {
        byte[] payload = [.. Enumerable.Repeat((byte)0xFE, length)];
        using RawClient client = await OpenAsync(ct);
        await ChopAsync(client, Encode(Ping, payload), 1, ct);

        await ExpectAsync(client, Pong, payload, ct);
        await EndCleanlyAsync(client, ct);
    }

    [Test]
    public async Task Pongs_nobody_asked_for_are_ignored_and_ten_pings_answered_in_order(CancellationToken ct)
    {
        using RawClient client = await OpenAsync(ct);
        await client.SendAsync(Join([Encode(Pong, "unsolicited"), .. Enumerable.Range(0, 10).Select(n => Encode(Ping, $"payload-{n}"))]), ct);

        for (int i = 0; i < 10; i++) await ExpectAsync(client, Pong, Encoding.ASCII.GetBytes($"payload-{i}"), ct);
        await EndCleanlyAsync(client, ct);
    }

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("ping of 126", 1002, Encode(Ping, new byte[126]));
        for (int rsv = 1; rsv < 8; rsv++)
        {
            yield return Case($"rsv {rsv} text", 1002, Encode(Text, "x"u8, rsv: rsv));
            yield return Case($"rsv {rsv} ping", 1002, Encode(Ping, "x"u8, rsv: rsv));
            yield return Case($"rsv {rsv} close", 1002, Encode(Close, [0x03, 0xE8], rsv: rsv));
        }

        foreach (int opcode in new[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
        {
            yield return Case($"opcode {opcode} empty", 1002, Encode(opcode, ""));
            yield return Case($"opcode {opcode}", 1002, Encode(opcode, "reserved opcode payload"));
        }

        yield return Case("ping in two fragments", 1002, Join(Encode(Ping, "1", fin: false), Encode(Continuation, "2")));
        yield return Case("pong in two fragments", 1002, Join(Encode(Pong, "1", fin: false), Encode(Continuation, "2")));
        yield return Case("final continuation of nothing", 1002, Join(Encode(Continuation, "x"), Encode(Text, "y")));
        yield return Case("continuation of nothing", 1002, Join(Encode(Continuation, "x", fin: false), Encode(Text, "y")));
        yield return Case("text inside fragments", 1002, Join(Encode(Text, "1", fin: false), Encode(Text, "2")));
        yield return Case("close of one byte", 1002, Encode(Close, "x"));
        yield return Case("close of 126", 1002, Encode(Close, new byte[126]));
        yield return Case("close reason not UTF-8", 1007, Encode(Close, [0x03, 0xE8, .. InvalidUtf8.Bytes("CEBAE1BDB9CF83CEBCCEB5EDA080656469746564")]));
        foreach (int code in new[] { 0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535 })
            yield return Case($"close code {code}", 1002, EncodeClose(code));
        yield return Case("not masked", 1002, Encode(Text, "x"u8, masked: false));
        yield return Case("frame too big", 1009, Declare(Binary, (16 << 20) + 1));
        yield return Case("2^63-1", 1009, Declare(Binary, long.MaxValue));
    }

    [TestCaseSource(nameof(Broken))]
    public async Task A_breach_fails_the_connection_with_its_code(int code, byte[] stream, CancellationToken ct)
    {
        using RawClient client = await OpenAsync(ct);
        await client.SendAsync(Join(Encode(Text, "before"), stream, Encode(Ping, "after")), ct);

        await ExpectAsync(client, Text, "before"u8.ToArray(), ct);
        await ExpectCloseAsync(client, code, ct);
        Assert.That(await client.IsEndedAsync(ct));
    }

    [Test]
    public async Task Fragments_with_pings_between_make_one_message([Values(1, 7, int.MaxValue)] int chopBytes, CancellationToken ct)
    {
        using RawClient client = await OpenAsync(ct);
        byte[] stream = Join(
            Encode(Text, "frag1", fin: false), Encode(Ping, "a"), Encode(Continuation, "", fin: false),
            Encode(Continuation, "frag2", fin: false), Encode(Ping, "b"), Encode(Continuation, "frag3"));
        await ChopAsync(client, stream, chopBytes, ct);

        await ExpectAsync(client, Pong, "a"u8.ToArray(), ct);
        await ExpectAsync(client, Pong, "b"u8.ToArray(), ct);
        await ExpectAsync(client, Text, "frag1frag2frag3"u8.ToArray(), ct);
        await EndCleanlyAsync(client, ct);
    }

    [Test]
    public async Task Valid_text_echoes_however_its_characters_are_cut([Values(1, 2, 3)] int fragmentBytes, CancellationToken ct)
    {
        byte[] text = Encoding.UTF8.GetBytes(Greek + "\U0001F600\uFFFF\0\U0010FFFF");
        using RawClient client = await OpenAsync(ct);
        await client.SendAsync(Join([.. Fragments(text, fragmentBytes)]), ct);

        await ExpectAsync(client, Text, text, ct);
        await EndCleanlyAsync(client, ct);
    }

    [TestCaseSource(typeof(InvalidUtf8), nameof(InvalidUtf8.Cases))]
    public async Task Invalid_text_fails_with_1007_whole_and_fragmented_by_byte(string hex, CancellationToken ct)
    {
        byte[] text = InvalidUtf8.Bytes(hex);
        foreach (byte[] stream in new[] { Encode(Text, text), Join([.. Fragments(text, 1)]) })
        {
            using RawClient client = await OpenAsync(ct);
            await client.SendAsync(stream, ct);
            await ExpectCloseAsync(client, 1007, ct);
            await client.SendAsync(EncodeClose(1007), ct);
            Assert.That(await client.IsEndedAsync(ct));
        }
    }

    [Test]
    public async Task Invalid_text_fails_fast_inside_a_frame_that_is_not_whole(CancellationToken ct)
    {
        byte[] frame = Encode(Text, [.. Encoding.UTF8.GetBytes("κόσμε"), 0xF4, 0x90, 0x80, 0x80, .. "edited"u8]);
        using RawClient client = await OpenAsync(ct);
        await client.SendAsync(frame[..^8], ct); // up to and with the 90, which no text can have after F4

        await ExpectCloseAsync(client, 1007, ct);
    }

    [TestCase(1000), TestCase(1001), TestCase(1002), TestCase(1003), TestCase(1007), TestCase(1008), TestCase(1009), TestCase(1010), TestCase(1011)]
    [TestCase(3000), TestCase(3999), TestCase(4000), TestCase(4999)]
    public async Task A_close_with_a_good_code_is_answered_with_it_and_ends_the_connection(int code, CancellationToken ct)
    {
        using RawClient client = await OpenAsync(ct);
        await client.SendAsync(Join(EncodeClose(code, new string('r', 123)), Encode(Text, "ignored"), Encode(Ping, "ignored")), ct);

        await ExpectCloseAsync(client, code, ct);
        Assert.That(await client.ReadFrameAsync(ct), Is.Null);
    }

    [Test]
    public async Task An_empty_close_is_answered_by_an_empty_one(CancellationToken ct)
    {
        using RawClient client = await OpenAsync(ct);
        await client.SendAsync(Encode(Close, ""), ct);

        await ExpectAsync(client, Close, [], ct);
        Assert.That(await client.ReadFrameAsync(ct), Is.Null);
    }

    [Test]
    public async Task A_close_inside_a_fragmented_message_ends_it(CancellationToken ct)
    {
        using RawClient client = await OpenAsync(ct);
        await client.SendAsync(Join(Encode(Text, "frag", fin: false), EncodeClose(1000), Encode(Continuation, "ment")), ct);

        await ExpectCloseAsync(client, 1000, ct);
        Assert.That(await client.ReadFrameAsync(ct), Is.Null);
    }

    [Test]
    public async Task Sixteen_mebibytes_echo_in_one_frame_and_four_in_65536_fragments(CancellationToken ct)
    {
        byte[] large = new byte[16 << 20], many = new byte[4 << 20];
        new Random(5).NextBytes(large);
        new Random(6).NextBytes(many);
        using RawClient client = await OpenAsync(ct);
        foreach ((byte[] payload, byte[] stream) in new[] { (large, Encode(Binary, large)), (many, Join([.. Fragments(many, 64, Binary)])) })
        {
            Task sending = client.SendAsync(stream, ct);
            byte[] frame = await client.ReadBytesAsync(10 + payload.Length, ct);
            await sending;
            Assert.That(frame.AsSpan(10).SequenceEqual(payload));
        }

        await EndCleanlyAsync(client, ct);
    }

    private Task<RawClient> OpenAsync(CancellationToken ct) => OpenAsync(_server, ct);

    private static async Task<RawClient> OpenAsync(KestrelServer server, CancellationToken ct) =>
        await (await RawClient.ConnectAsync(server.Port, ct)).UpgradeAsync(ct);

    private static async Task ChopAsync(RawClient client, byte[] stream, int chopBytes, CancellationToken ct)
    {
        for (int at = 0; at < stream.Length; at += Math.Min(chopBytes, stream.Length - at))
            await client.SendAsync(stream[at..(at + Math.Min(chopBytes, stream.Length - at))], ct);
    }

    private static IEnumerable<byte[]> Fragments(byte[] payload, int fragmentBytes, int opcode = Text)
    {
        for (int at = 0; at < payload.Length; at += fragmentBytes)
            yield return Encode(at == 0 ? opcode : Continuation, payload.AsSpan(at, Math.Min(fragmentBytes, payload.Length - at)), fin: at + fragmentBytes >= payload.Length);
    }

    private static async Task ExpectAsync(RawClient client, int opcode, byte[] payload, CancellationToken ct)
    {
        (int Opcode, byte[] Payload)? frame = await client.ReadFrameAsync(ct);
        Assert.That(frame?.Opcode, Is.EqualTo(opcode));
        Assert.That(frame!.Value.Payload.AsSpan().SequenceEqual(payload), "payload differs");
    }

    private static async Task ExpectCloseAsync(RawClient client, int code, CancellationToken ct)
    {
        (int Opcode, byte[] Payload)? frame = await client.ReadFrameAsync(ct);
        Assert.That(frame?.Opcode, Is.EqualTo(Close));
        Assert.That((frame!.Value.Payload[0] << 8) | frame.Value.Payload[1], Is.EqualTo(code));
    }

    private static async Task EndCleanlyAsync(RawClient client, CancellationToken ct)
    {
        await client.SendAsync(EncodeClose(1000), ct);
        await ExpectCloseAsync(client, 1000, ct);
        Assert.That(await client.ReadFrameAsync(ct), Is.Null, "the server ends the TCP connection");
    }

    private static TestCaseData Case(string name, int code, byte[] stream) => new TestCaseData(code, stream).SetArgDisplayNames(name);
}
