using System.Buffers;

namespace Chat.Server.Tests.Transport;

/// <summary>Makes sequences of several segments, each in memory of its own.</summary>
internal static class Chunks
{
    public static ReadOnlySequence<byte> Of(ReadOnlySpan<byte> bytes, int chunkBytes)
    {
        Segment first = new(bytes[..Math.Min(chunkBytes, bytes.Length)].ToArray(), null), last = first;
        for (int at = chunkBytes; at < bytes.Length; at += chunkBytes)
            last = new Segment(bytes.Slice(at, Math.Min(chunkBytes, bytes.Length - at)).ToArray(), last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? previous)
        {
            Memory = bytes;
            if (previous is null) return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
