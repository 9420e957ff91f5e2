using BenchmarkDotNet.Attributes;

using Chat.Domain.Fanout;
using Chat.Micro.Protocol;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Micro.Fanout;

/// <summary>
/// What a delivery costs beside its bytes, which are gathered already: the subscription is woken, read, and its cursor moved. An operation
/// is one delivery.
/// </summary>
[MemoryDiagnoser]
public class SubscriptionBenchmarks
{
    private const int Deliveries = 1_000;

    private readonly SinkPump _pump = new();
    private Subscription[] _subscriptions = [];

    [Params(10, 1_000)]
    public int Subscriptions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        EventPush push = SampleFrames.Event(64);
        ChatHub hub = new(chatId: 1_234, applied: 0, new EarlyEventBudget());
        _subscriptions = [.. Enumerable.Range(1, Subscriptions).Select(id => new Subscription(hub, new SinkSubscriber(id, _pump), cursor: 0))];
        hub.Ring.Write(FrameEncoder.EncodeWebSocket(in push), exceptSessionId: 0, nowMs: 0);
    }

    /// <summary>One push for all, again and again: the cursors are put back after each round, so no ring is written.</summary>
    [Benchmark(OperationsPerInvoke = Deliveries)]
    public long WakeReadAdvance()
    {
        int served = 0;
        for (int round = 0; round < Deliveries / Subscriptions; round++)
        {
            foreach (Subscription subscription in _subscriptions) subscription.Wake();
            served += _pump.Drain();
            foreach (Subscription subscription in _subscriptions) subscription.Advance(0);
        }

        return served == Deliveries ? _pump.Checksum : throw new InvalidOperationException($"{served} of {Deliveries} were delivered.");
    }
}
