using BenchmarkDotNet.Attributes;

using Chat.Domain.Fanout;
using Chat.Micro.Protocol;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Micro.Fanout;

/// <summary>
/// Gathering one push for the subscriptions of one chat that stand at the same place: the first copies it from the ring, the others
/// share the copy. An operation is one delivery, so the two sizes are comparable.
/// </summary>
[MemoryDiagnoser]
public class GatherBufferBenchmarks
{
    private const int Deliveries = 2_000; // two pushes for a thousand: with one, the next call would find it gathered
    private const int FewestSubscriptions = 10;
    private const long ExceptedSession = 1;

    private readonly GatherBuffer _gathered = new();
    private MessageRing _ring = new();
    private MessageRing _typing = new();

    [Params(FewestSubscriptions, 1_000)]
    public int Subscriptions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        EventPush push = SampleFrames.Event(64);
        TypingPush typing = new(1_234, 4_321, Active: true);
        byte[] frame = FrameEncoder.EncodeWebSocket(in push), typingFrame = FrameEncoder.EncodeWebSocket(in typing);
        (_ring, _typing) = (new MessageRing(), new MessageRing());
        for (int i = 0; i < Deliveries / FewestSubscriptions; i++)
        {
            _ring.Write(frame, exceptSessionId: 0, nowMs: 0);
            _typing.Write(typingFrame, ExceptedSession, nowMs: 0);
        }
    }

    /// <summary>All get the same.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Deliveries)]
    public long Shared() => Gather(_ring);

    /// <summary>One of them, who typed, gets nothing.</summary>
    [Benchmark(OperationsPerInvoke = Deliveries)]
    public long SharedButOne() => Gather(_typing);

    private long Gather(MessageRing ring)
    {
        long sum = 0;
        for (int at = 0; at < Deliveries / Subscriptions; at++)
        {
            for (int session = 1; session <= Subscriptions; session++)
            {
                if (!_gathered.TryGather(ring, at, at + 1, session, out long to)) throw new InvalidOperationException($"{at} is not in the ring.");
                sum += to + SinkPump.Consume(_gathered.Bytes);
            }
        }

        return sum;
    }
}
