using System.Buffers;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.Vectors;

/// <summary>The files of tests/vectors/frames, whose bytes an outside library made.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class FrameVectorTests
{
    private static IEnumerable<string> Names => Files.VectorNames("frames");

    [TestCaseSource(nameof(Names))]
    public void Bytes_decode_to_the_named_fields_however_they_are_cut(string name)
    {
        var vector = Vector.Read(name);

        foreach (ReadOnlySequence<byte> input in Segments.All(vector.Bytes))
        {
            ReadOnlySequence<byte> rest = input;
            FrameReadResult result = FrameReader.TryRead(ref rest, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body);
            JsonObject? fields = vector.Case.Decode(body, out uint requestId);

            Assert.That(result, Is.EqualTo(FrameReadResult.Complete));
            Assert.That(rest.IsEmpty);
            Assert.That(requestId, Is.EqualTo(vector.RequestId));
            if (!JsonNode.DeepEquals(fields, vector.Fields)) // only then, as rendering the text of each cut is slow
                Assert.That(fields?.ToJsonString(), Is.EqualTo(vector.Fields.ToJsonString()));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Named_fields_encode_to_the_bytes(string name)
    {
        var vector = Vector.Read(name);
        if (!vector.IsCanonical) Assert.Pass("Decode only.");

        Assert.That(vector.Case.Encode(vector.Fields, vector.RequestId), Is.EqualTo(vector.Bytes));
        Assert.That(vector.Case.Append(vector.Fields, vector.RequestId), Is.EqualTo(vector.Bytes));
    }

    [TestCaseSource(nameof(Names))]
    public void WebSocket_form_is_the_bytes_behind_one_unmasked_binary_header(string name)
    {
        var vector = Vector.Read(name);
        if (!vector.IsCanonical) Assert.Pass("Decode only.");

        byte[] encoded = vector.Case.EncodeWebSocket(vector.Fields, vector.RequestId);

        byte[] header = encoded[..(encoded.Length - vector.Bytes.Length)];
        byte[] expected = vector.Bytes.Length < 126
            ? [0x82, (byte)vector.Bytes.Length]
            : [0x82, 126, (byte)(vector.Bytes.Length >> 8), (byte)vector.Bytes.Length];
        Assert.That(header, Is.EqualTo(expected));
        Assert.That(encoded[header.Length..], Is.EqualTo(vector.Bytes));
    }

    [TestCaseSource(nameof(Names))]
    public void Header_names_type_request_id_and_field_count(string name)
    {
        var vector = Vector.Read(name);
        var body = new ReadOnlySequence<byte>(vector.Body);

        FrameDecodeResult result = FrameHeader.TryRead(body, out FrameHeader header);

        Assert.That(result, Is.EqualTo(FrameDecodeResult.Ok));
        Assert.That(header.Type, Is.EqualTo(vector.Case.Type));
        Assert.That(header.RequestId, Is.EqualTo(vector.RequestId));
        Assert.That(header.FieldCount, Is.GreaterThanOrEqualTo(0));
        bool isRequest = FrameTypes.Role(header.Type) == FrameRole.Request;
        FrameDecodeResult fromClient = FrameHeader.TryReadRequest(body, out _);
        Assert.That(fromClient, Is.EqualTo(isRequest ? FrameDecodeResult.Ok : FrameDecodeResult.UnknownType));
    }

    [TestCaseSource(nameof(Names))]
    public void Body_cut_short_anywhere_is_malformed(string name)
    {
        var vector = Vector.Read(name);
        int step = Math.Max(1, vector.Body.Length / 600);

        for (int length = 0; length < vector.Body.Length; length += step)
        {
            byte[] part = vector.Body[..length];
            Assert.That(vector.Case.IsWellFormed(new ReadOnlySequence<byte>(part)), Is.False, $"{length} bytes");
            Assert.That(vector.Case.IsWellFormed(Segments.ByteByByte(part)), Is.False, $"{length} bytes, byte by byte");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Body_with_a_byte_left_over_is_malformed(string name)
    {
        var vector = Vector.Read(name);

        foreach (byte extra in new byte[] { 0x00, 0x90, 0xc0, 0xc1, 0xff })
        {
            byte[] longer = [.. vector.Body, extra];
            foreach (ReadOnlySequence<byte> body in Segments.All(longer)) Assert.That(vector.Case.IsWellFormed(body), Is.False);
        }
    }

    [TestCaseSource(nameof(Names))]
    public void No_other_frame_takes_the_body(string name)
    {
        var vector = Vector.Read(name);

        foreach (FrameCase other in FrameCase.All.Values.Where(other => other != vector.Case))
            Assert.That(other.IsWellFormed(new ReadOnlySequence<byte>(vector.Body)), Is.False, other.Struct.Name);
    }

    private sealed record Vector(FrameCase Case, uint RequestId, bool IsCanonical, JsonObject Fields, byte[] Bytes)
    {
        public byte[] Body => Bytes[FrameReader.HeaderBytes..];

        public static Vector Read(string name)
        {
            JsonObject json = JsonNode.Parse(File.ReadAllText(Files.Path("vectors", "frames", name + ".json")))!.AsObject();
            string frame = json["frame"]!.GetValue<string>();
            Assert.That(name.Split('.')[0], Is.EqualTo(frame), "the file is named for its frame");
            FrameCase @case = FrameCase.All[frame];
            Assert.That(json["type"]!.GetValue<int>(), Is.EqualTo((int)@case.Type));

            return new Vector(
                @case,
                json["request_id"]!.GetValue<uint>(),
                json["canonical"]!.GetValue<bool>(),
                json["fields"]!.AsObject(),
                File.ReadAllBytes(Files.Path("vectors", "frames", name + ".bin")));
        }
    }
}
