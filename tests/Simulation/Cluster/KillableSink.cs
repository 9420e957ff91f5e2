using Chat.Domain.Fanout;
using Chat.Simulation.Store;
using Chat.Storage;

namespace Chat.Simulation.Cluster;

/// <summary>
/// Stands between the log's writer and the fan-out, so that a node can die behind its publication and in front of its ack.
/// </summary>
internal sealed class KillableSink(ChatFanout fanout, Action<NodeStep> onStep) : ICommittedEvents
{
    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        fanout.OnCommitted(events);
        onStep(NodeStep.AfterPublish);
    }

    public void OnInDoubt(IReadOnlyCollection<long> chatIds) => fanout.OnInDoubt(chatIds);
}
