using System.Buffers;
using System.Net.WebSockets;
using Chat.Server.Transport;
using static Chat.Server.Tests.Transport.ClientFrames;

namespace Chat.Server.Tests.Transport;

/// <summary>Random streams, right and damaged, read by this layer and by the framework's own WebSocket: the same messages, the same
/// verdict.</summary>
public sealed class DifferentialTests
{
    private const int Streams = 3_000;

    // What this layer refuses and the framework lets pass or judges otherwise; the messages up to there must still be the same.
    // (The framework hands out a text that ends inside a character when its last fragment is empty.)
    private static readonly string[] StricterHere =
    [
        "length not in its shortest form", "close code not allowed", "frame too big", "message too big", "length out of range",
        "text ends inside a character",
    ];

    [TestCase(81_001, false)]
    [TestCase(81_002, true)]
    [CancelAfter(60_000)]
    public async Task Random_streams_read_alike(int seed, bool isDamaged, CancellationToken ct)
    {
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        Random random = new(seed);
        int violations = 0, closes = 0, earlier = 0;
        for (int round = 0; round < Streams; round++)
        {
            byte[] stream = MakeStream(random, isDamaged);
            (List<string> ours, string verdict, string why) = ReadHere([.. stream], random.Next(1, 40));
            (List<string> theirs, string theirVerdict) = await ReadThereAsync(stream, ct);

            bool isStricter = verdict == "violation" && Array.IndexOf(StricterHere, why) >= 0;
            string label = $"seed {seed}, stream {round}: {Convert.ToHexString(stream)} ({why})";
            Assert.That(isStricter ? theirs.Take(ours.Count) : theirs, Is.EqualTo(ours), label);

            // A damaged length can run past the stream's end: here the first wrong byte is judged, there the frame is waited for.
            bool isEarlier = verdict == "violation" && theirVerdict == "end";
            if (!isStricter && !isEarlier) Assert.That(theirVerdict, Is.EqualTo(verdict), label);
            earlier += isEarlier && !isStricter ? 1 : 0;
            violations += verdict == "violation" ? 1 : 0;
            closes += verdict.StartsWith("close", StringComparison.Ordinal) ? 1 : 0;
        }

        await TestContext.Out.WriteLineAsync($"{violations} violations, {closes} closes, {earlier} judged earlier here");
        Assert.That(earlier, Is.LessThan(Streams / 50));
        Assert.That(isDamaged ? violations : closes, Is.GreaterThan(Streams / 5), "the streams must exercise what they are for");
    }

    private static byte[] MakeStream(Random random, bool isDamaged)
    {
        List<byte[]> frames = [];
        for (int count = random.Next(1, 6); count > 0; count--)
        {
            bool isText = random.Next(2) == 0;
            byte[] payload = MakePayload(random, isText);
            int fragments = random.Next(1, 4);
            for (int i = 0, at = 0; i < fragments; i++)
            {
                int end = i == fragments - 1 ? payload.Length : random.Next(at, payload.Length + 1);
                frames.Add(Encode(i == 0 ? isText ? Text : Binary : Continuation, payload.AsSpan(at, end - at), fin: i == fragments - 1));
                at = end;
                if (random.Next(4) == 0) frames.Add(Encode(random.Next(2) == 0 ? Ping : Pong, new byte[random.Next(126)]));
            }
        }

        frames.Add(EncodeClose(random.Next(2) == 0 ? 1000 : 4000 + random.Next(1000), "end"));
        if (isDamaged)
        {
            byte[] victim = frames[random.Next(frames.Count)];
            int at = random.Next(3) == 0 ? random.Next(victim.Length) : random.Next(2);
            victim[at] ^= (byte)(1 << random.Next(8));
        }

        return Join([.. frames]);
    }

    private static byte[] MakePayload(Random random, bool isText)
    {
        int length = random.Next(5) switch { 0 => 0, 1 => random.Next(120, 132), 2 => random.Next(300), _ => random.Next(20) };
        if (isText) return System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, length).Select(_ => random.Next(4) switch { 0 => "a", 1 => "é", 2 => "€", _ => "😀" })));
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static (List<string> Messages, string Verdict, string Why) ReadHere(byte[] stream, int pieceBytes)
    {
        using WebSocketMessageReader reader = new(WideOptions);
        List<string> messages = [];
        byte[] pending = [];
        for (int at = 0; at < stream.Length; at += pieceBytes)
        {
            pending = [.. pending, .. stream.AsSpan(at, Math.Min(pieceBytes, stream.Length - at))];
            ReadOnlySequence<byte> input = new(pending);
            while (reader.TryRead(ref input, out ReadOnlySequence<byte> payload) is var result && result != WebSocketReadResult.NeedMoreData)
            {
                if (result == WebSocketReadResult.Violation) return (messages, "violation", reader.Text);
                if (result == WebSocketReadResult.Close) return (messages, $"close {ShownThere(reader.CloseCode)} {reader.Text}", "");
                if (result == WebSocketReadResult.Message) messages.Add($"{reader.MessageType} {Convert.ToHexString(payload.ToArray())}");
            }

            pending = input.ToArray();
        }

        return (messages, "end", "");
    }

    // The framework shows a close frame without a code as 1000.
    private static int ShownThere(int code) => code == WebSocketCloseCode.NoStatus ? WebSocketCloseCode.Normal : code;

    private static async Task<(List<string> Messages, string Verdict)> ReadThereAsync(byte[] stream, CancellationToken ct)
    {
        using WebSocket socket = WebSocket.CreateFromStream(new OneWayStream(stream), isServer: true, subProtocol: null, Timeout.InfiniteTimeSpan);
        List<string> messages = [];
        byte[] message = new byte[1 << 16];
        int length = 0;
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(message.AsMemory(length), ct);
                if (received.MessageType == WebSocketMessageType.Close)
                    return (messages, $"close {(int)(socket.CloseStatus ?? 0)} {socket.CloseStatusDescription}");
                length += received.Count;
                if (!received.EndOfMessage) continue;
                messages.Add($"{received.MessageType} {Convert.ToHexString(message.AsSpan(0, length))}");
                length = 0;
            }
        }
        catch (WebSocketException fault)
        {
            return (messages, fault.WebSocketErrorCode == WebSocketError.ConnectionClosedPrematurely ? "end" : "violation");
        }
    }

    /// <summary>Gives its bytes, then ends; swallows what is written.</summary>
    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            // answers of the framework's socket are of no interest here
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;
    }
}
