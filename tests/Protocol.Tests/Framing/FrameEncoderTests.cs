using System.Buffers;
using System.Buffers.Binary;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.Framing;

[TestFixture]
public sealed class FrameEncoderTests
{
    private const int ArrayOverheadBytes = 24; // object header, type, length: what a byte[] costs beside its content
    private static readonly Guid Uuid = Guid.ParseExact("00112233445566778899aabbccddeeff", "N");

    // RFC 6455 §5.2: 7 bits up to 125, 16 bits up to 65,535, 64 bits beyond.
    [TestCase(125, 2)]
    [TestCase(126, 4)]
    [TestCase(65_535, 4)]
    [TestCase(65_536, 10)]
    [TestCase(262_148, 10)]
    public void WebSocket_header_is_the_shortest_for_its_payload(int payloadBytes, int headerBytes)
    {
        ErrorReply frame = ErrorOfPayload(payloadBytes);

        byte[] encoded = FrameEncoder.EncodeWebSocket(frame, 1);

        Assert.That(encoded, Has.Length.EqualTo(headerBytes + payloadBytes));
        Assert.That(encoded[0], Is.EqualTo(0x82));
        Assert.That(encoded[1] & 0x80, Is.Zero, "unmasked");
        long declared = headerBytes switch
        {
            2 => encoded[1],
            4 => BinaryPrimitives.ReadUInt16BigEndian(encoded.AsSpan(2)),
            _ => (long)BinaryPrimitives.ReadUInt64BigEndian(encoded.AsSpan(2)),
        };
        Assert.That(declared, Is.EqualTo(payloadBytes));
        Assert.That(encoded.AsSpan(headerBytes).SequenceEqual(FrameEncoder.Encode(frame, 1)));
    }

    [Test]
    public void Writing_appends_to_what_the_output_holds()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameEncoder.Write(output, new PingRequest(), 1);
        FrameEncoder.Write(output, new GetChatRequest(7), 2);

        byte[] expected = [.. FrameEncoder.Encode(new PingRequest(), 1), .. FrameEncoder.Encode(new GetChatRequest(7), 2)];
        Assert.That(output.WrittenSpan.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Encoding_one_frame_leaves_the_bytes_of_the_one_before_alone()
    {
        byte[] first = FrameEncoder.Encode(new GetChatRequest(7), 1);
        byte[] copy = [.. first];
        FrameEncoder.Encode(new GetChatRequest(9_999), 2);

        Assert.That(first, Is.EqualTo(copy));
    }

    [Test]
    public void Encoding_allocates_the_result_and_nothing_else()
    {
        var sent = new SentReply(7, 6, 1_795_262_400_123);
        var push = new EventPush(new WireEvent(7, 6, EventKind.Message, 12, 1_795_262_400_123, Uuid, null, "Grüße"));

        AssertAllocates(() => FrameEncoder.Encode(sent, 3));
        AssertAllocates(() => FrameEncoder.EncodeWebSocket(sent, 3));
        AssertAllocates(() => FrameEncoder.EncodeWebSocket(push));
    }

    [Test]
    public void Decoding_a_message_allocates_its_text_and_nothing_else()
    {
        byte[] body = FrameEncoder.Encode(new SendMessageRequest(7, Uuid, "hello", 6), 3)[FrameReader.HeaderBytes..];
        var input = new ReadOnlySequence<byte>(body);

        long allocated = Allocation.Of(() => SendMessageRequest.TryRead(input, out _, out _));

        Assert.That(allocated, Is.EqualTo(32), "a string of five characters"); // 22 + 2 × 5 bytes
    }

    [Test]
    public void Decoding_a_frame_without_text_or_list_allocates_nothing()
    {
        var header = new ReadOnlySequence<byte>(FrameEncoder.Encode(new MarkReadRequest(7, 6), 3)[FrameReader.HeaderBytes..]);

        Assert.That(Allocation.Of(() => MarkReadRequest.TryRead(header, out _, out _)), Is.Zero);
        Assert.That(Allocation.Of(() => FrameHeader.TryReadRequest(header, out _)), Is.Zero);
    }

    [Test]
    public void Frames_encoded_from_many_threads_do_not_mix()
    {
        Parallel.For(0, 200, i =>
        {
            string text = new((char)('a' + (i % 26)), i * 40);
            byte[] body = FrameEncoder.Encode(new SendMessageRequest(i, Uuid, text), (uint)i + 1)[FrameReader.HeaderBytes..];

            bool isWellFormed = SendMessageRequest.TryRead(new ReadOnlySequence<byte>(body), out uint id, out SendMessageRequest frame);
            Assert.That(isWellFormed);
            Assert.That(id, Is.EqualTo((uint)i + 1));
            Assert.That(frame, Is.EqualTo(new SendMessageRequest(i, Uuid, text)));
        });
    }

    private static void AssertAllocates(Func<byte[]> encode)
    {
        int length = encode().Length;
        long allocated = Allocation.Of(() => encode());
        Assert.That(allocated, Is.LessThanOrEqualTo(ArrayOverheadBytes + length + 7), "one array, rounded up to eight bytes");
    }

    /// <summary>An error whose whole frame, prefix included, has the given size.</summary>
    private static ErrorReply ErrorOfPayload(int payloadBytes)
    {
        var empty = new ErrorReply(ErrorCode.Internal, "", false);
        int rest = payloadBytes - FrameEncoder.Encode(empty, 1).Length;
        for (int header = 0; header <= 4; header++)
        {
            ErrorReply frame = empty with { Message = new string('m', rest - header) };
            if (FrameEncoder.Encode(frame, 1).Length == payloadBytes) return frame;
        }

        throw new InvalidOperationException($"No frame has {payloadBytes} bytes.");
    }
}
