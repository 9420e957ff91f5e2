using BenchmarkDotNet.Attributes;

using Chat.Domain.Fanout;
using Chat.Micro.Protocol;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Framing;
using Chat.Server.Outbound;

using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Micro.Outbound;

/// <summary>
/// Two connections in two chats are given something and drained by their pump: two, so that each push is gathered anew, as in small
/// chats. An operation is the drain of one connection.
/// </summary>
[MemoryDiagnoser]
public class ConnectionOutputBenchmarks
{
    private const int Connections = 2;

    private readonly SinkOutput[] _outputs = new SinkOutput[Connections];
    private readonly Subscription[] _subscriptions = new Subscription[Connections];
    private readonly SentReply _reply = SampleFrames.Sent();
    private OutboundPump _pump = new(static () => { }, new OutboundPace(), TimeProvider.System, NullLogger.Instance);

    [Params(64, 1_024)]
    public int TextBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        EventPush push = SampleFrames.Event(TextBytes);
        _pump = new OutboundPump(static () => { }, new OutboundPace(), TimeProvider.System, NullLogger.Instance);
        for (int i = 0; i < Connections; i++)
        {
            ChatHub hub = new(chatId: i + 1, applied: 0, new EarlyEventBudget());
            _outputs[i] = new SinkOutput(sessionId: i + 1, _pump);
            _subscriptions[i] = new Subscription(hub, _outputs[i], cursor: 0);
            hub.Ring.Write(FrameEncoder.EncodeWebSocket(in push), exceptSessionId: 0, nowMs: 0);
        }
    }

    /// <summary>An ack and nothing else.</summary>
    [Benchmark(OperationsPerInvoke = Connections)]
    public long Reply()
    {
        foreach (SinkOutput output in _outputs) WriteReply(output);
        return Drain();
    }

    /// <summary>A chat's push and nothing else: sent from where it was gathered.</summary>
    [Benchmark(OperationsPerInvoke = Connections)]
    public long Push()
    {
        foreach (Subscription subscription in _subscriptions) subscription.Wake();
        return Drain();
    }

    /// <summary>Both in one send: what the sender of a message gets.</summary>
    [Benchmark(OperationsPerInvoke = Connections)]
    public long ReplyAndPush()
    {
        for (int i = 0; i < Connections; i++)
        {
            WriteReply(_outputs[i]);
            _subscriptions[i].Wake();
        }

        return Drain();
    }

    private void WriteReply(SinkOutput output)
    {
        using RentedFrame reply = FrameEncoder.RentWebSocket(in _reply, requestId: 7);
        if (!output.TryWrite(reply.Bytes)) throw new InvalidOperationException("The output takes nothing any more.");
    }

    /// <summary>Puts the cursors back afterwards, so that the next round finds the same push.</summary>
    private long Drain()
    {
        int before = Sends();
        _pump.RunSome();
        if (Sends() - before != Connections) throw new InvalidOperationException($"{Sends() - before} sends for {Connections} connections.");
        foreach (Subscription subscription in _subscriptions) subscription.Advance(0);
        return _outputs[0].Checksum;
    }

    private int Sends()
    {
        int sends = 0;
        foreach (SinkOutput output in _outputs) sends += output.Sends;
        return sends;
    }
}
