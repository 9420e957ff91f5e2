using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Chat.Server.Transport;
using static Chat.Server.Tests.Transport.ClientFrames;

namespace Chat.Server.Tests.Transport;

[Property("Promise", "4.4")]
public sealed class WebSocketMessageReaderTests
{
    private static readonly WebSocketOptions Options = new() { MaxFrameBytes = 70_000, MaxMessageBytes = 100_000 };

    [Test]
    public void A_stream_cut_at_any_byte_gives_the_same_items()
    {
        byte[] stream = Join(
            Encode(Binary, "one"),
            Encode(Text, "tw", fin: false), Encode(Ping, "p"), Encode(Continuation, "", fin: false), Encode(Continuation, "ö"),
            Encode(Binary, new byte[300]), Encode(Pong, ""), Encode(Text, ""), EncodeClose(1000, "bye"));
        List<string> whole = Read(stream, stream.Length);

        Assert.That(whole, Is.EqualTo(new[]
        {
            "Binary one", "Ping p", "Text twö", "Binary " + new string('\0', 300), "Pong ", "Text ", "Close 1000 bye",
        }));
        for (int cut = 1; cut < stream.Length; cut++)
        {
            Assert.That(Read(stream, cut), Is.EqualTo(whole), $"pieces of {cut}");
            Assert.That(Read(stream, cut, segmentBytes: 3), Is.EqualTo(whole), $"pieces of {cut} in segments of 3");
        }
    }

    private static IEnumerable<TestCaseData> Violations()
    {
        yield return Case("not masked", 1002, Encode(Binary, "x"u8, masked: false));
        for (int rsv = 1; rsv < 8; rsv++) yield return Case($"reserved bits {rsv}", 1002, Encode(Binary, "x"u8, rsv: rsv));
        foreach (int opcode in new[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 }) yield return Case($"opcode {opcode}", 1002, Encode(opcode, "x"u8));
        foreach (int opcode in new[] { Close, Ping, Pong })
        {
            yield return Case($"control {opcode} of 126", 1002, Encode(opcode, new byte[126]));
            yield return Case($"control {opcode} fragmented", 1002, Encode(opcode, "", fin: false));
            yield return Case($"control {opcode} length in two bytes", 1002, Encode(opcode, "x"u8, lengthBytes: 2));
        }

        yield return Case("short length in two bytes", 1002, Encode(Binary, new byte[125], lengthBytes: 2));
        yield return Case("short length in eight bytes", 1002, Encode(Binary, new byte[125], lengthBytes: 8));
        yield return Case("middle length in eight bytes", 1002, Encode(Binary, new byte[65_535], lengthBytes: 8));
        yield return Case("length with the top bit", 1002, Declare(Binary, 1UL << 63));
        yield return Case("all ones", 1002, Declare(Binary, ulong.MaxValue));
        yield return Case("continuation of nothing", 1002, Encode(Continuation, "x"));
        yield return Case("empty continuation of nothing, not final", 1002, Encode(Continuation, "", fin: false));
        yield return Case("text in text", 1002, Join(Encode(Text, "a", fin: false), Encode(Text, "b")));
        yield return Case("binary in text", 1002, Join(Encode(Text, "a", fin: false), Encode(Binary, "b", fin: false)));
        yield return Case("declared over the frame limit", 1009, Declare(Binary, 70_001));
        yield return Case("declared 2^63-1", 1009, Declare(Binary, long.MaxValue));
        yield return Case("declared over the message limit", 1009, Join(Encode(Binary, new byte[60_000], fin: false), Encode(Continuation, new byte[40_001])[..8]));
        yield return Case("65 fragments", 1008, Join([Encode(Binary, "", fin: false), .. Enumerable.Repeat(Encode(Continuation, "", fin: false), 64)]));
        yield return Case("close of one byte", 1002, Encode(Close, "x"));
        yield return Case("close reason not UTF-8", 1007, Encode(Close, [0x03, 0xE8, 0xC0, 0xAF]));
        foreach (int code in new[] { 0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535 })
            yield return Case($"close code {code}", 1002, EncodeClose(code));
        foreach (string hex in InvalidUtf8.Cases) yield return Case("text " + hex, 1007, Encode(Text, InvalidUtf8.Bytes(hex)));
    }

    [TestCaseSource(nameof(Violations))]
    public void Is_a_violation_whole_and_byte_by_byte(int code, byte[] stream)
    {
        Assert.That(Read(stream, stream.Length)[^1], Does.StartWith($"Violation {code} "));
        Assert.That(Read(stream, 1)[^1], Does.StartWith($"Violation {code} "));
        Assert.That(Read(Join(Encode(Binary, "before"), stream), 11)[^1], Does.StartWith($"Violation {code} "));
    }

    [TestCase(1000), TestCase(1001), TestCase(1002), TestCase(1003), TestCase(1007), TestCase(1008), TestCase(1009), TestCase(1010), TestCase(1011)]
    [TestCase(1012), TestCase(1013), TestCase(1014), TestCase(3000), TestCase(3999), TestCase(4000), TestCase(4999)]
    public void Close_codes_that_may_be_sent_are_read(int code) =>
        Assert.That(Read(EncodeClose(code, "π"), 1), Is.EqualTo(new[] { $"Close {code} π" }));

    [Test]
    public void A_close_frame_without_a_code_reads_as_1005() => Assert.That(Read(Encode(Close, ""), 1), Is.EqualTo(new[] { "Close 1005 " }));

