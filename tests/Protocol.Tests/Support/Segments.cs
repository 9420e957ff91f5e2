using System.Buffers;

namespace Chat.Protocol.Tests.Support;

/// <summary>The same bytes as sequences that are cut in different ways, because a socket cuts where it likes.</summary>
internal static class Segments
{
    private const int EveryCutUpTo = 600;
    private const int CutsOfLonger = 60;

    /// <summary>Whole, byte by byte, and in two at each position (of longer input: at some sixty).</summary>
    public static IEnumerable<ReadOnlySequence<byte>> All(byte[] bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        yield return ByteByByte(bytes);
        int step = bytes.Length <= EveryCutUpTo ? 1 : bytes.Length / CutsOfLonger;
        for (int cut = 1; cut < bytes.Length; cut += step) yield return Of(bytes, cut);
    }

    public static ReadOnlySequence<byte> ByteByByte(byte[] bytes) =>
        Of(bytes, Enumerable.Range(1, Math.Max(0, bytes.Length - 1)).ToArray());

    /// <summary>Cut at the given ascending positions.</summary>
    public static ReadOnlySequence<byte> Of(byte[] bytes, params int[] cuts)
    {
        Segment? first = null;
        Segment? last = null;
        int from = 0;
        foreach (int to in cuts.Append(bytes.Length))
        {
            last = new Segment(bytes.AsMemory(from, to - from), last);
            first ??= last;
            from = to;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null) return;

            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
