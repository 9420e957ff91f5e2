using System.Diagnostics;
using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.TestKit;
using static Chat.Domain.Tests.Fanout.ClusterNode;

namespace Chat.Domain.Tests.Fanout;

/// <summary>When heads are asked for (ADR 0015): the loop itself, on a clock that can jump.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HeadPollerTests : IAsyncDisposable
{
    private const long ChatId = 7, Anna = 1, Ben = 2;

    private readonly InMemoryBus _bus = new();
    private readonly MemoryLog _log = new();
    private readonly JumpingTime _time = new();
    private readonly List<ClusterNode> _nodes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in _nodes) await node.DisposeAsync();
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P15")]
    public async Task While_the_broker_is_degraded_heads_are_polled_and_everything_arrives(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b, RecordingSubscriber ben) = await PollingAsync();
        b.Broker.SetHealth(BrokerHealth.Degraded);

        a.Commit(_log, Message(1));
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);
        a.Commit(_log, Message(2));
        await UntilAsync(() => ben.Events.Count >= 2, ct, ben);

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2 }));
    }

    [Test, CancelAfter(60_000)]
    public async Task When_the_broker_is_healthy_again_heads_are_read_at_once(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b, RecordingSubscriber ben) = await PollingAsync();
        int before = _log.HeadReads;
        _bus.OnPublish = static (_, _, _) => { };
        a.Commit(_log, Message(1));

        b.Broker.SetHealth(BrokerHealth.Degraded);
        b.Broker.SetHealth(BrokerHealth.Healthy);
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(_log.HeadReads, Is.GreaterThan(before));
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P15")]
    public async Task A_node_whose_broker_is_healthy_again_announces_at_once_what_it_could_not_publish(CancellationToken ct)
    {
        ClusterNode a = await JoinAsync(_bus, _log, _time), b = await JoinAsync(_bus, _log, _time); // none of their loops runs
        _nodes.AddRange([a, b]);
        RecordingSubscriber ben = b.SignIn(Ben, new SessionMembership(ChatId, ChatKinds.Group, 1, 0, 1));
        a.Broker.SetHealth(BrokerHealth.Degraded);
        a.Commit(_log, Message(1));

        a.Broker.SetHealth(BrokerHealth.Healthy);
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L }));
    }

    [Test, CancelAfter(60_000)]
    [Property("Fault", "F-02")]
    public async Task A_process_that_stood_still_reads_heads_at_once(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode _, RecordingSubscriber ben) = await PollingAsync();
        _bus.OnPublish = static (_, _, _) => { };
        a.Commit(_log, Message(1));

        _time.Jump(HeadPoller.StoodStill + TimeSpan.FromSeconds(1)); // far from the next poll of its own
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(ben.Events, Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P12")]
    public async Task A_reading_that_takes_long_is_no_standstill_and_brings_no_other_one(CancellationToken ct)
    {
        (ClusterNode _, ClusterNode b, RecordingSubscriber ben) = await PollingAsync();
        _log.OnHeadRead = () => _time.Jump(HeadPoller.StoodStill + TimeSpan.FromSeconds(1)); // a database that needs six seconds
        int before = _log.HeadReads;

        b.Poller.PollSoon();
        long start = Stopwatch.GetTimestamp();
        await UntilAsync(() => _log.HeadReads > before && Stopwatch.GetElapsedTime(start).TotalSeconds > 2.6, ct, ben); // five ticks

        Assert.That(_log.HeadReads - before, Is.LessThanOrEqualTo(2));
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P15")]
    public async Task A_node_that_runs_and_is_not_heard_makes_the_others_poll(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b, RecordingSubscriber ben) = await PollingAsync();
        _log.RunningNodes = [new(a.Identity.Incarnation, HoldsName: true), new(b.Identity.Incarnation, HoldsName: true)];
        a.Relay.AnnounceHeads(); // from now on a is expected to be heard
        a.Broker.SetHealth(BrokerHealth.Degraded); // cut off from the broker, while b is not
        a.Commit(_log, Message(1));

        _time.Jump(PeerNodes.Silence + TimeSpan.FromSeconds(0.5)); // not long enough to have stood still
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(b.Broker.Health, Is.EqualTo(BrokerHealth.Healthy));
    }

    [Test, CancelAfter(60_000)]
    [Property("Fault", "F-01")]
    [Property("Promise", "P15")]
    public async Task After_a_node_has_ended_heads_are_read_once_and_again_only_when_it_takes_its_name_back(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b, RecordingSubscriber ben) = await PollingAsync();
        RunningNode self = new(b.Identity.Incarnation, HoldsName: true);
        _log.RunningNodes = [new(a.Identity.Incarnation, HoldsName: false), self];
        a.Relay.AnnounceHeads(); // from now on a is expected to be heard
        a.Broker.SetHealth(BrokerHealth.Degraded);
        a.Commit(_log, Message(1)); // its last, and published by nobody

        _time.Jump(PeerNodes.Silence + TimeSpan.FromSeconds(0.5));
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);
        (int headsBefore, int nodesBefore) = (_log.HeadReads, _log.NodeReads);
        for (int asked = 1; asked <= 3; asked++)
        {
            _time.Jump(HeadPoller.DegradedPeriod);
            await UntilAsync(() => _log.NodeReads >= nodesBefore + asked, ct, ben);
        }

        int headsOnceSettled = _log.HeadReads;
        a.Commit(_log, Message(2)); // it had lost its connection to the database, and has a new one
        _log.RunningNodes = [new(a.Identity.Incarnation, HoldsName: true), self];
        _time.Jump(HeadPoller.DegradedPeriod);
        await UntilAsync(() => ben.Events.Count >= 2, ct, ben);

        Assert.That(headsOnceSettled, Is.EqualTo(headsBefore));
        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2 }));
    }

    [Test]
    public void Nodes_that_are_dead_for_the_database_or_said_farewell_are_not_waited_for()
    {
        PeerNodes peers = new(new NodeIdentity("self", 1), _time);
        peers.Heard(2);
        peers.Heard(3);
        peers.Heard(4);
        _time.Jump(PeerNodes.Silence + TimeSpan.FromSeconds(1));
        int silent = peers.CountSilent();

        peers.Left(2);
        peers.Reconcile([new(1, HoldsName: true), new(4, HoldsName: true)]);
        peers.Settle();

        Assert.That((silent, peers.CountSilent()), Is.EqualTo((3, 1)));
    }

    [Test]
    public void A_node_that_another_process_has_replaced_is_waited_for_until_heads_were_read()
    {
        PeerNodes peers = new(new NodeIdentity("self", 1), _time);
        peers.Heard(2);
        _time.Jump(PeerNodes.Silence + TimeSpan.FromSeconds(1));

        peers.Reconcile([new(1, HoldsName: true), new(3, HoldsName: true)]); // the row of 2 is that of 3 by now
        (bool before, int silent) = (peers.MayHaveCommitted(), peers.CountSilent());
        peers.Settle();

        Assert.That((before, silent, peers.MayHaveCommitted(), peers.CountSilent()), Is.EqualTo((true, 1, false, 0)));
    }

    [Test]
    public void A_node_that_has_ended_is_settled_by_a_reading_of_heads_and_forgotten_with_its_row()
    {
        PeerNodes peers = new(new NodeIdentity("self", 1), _time);
        peers.Heard(2);
        _time.Jump(PeerNodes.Silence + TimeSpan.FromSeconds(1));

        peers.Reconcile([new(1, HoldsName: true), new(2, HoldsName: false)]);
        bool before = peers.MayHaveCommitted();
        peers.Settle();
        peers.Reconcile([new(1, HoldsName: true), new(2, HoldsName: false)]);
        (bool settled, int silent) = (peers.MayHaveCommitted(), peers.CountSilent());
        peers.Reconcile([new(1, HoldsName: true)]);

        Assert.That((before, settled, silent, peers.CountSilent()), Is.EqualTo((true, false, 1, 0)));
    }

    [Test]
    public void A_node_that_was_never_heard_may_be_starting_and_is_waited_for_a_little_longer()
    {
        PeerNodes peers = new(new NodeIdentity("self", 1), _time);
        peers.Reconcile([new(1, HoldsName: true), new(5, HoldsName: true)]);

        _time.Jump(PeerNodes.Silence + TimeSpan.FromSeconds(1));
        int early = peers.CountSilent();
        _time.Jump(PeerNodes.Starting);

        Assert.That((early, peers.CountSilent()), Is.EqualTo((0, 1)));
    }

    /// <summary>Two nodes, of which the second polls by itself.</summary>
    private async Task<(ClusterNode A, ClusterNode B, RecordingSubscriber Ben)> PollingAsync()
    {
        ClusterNode a = await JoinAsync(_bus, _log, _time), b = await JoinAsync(_bus, _log, _time);
        _nodes.AddRange([a, b]);
        RecordingSubscriber ben = b.SignIn(Ben, new SessionMembership(ChatId, ChatKinds.Group, 1, 0, 1));
        await b.Poller.PollAsync(default);
        b.Poller.Start();
        await UntilAsync(() => _log.HeadReads >= 2, default); // the one that becoming healthy asked for
        return (a, b, ben);
    }

    private static EventRow Message(long sequence) =>
        new(ChatId, sequence, EventKinds.Message, Anna, 0, Guid.Empty, null, $"message {sequence}", null, null);

    /// <summary>The system's clock, which a test can put forward: as after a process was stopped, its timers come late.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private long _jumped;

        public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _jumped);
    }
}
