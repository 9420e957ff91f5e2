using System.Buffers;
using System.Text.Json.Nodes;
using Chat.Fuzz.Engine;
using Chat.Protocol.Framing;
using Chat.Protocol.MessagePack;
using Chat.Protocol.Tests.Support;

namespace Chat.Fuzz.MessagePack;

/// <summary>
/// Bodies of frames. Right is: the reader takes what the specification's own words, within the wire's limits, take, and reads the same
// from it; the
/// same however it is cut; no exception and no more than 64 KiB for whatever comes; JavaScript's reader agrees on a sample.
/// </summary>
internal sealed class MessagePackTarget : FuzzTarget
{
    private const int MostBytesAllocated = 64 * 1024;
    private const int MostCompared = 20_000;
    private const int RoundTripEvery = 8;

    private readonly IReadOnlyList<byte[]> _corpus = [.. Corpus.Read("messagepack"), .. Corpus.FrameBodies()];
    private readonly FrameCase[] _frames = [.. FrameCase.All.Values.OrderBy(frame => frame.Type)];
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly JavaScriptReader _javaScript = new();
    private long _accepted, _wellFormed, _inputs;

    public override string Name => "messagepack";

    public override int InputsInSuite => 300_000;

    public override int InputsInFull => 5_000_000;

    public override string Describe() => $"{_accepted} values, {_wellFormed} well-formed frames. {_javaScript.Verdict}";

    public override byte[] Make(FuzzRandom random) => PackedValues.Make(random, _corpus);

    public override ValueTask CheckAsync(byte[] input, FuzzRandom random)
    {
        ReferenceValue reference = ReferenceReader.Read(input);
        ReadOnlySequence<byte> whole = new(input), cut = Segments.Of(input, random.Cuts(input.Length));
        CheckSkip(input, whole, reference);
        CheckSkip(input, cut, reference);
        if (reference.Refusal == Refusal.None)
        {
            _accepted++;
            if (reference.IsPlain) CheckRead(input, whole, cut, reference);
        }

        CheckFrames(whole, cut, input, random);
        if (_inputs++ % Math.Max(1, InputsInSuite / MostCompared) == 0 && _javaScript.Count < MostCompared)
            _javaScript.Add(reference.Refusal == Refusal.None ? input[..reference.Bytes] : input, reference, Written(reference));
        return default;
    }

    public override Task FinishAsync() => _javaScript.CompareAsync();

    private static void CheckSkip(byte[] input, ReadOnlySequence<byte> bytes, in ReferenceValue reference)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        MessagePackReader reader = new(bytes);
        bool isSkipped = reader.TrySkip();
        Require(GC.GetAllocatedBytesForCurrentThread() - before <= MostBytesAllocated, "skipping allocated too much");
        Require(isSkipped == (reference.Refusal == Refusal.None), $"skipped: {isSkipped}, but it is {reference.Refusal}");
        if (isSkipped)
            Require(
                input.Length - reader.Remaining == reference.Bytes,
                $"{input.Length - reader.Remaining} bytes were skipped of {reference.Bytes}");
    }

    private void CheckRead(byte[] input, ReadOnlySequence<byte> whole, ReadOnlySequence<byte> cut, in ReferenceValue reference)
    {
        Require(AreEqual(ReadTree(new MessagePackReader(whole)), reference.Tree), "another value was read");
        Require(AreEqual(ReadTree(new MessagePackReader(cut)), reference.Tree), "another value was read from segments");

        byte[] again = Written(reference)!;
        ReferenceValue second = ReferenceReader.Read(again);
        Require(second.Bytes == again.Length && AreEqual(second.Tree, reference.Tree), "what was written again is another value");
        Require(again.Length <= reference.Bytes, "what was written is not the shortest form");
        Require(input.Length >= again.Length, "longer than it was");
    }

    private void CheckFrames(ReadOnlySequence<byte> whole, ReadOnlySequence<byte> cut, byte[] input, FuzzRandom random)
    {
        FrameDecodeResult result = FrameHeader.TryReadRequest(whole, out FrameHeader header);
        Require(FrameHeader.TryReadRequest(cut, out FrameHeader other) == result && other == header, "another head was read from segments");

        // The type that the bytes name, so that fields are reached; sometimes another, as a handler of the wrong type would.
        FrameCase frame = random.Pick(_frames);
        if (input.Length > 1) frame = Array.Find(_frames, candidate => (byte)candidate.Type == input[1]) ?? frame;
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isWellFormed = frame.IsWellFormed(whole);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Require(allocated <= MostBytesAllocated, $"{frame.Type} allocated {allocated} bytes");
        Require(frame.IsWellFormed(cut) == isWellFormed, $"{frame.Type} is judged otherwise from segments");
        if (!isWellFormed) return;
        if (_wellFormed++ % RoundTripEvery == 0) CheckRoundTrip(frame, whole);
    }

    /// <summary>What was read is written, by each of the ways out, as bytes from which the same is read.</summary>
    private static void CheckRoundTrip(FrameCase frame, ReadOnlySequence<byte> body)
    {
        JsonObject fields = frame.Decode(body, out uint requestId)!;
        byte[] written = frame.Encode(fields, requestId);
        Require(frame.Append(fields, requestId).AsSpan().SequenceEqual(written), $"{frame.Type} is written in two ways");
        JsonObject? again = frame.Decode(new ReadOnlySequence<byte>(written).Slice(FrameReader.HeaderBytes), out uint sameId);
        Require(sameId == requestId && JsonNode.DeepEquals(again, fields), $"{frame.Type} was {fields}, is written as {again}");
    }

    /// <summary>The value in the product's own encoding; null for what the wire cannot say.</summary>
    private byte[]? Written(in ReferenceValue value)
    {
        if (value.Refusal != Refusal.None || !value.IsPlain) return null;
        _output.ResetWrittenCount();
        MessagePackWriter writer = new(_output);
        Write(ref writer, value.Tree);
        writer.Flush();
        return _output.WrittenSpan.ToArray();
    }

    private static void Write(ref MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNil(); break;
            case bool flag: writer.WriteBoolean(flag); break;
            case long integer: writer.WriteInt64(integer); break;
            case string text: writer.WriteString(text); break;
            case byte[] bytes: writer.WriteBinary(bytes); break;
            case List<object?> items:
                writer.WriteArrayHeader(items.Count);
                foreach (object? item in items) Write(ref writer, item);
                break;
            default: throw new InvalidOperationException($"no such value: {value.GetType()}");
        }
    }

    private static object? ReadTree(MessagePackReader reader) => ReadTree(ref reader);

    // Each reading method is tried on each value: exactly one may take it.
    private static object? ReadTree(ref MessagePackReader reader)
    {
        MessagePackReader at = reader;
        if (reader.TryReadNil()) return null;
        reader = at;
        if (reader.TryReadInt64(out long integer)) return integer;
        reader = at;
        if (reader.TryReadBoolean(out bool flag)) return flag;
        reader = at;
        if (reader.TryReadString(out string? text)) return text;
        reader = at;
        if (reader.TryReadBinary(out ReadOnlySequence<byte> bytes)) return bytes.ToArray();
        reader = at;
        Require(reader.TryReadArrayHeader(out int count), "no method takes this value");
        List<object?> items = new(count);
        for (int i = 0; i < count; i++) items.Add(ReadTree(ref reader));
        return items;
    }

    private static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y),
        (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(pair => AreEqual(pair.First, pair.Second)),
        _ => Equals(one, other),
    };
}
