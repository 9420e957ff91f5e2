using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using static Chat.Domain.Tests.Fanout.ClusterNode;

namespace Chat.Domain.Tests.Fanout;

/// <summary>A commit whose answer was lost is stored or not; if it is, everybody gets its events (P5, P15).</summary>
[TestFixture, Property("Issue", 4)]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CommitsInDoubtTests : IAsyncDisposable
{
    private const long ChatId = 7, Anna = 1, Ben = 2;

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBus _bus = new();
    private readonly MemoryLog _log = new();
    private readonly List<ClusterNode> _nodes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in _nodes) await node.DisposeAsync();
    }

    [Test, CancelAfter(30_000)]
    public async Task On_a_node_that_is_alone_what_was_stored_is_delivered(CancellationToken ct)
    {
        await using HoleRepairer repairer = new(_log, _time, NullLogger<HoleRepairer>.Instance);
        await using CommitsInDoubt doubts = new(_log, _time, NullLogger<CommitsInDoubt>.Instance);
        ChatFanout fanout = new(repairer, doubts, _time);
        repairer.Start();
        doubts.Start();
        RecordingSubscriber ben = new(11, Ben);
        fanout.Enter(fanout.Register(ben), [In(head: 1)], []);

        _log.Commit(Message(1), Message(2));
        fanout.OnInDoubt([ChatId]);
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 2L }));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P15")]
    public async Task The_other_nodes_hear_of_it_with_the_next_announcement(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, In(head: 0));
        _log.Commit(Message(1));

        a.Fanout.OnInDoubt([ChatId]);
        await UntilAsync(() => a.Relay.AnnounceHeads() == 1, ct);
        await WithTimeAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L }));
    }

    [Test, CancelAfter(30_000)]
    public async Task While_the_database_does_not_answer_it_is_asked_again(CancellationToken ct)
    {
        (ClusterNode a, _) = await TwoAsync();
        RecordingSubscriber ben = a.SignIn(Ben, In(head: 0));
        _log.IsDown = true;
        _log.Commit(Message(1));

        a.Fanout.OnInDoubt([ChatId]);
        await WithTimeAsync(() => _log.SettledReads >= 3, ct, ben);
        _log.IsDown = false;
        await WithTimeAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L }));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_TCP_brings_to_the_database_after_the_answer_is_found_at_the_second_look_and_that_is_the_last(CancellationToken ct)
    {
        (ClusterNode a, _) = await TwoAsync();
        RecordingSubscriber ben = a.SignIn(Ben, In(head: 0));

        a.Fanout.OnInDoubt([ChatId]);
        await UntilAsync(() => _log.SettledReads == 1, ct);
        _log.Commit(Message(1));
        await WithTimeAsync(() => ben.Events.Count >= 1, ct, ben);
        for (int i = 0; i < 10; i++) _time.Advance(CommitsInDoubt.LongestFlight);
        await a.Doubts.StopAsync();

        Assert.That(_log.SettledReads, Is.EqualTo(2));
    }

    [TestCase(true, 1), TestCase(false, 0), CancelAfter(30_000)]
    public async Task A_node_that_ends_without_an_answer_is_missed_by_the_others(bool isDown, int missed, CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        a.Relay.AnnounceHeads();
        _log.IsDown = isDown;

        a.Fanout.OnInDoubt([ChatId]);
        await UntilAsync(() => _log.SettledReads >= 1, ct);
        await a.Doubts.StopAsync();
        a.Relay.SayFarewell();
        _time.Advance(PeerNodes.Silence + TimeSpan.FromSeconds(1));

        Assert.That(b.Peers.CountSilent(), Is.EqualTo(missed));
    }

    private async Task<(ClusterNode A, ClusterNode B)> TwoAsync()
    {
        ClusterNode a = await JoinAsync(_bus, _log, _time), b = await JoinAsync(_bus, _log, _time);
        _nodes.AddRange([a, b]);
        a.Doubts.Start();
        return (a, b);
    }

    /// <summary>As <see cref="UntilAsync"/>, while the clock goes on.</summary>
    private Task WithTimeAsync(Func<bool> isSo, CancellationToken ct, params RecordingSubscriber[] drained) =>
        UntilAsync(() => isSo() || Pass(TimeSpan.FromMilliseconds(100)), ct, drained);

    private bool Pass(TimeSpan time)
    {
        _time.Advance(time);
        return false;
    }

    private static SessionMembership In(long head) => new(ChatId, ChatKinds.Group, 1, head, 1);

    private static EventRow Message(long sequence) =>
        new(ChatId, sequence, EventKinds.Message, Anna, 0, Guid.Empty, null, $"message {sequence}", null, null);
}
