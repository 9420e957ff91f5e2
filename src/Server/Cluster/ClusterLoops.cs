using Chat.Domain.Cluster;

namespace Chat.Server.Cluster;

/// <summary>
/// Joins this node with the others: who receives what is published, and the loops beside it. Does nothing for a node that is alone.
/// </summary>
internal sealed class ClusterLoops(IBroker broker, ChatRelayReceiver chats, HeadAnnouncer announcer, HeadPoller poller)
{
    public async Task StartAsync(CancellationToken ct)
    {
        broker.Attach(BrokerTopic.Chats, chats);
        await broker.StartAsync(ct);
        announcer.Start();
        poller.Start();
    }

    /// <summary>
    /// After the last commit. Tells the others not to wait for this node; the broker goes last, because what was committed last is
    /// published through it.
    /// </summary>
    public async Task StopAsync()
    {
        await poller.StopAsync();
        await announcer.StopAsync();
        await broker.DisposeAsync();
    }
}
