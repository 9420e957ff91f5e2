using BenchmarkDotNet.Attributes;

using Chat.Domain.Fanout;
using Chat.Micro.Protocol;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Micro.Fanout;

/// <summary>A chat's tail of pushes at its full size: one more in at the front, one read.</summary>
[MemoryDiagnoser]
public class MessageRingBenchmarks
{
    private const int Reads = 256;

    private MessageRing _ring = new();
    private byte[] _frame = [];

    [Params(64, 1_024)]
    public int TextBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        EventPush push = SampleFrames.Event(TextBytes);
        _frame = FrameEncoder.EncodeWebSocket(in push);
        _ring = new MessageRing();
        for (int i = 0; i < 2 * MessageRing.MaxCapacity; i++) _ring.Write(_frame, exceptSessionId: 0, nowMs: 0); // no time passes: it grows
    }

    /// <summary>Drops the oldest and allocates the newest entry.</summary>
    [Benchmark]
    public long Write()
    {
        _ring.Write(_frame, exceptSessionId: 0, nowMs: 0);
        return _ring.Tail;
    }

    /// <summary>By index, as a gather does.</summary>
    [Benchmark(OperationsPerInvoke = Reads)]
    public long TryRead()
    {
        long bytes = 0;
        for (long index = _ring.Tail - Reads; index < _ring.Tail; index++)
        {
            if (_ring.TryRead(index, out RingEntry entry) != RingRead.Hit) throw new InvalidOperationException($"{index} is not in the ring.");
            bytes += entry.Frame.Length;
        }

        return bytes;
    }
}
