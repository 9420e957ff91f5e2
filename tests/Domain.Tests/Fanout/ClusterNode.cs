using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Fanout;

/// <summary>One node of a cluster as far as the fan-out goes: everything but connections. Loops run only when a test starts them.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private readonly HoleRepairer _repairer;
    private long _sessions;

    private ClusterNode(InMemoryBus bus, IRepairReads reads, TimeProvider time, ILogger<HoleRepairer> log)
    {
        Broker = bus.Join();
        Relay = new ChatRelay(Broker, Identity, time);
        _repairer = new HoleRepairer(reads, time, log);
        Doubts = new CommitsInDoubt(reads, time, NullLogger<CommitsInDoubt>.Instance);
        Fanout = new ChatFanout(_repairer, Doubts, time, Relay);
        Peers = new PeerNodes(Identity, time);
        Poller = new HeadPoller(Fanout, Broker, Peers, reads, time, NullLogger<HeadPoller>.Instance);
        Announcer = new HeadAnnouncer(Relay, time, NullLogger<HeadAnnouncer>.Instance);
        Broker.Attach(BrokerTopic.Chats, new ChatRelayReceiver(Fanout, Poller, Announcer, Peers));
    }

    public NodeIdentity Identity { get; } = NodeIdentity.Create("");

    public InMemoryBroker Broker { get; }

    public ChatRelay Relay { get; }

    public ChatFanout Fanout { get; }

    public CommitsInDoubt Doubts { get; }

    public PeerNodes Peers { get; }

    public HeadPoller Poller { get; }

    public HeadAnnouncer Announcer { get; }

    public static async Task<ClusterNode> JoinAsync(
        InMemoryBus bus, IRepairReads reads, TimeProvider? time = null, ILogger<HoleRepairer>? log = null)
    {
        ClusterNode node = new(bus, reads, time ?? TimeProvider.System, log ?? NullLogger<HoleRepairer>.Instance);
        node._repairer.Start();
        await node.Broker.StartAsync(default);
        return node;
    }

    /// <summary>A session that is signed in with these memberships.</summary>
    public RecordingSubscriber SignIn(long principalId, params SessionMembership[] memberships)
    {
        RecordingSubscriber subscriber = new(++_sessions, principalId);
        SessionSubscriptions session = Fanout.Register(subscriber);
        Assert.That(Fanout.Enter(session, memberships, []));
        session.Entered();
        return subscriber;
    }

    /// <summary>What the chat log's writer does after its commit.</summary>
    public void Commit(MemoryLog log, params EventRow[] rows)
    {
        log.Commit(rows);
        Fanout.OnCommitted(rows);
    }

    public async ValueTask DisposeAsync()
    {
        await Doubts.DisposeAsync();
        await Poller.DisposeAsync();
        await Announcer.DisposeAsync();
        await Broker.DisposeAsync();
        await _repairer.DisposeAsync();
    }

    /// <summary>Drains the sessions until they hold what is expected; the test's own deadline is the limit.</summary>
    public static async Task UntilAsync(Func<bool> isSo, CancellationToken ct, params RecordingSubscriber[] drained)
    {
        while (true)
        {
            foreach (RecordingSubscriber subscriber in drained) subscriber.Drain();
            if (isSo()) return;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        }
    }
}
