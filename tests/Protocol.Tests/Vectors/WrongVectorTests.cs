using System.Buffers;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.Vectors;

/// <summary>The files of tests/vectors/wrong: what a wrong client sends, and the close code that it earns, protocol-spec.md §7.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class WrongVectorTests
{
    private static IEnumerable<string> Names => Files.VectorNames("wrong");

    [TestCaseSource(nameof(Names))]
    public void Close_code_is_the_specified_one_however_the_bytes_are_cut(string name)
    {
        (byte[] bytes, JsonObject json) = Read(name);
        bool isOnline = json["state"]!.GetValue<string>() == "online";

        foreach (ReadOnlySequence<byte> message in Segments.All(bytes))
            Assert.That((int)ServerJudge.Judge(message, isOnline), Is.EqualTo(json["close"]!.GetValue<int>()));
    }

    [TestCaseSource(nameof(Names))]
    public void Fault_is_found_at_the_level_named(string name)
    {
        (byte[] bytes, JsonObject json) = Read(name);

        Assert.That(LevelOf(new ReadOnlySequence<byte>(bytes)), Is.EqualTo(json["level"]!.GetValue<string>()));
    }

    [TestCaseSource(nameof(Names)), NonParallelizable, Property("Promise", "4.7")]
    public void Judging_allocates_no_more_than_64_KiB(string name)
    {
        (byte[] bytes, JsonObject json) = Read(name);
        bool isOnline = json["state"]!.GetValue<string>() == "online";
        var message = new ReadOnlySequence<byte>(bytes);

        long allocated = Allocation.Of(() => ServerJudge.Judge(message, isOnline));

        Assert.That(allocated, Is.LessThanOrEqualTo(Allocation.HostileCeilingBytes));
    }

    private static string LevelOf(ReadOnlySequence<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            FrameReadResult result = FrameReader.TryRead(ref rest, ProtocolLimits.MaxClientFrameBytes, out ReadOnlySequence<byte> body);
            if (result == FrameReadResult.BodyTooLarge) return "framing";
            if (result == FrameReadResult.NeedMoreData) return "message";
            if (FrameHeader.TryReadRequest(body, out FrameHeader header) != FrameDecodeResult.Ok) return "header";
            if (!FrameCase.Of(header.Type).IsWellFormed(body)) return "fields";
        }

        return "state";
    }

    private static (byte[] Bytes, JsonObject Json) Read(string name) => (
        File.ReadAllBytes(Files.Path("vectors", "wrong", name + ".bin")),
        JsonNode.Parse(File.ReadAllText(Files.Path("vectors", "wrong", name + ".json")))!.AsObject());
}