    [Test]
    public void Limits_are_met_exactly()
    {
        byte[] fragments = Join([Encode(Binary, "", fin: false), .. Enumerable.Repeat(Encode(Continuation, "", fin: false), 62), Encode(Continuation, "x")]);

        Assert.That(Read(fragments, 9), Is.EqualTo(new[] { "Binary x" }));
        Assert.That(Read(Encode(Binary, new byte[70_000]), 4096)[0], Has.Length.EqualTo("Binary ".Length + 70_000));
        Assert.That(Read(Join(Encode(Binary, new byte[60_000], fin: false), Encode(Continuation, new byte[40_000])), 999)[0], Has.Length.EqualTo("Binary ".Length + 100_000));
    }

    [Test]
    public void Text_fails_at_its_first_impossible_byte_before_the_rest_is_there()
    {
        using WebSocketMessageReader reader = new(Options);
        byte[] frame = Encode(Text, InvalidUtf8.Bytes("CEBAF490808041414141"));
        ReadOnlySequence<byte> input = new(frame, 0, 6 + 4);

        Assert.That(reader.TryRead(ref input, out _), Is.EqualTo(WebSocketReadResult.Violation));
        Assert.That(reader.CloseCode, Is.EqualTo(1007));
    }

    [Test]
    public void A_small_binary_message_is_handed_out_where_it_lies()
    {
        using WebSocketMessageReader reader = new(Options);
        byte[] frame = Encode(Binary, "payload");
        ReadOnlySequence<byte> input = new(frame);

        Assert.That(reader.TryRead(ref input, out ReadOnlySequence<byte> payload), Is.EqualTo(WebSocketReadResult.Message));
        Assert.That(payload.IsSingleSegment);
        Assert.That(payload.FirstSpan.Overlaps(frame, out int offset) && offset == -6, "in the input's own memory, behind the header");
        Assert.That(Encoding.UTF8.GetString(payload), Is.EqualTo("payload"));
    }

    [Test]
    public void A_small_binary_message_allocates_nothing()
    {
        using WebSocketMessageReader reader = new(Options);
        byte[] frame = Encode(Binary, new byte[200]);
        ReadOne(reader, frame);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) ReadOne(reader, frame);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }

    [Test]
    public void A_hostile_length_allocates_nothing()
    {
        WebSocketOptions wide = WideOptions with { MaxFrameBytes = int.MaxValue, MaxMessageBytes = int.MaxValue };
        byte[][] streams = [Declare(Binary, long.MaxValue), Declare(Text, ulong.MaxValue), Declare(Binary, int.MaxValue), Declare(Text, int.MaxValue)];
        using WebSocketMessageReader warm = new(wide);
        ReadOne(warm, Encode(Text, "x"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (byte[] stream in streams)
        {
            using WebSocketMessageReader reader = new(wide);
            ReadOne(reader, stream);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2_000));
    }

    [Test]
    public void Memory_follows_what_has_arrived_and_not_what_was_declared()
    {
        using WebSocketMessageReader reader = new(WideOptions);
        byte[] start = [.. Declare(Binary, 16 << 20), .. new byte[100]];
        ReadOnlySequence<byte> input = new(start);
        long before = GC.GetAllocatedBytesForCurrentThread();
        WebSocketReadResult result = reader.TryRead(ref input, out _);

        Assert.That(result, Is.EqualTo(WebSocketReadResult.NeedMoreData));
        Assert.That(input.IsEmpty, "a large frame is consumed as it comes");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000));
    }

    private static void ReadOne(WebSocketMessageReader reader, byte[] stream)
    {
        ReadOnlySequence<byte> input = new(stream);
        reader.TryRead(ref input, out _);
    }

    /// <summary>Feeds the stream piece by piece, as a pipe would: what was not consumed comes again with the next piece.</summary>
    private static List<string> Read(byte[] stream, int pieceBytes, int segmentBytes = int.MaxValue)
    {
        using WebSocketMessageReader reader = new(Options);
        List<string> items = [];
        byte[] pending = [];
        for (int at = 0; at < stream.Length; at += pieceBytes)
        {
            pending = [.. pending, .. stream.AsSpan(at, Math.Min(pieceBytes, stream.Length - at))];
            ReadOnlySequence<byte> input = segmentBytes < pending.Length ? Chunks.Of(pending, segmentBytes) : new(pending);
            while (reader.TryRead(ref input, out ReadOnlySequence<byte> payload) is var result && result != WebSocketReadResult.NeedMoreData)
            {
                items.Add(Describe(reader, result, payload));
                if (result is WebSocketReadResult.Violation or WebSocketReadResult.Close) return items;
            }

            pending = input.ToArray();
        }

        return items;
    }

    private static string Describe(WebSocketMessageReader reader, WebSocketReadResult result, ReadOnlySequence<byte> payload) => result switch
    {
        WebSocketReadResult.Message => $"{(reader.MessageType == WebSocketMessageType.Text ? "Text" : "Binary")} {Encoding.UTF8.GetString(payload)}",
        WebSocketReadResult.Close or WebSocketReadResult.Violation => $"{result} {reader.CloseCode} {reader.Text}",
        _ => $"{result} {Encoding.UTF8.GetString(payload)}",
    };

    private static TestCaseData Case(string name, int code, byte[] stream) => new TestCaseData(code, stream).SetArgDisplayNames(name);
}
