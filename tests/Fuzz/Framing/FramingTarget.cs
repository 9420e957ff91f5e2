using System.Buffers;
using System.Buffers.Binary;
using Chat.Fuzz.Engine;
using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;

namespace Chat.Fuzz.Framing;

/// <summary>
/// Frames one behind the other, each with its length in front (protocol-spec.md §3). Right is: the bodies that the lengths name, up to the
/// first that is too large or not whole, however the bytes are cut; nothing is consumed but whole frames, and nothing is copied.
/// </summary>
internal sealed class FramingTarget : FuzzTarget
{
    private static readonly uint[] Lies = [0, 1, 199, 200, 201, 65_536, int.MaxValue, 0x80000000, uint.MaxValue];
    private static readonly int[] Limits = [0, 1, 200, 65_536, int.MaxValue];

    private readonly long[] _ends = new long[3];
    private long _frames;

    public override string Name => "framing";

    public override int InputsInSuite => 300_000;

    public override int InputsInFull => 5_000_000;

    public override string Describe() =>
        $"{_frames} frames; "
            + string.Join(", ", Enum.GetValues<FrameReadResult>().Select(end => $"{_ends[(int)end]} ended with {end}"));

    public override byte[] Make(FuzzRandom random)
    {
        MemoryStream made = new();
        Span<byte> prefix = stackalloc byte[FrameReader.HeaderBytes];
        for (int frames = random.Next(1, 5); frames > 0; frames--)
        {
            byte[] body = random.Bytes(random.Once(20) ? random.Next(300) : random.Next(12));
            BinaryPrimitives.WriteUInt32LittleEndian(prefix, random.Once(10) ? random.Pick(Lies) : (uint)body.Length);
            made.Write(prefix);
            made.Write(body);
        }

        byte[] input = made.ToArray();
        return random.Once(3) ? Mutator.Change(input, random, input) : input;
    }

    public override ValueTask CheckAsync(byte[] input, FuzzRandom random)
    {
        int limit = random.Pick(Limits);
        CheckEach(input, new ReadOnlySequence<byte>(input), limit);
        _ends[(int)CheckEach(input, Segments.Of(input, random.Cuts(input.Length)), limit)]++;
        CheckEach(input, Segments.Of(input, [.. Enumerable.Range(1, Math.Max(0, input.Length - 1))]), limit); // a byte a segment
        return default;
    }

    /// <returns>What the reader said to the bytes that are no whole frame.</returns>
    private FrameReadResult CheckEach(byte[] input, ReadOnlySequence<byte> rest, int limit)
    {
        for (int at = 0; ; _frames++)
        {
            (FrameReadResult expected, int bytes) = Expected(input, at, limit);
            long before = GC.GetAllocatedBytesForCurrentThread();
            FrameReadResult result = FrameReader.TryRead(ref rest, limit, out ReadOnlySequence<byte> body);
            Require(GC.GetAllocatedBytesForCurrentThread() == before, "a frame was cut with memory");
            Require(result == expected, $"at {at}, limit {limit}, it is {result}, but the rules say {expected}");
            Require(body.ToArray().AsSpan().SequenceEqual(input.AsSpan(at + Math.Min(4, bytes), Math.Max(0, bytes - 4))), "another body");
            at += bytes;
            Require(rest.Length == input.Length - at, $"{rest.Length} bytes are left of {input.Length} behind {at}");
            if (result != FrameReadResult.Complete) return result;
        }
    }

    /// <summary>In plain arithmetic; the bytes of the frame with its prefix, of a complete one.</summary>
    private static (FrameReadResult Result, int Bytes) Expected(byte[] input, int at, int limit)
    {
        if (input.Length - at < 4) return (FrameReadResult.NeedMoreData, 0);
        long length = input[at] + (input[at + 1] << 8) + (input[at + 2] << 16) + ((long)input[at + 3] << 24);
        if (length > limit) return (FrameReadResult.BodyTooLarge, 0);
        return input.Length - at - 4 < length ? (FrameReadResult.NeedMoreData, 0) : (FrameReadResult.Complete, 4 + (int)length);
    }
}
