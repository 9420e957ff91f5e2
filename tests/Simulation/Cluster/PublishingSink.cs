using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Simulation.Store;
using Chat.Storage;

namespace Chat.Simulation.Cluster;

/// <summary>Stands between the log's writer and the fan-out, to kill the node behind it.</summary>
internal sealed class PublishingSink : ICommittedEvents, IBrokerReceiver
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<long, EventRow> Rows = new();
    private static long s_last;
    private readonly ChatFanout _fanout;
    private readonly IBroker _broker;
    private readonly Action<NodeStep> _onStep;

    public PublishingSink(ChatFanout fanout, IBroker broker, Action<NodeStep> onStep)
    {
        (_fanout, _broker, _onStep) = (fanout, broker, onStep);
        broker.Attach(BrokerTopic.Chats, this);
    }

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        _fanout.OnCommitted(events);
        foreach (EventRow row in events)
        {
            long key = Interlocked.Increment(ref s_last);
            Rows[key] = row;
            _broker.TryPublish(BrokerChannel.ForChat(row.ChatId), BitConverter.GetBytes(key));
        }

        _onStep(NodeStep.AfterPublish);
    }

    public void OnPublication(BrokerChannel channel, ReadOnlyMemory<byte> payload) => _fanout.OnCommitted([Rows[BitConverter.ToInt64(payload.Span)]]);

    public void OnHealthChanged(BrokerHealth health)
    {
    }
}
