using System.Buffers;

using BenchmarkDotNet.Attributes;

using Chat.Server.Transport;

namespace Chat.Micro.Transport;

/// <summary>Reading the header of an incoming WebSocket frame, which every message pays once.</summary>
[MemoryDiagnoser]
public class FrameHeaderBenchmarks
{
    private ReadOnlySequence<byte> _whole;
    private ReadOnlySequence<byte> _split;

    [Params(64, 1_024)]
    public int TextBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        byte[] frame = MaskedFrames.Send(TextBytes);
        _whole = new ReadOnlySequence<byte>(frame);
        Segment first = new(frame.AsMemory(0, 3)), last = first.Append(frame.AsMemory(3));
        _split = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>The usual case: the header lies in one piece.</summary>
    [Benchmark(Baseline = true)]
    public WebSocketFrameHeader ReadWhole()
    {
        WebSocketFrameReader.TryReadHeader(in _whole, out WebSocketFrameHeader header);
        return header;
    }

    /// <summary>A read of the socket ended inside of the header.</summary>
    [Benchmark]
    public WebSocketFrameHeader ReadSplit()
    {
        WebSocketFrameReader.TryReadHeader(in _split, out WebSocketFrameHeader header);
        return header;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
