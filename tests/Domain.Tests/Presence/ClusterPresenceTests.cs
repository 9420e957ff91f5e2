using Chat.Domain.Cluster;
using Chat.Protocol.Frames.Pushes;
using Chat.TestKit;

namespace Chat.Domain.Tests.Presence;

/// <summary>Presence across nodes, joined in memory, on the test's clock.</summary>
[Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClusterPresenceTests : IAsyncDisposable // P17, R-113
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly InMemoryBus _bus = new();
    private readonly InMemoryPresenceLeases _leases;
    private readonly List<PresenceNode> _nodes = [];
    private readonly HashSet<PresenceNode> _dead = [];

    public ClusterPresenceTests() => _leases = new InMemoryPresenceLeases(_time);

    public async ValueTask DisposeAsync()
    {
        _leases.IsAway = false;
        foreach (PresenceNode node in _nodes) await node.DisposeAsync();
    }

    [Test, CancelAfter(60_000)]
    public async Task A_watcher_on_another_node_is_told_of_coming_and_going()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        RecordingSubscriber watcher = two.Watching(100);

        RecordingSubscriber anna = one.Online(100);
        await UntilAsync(() => PresenceNode.Told(watcher).Length == 1);
        Assert.That(two.Registry.Read(100, 1234).Online, Is.True);

        one.Registry.Offline(anna);
        await PassAsync(5);
        await UntilAsync(() => PresenceNode.Told(watcher).Length == 2);
        Assert.That(
            PresenceNode.Told(watcher), Is.EqualTo(new PresencePush[] { new(100, true), new(100, false, Start.ToUnixTimeMilliseconds()) }));
        Assert.That(two.Registry.Read(100, 1234).Online, Is.False);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_node_that_joins_later_knows_who_is_there()
    {
        PresenceNode one = await StartAsync("one");
        for (int id = 1; id <= 2500; id++) one.Online(id);
        await UntilAsync(() => _leases.List(one.Identity).Length == 2500);

        PresenceNode two = await StartAsync("two");

        await UntilAsync(() => two.Registry.IsOnline(1) && two.Registry.IsOnline(2500));
        Assert.That(two.Registry.IsOnline(2501), Is.False);
        Assert.That(two.Registry.PeopleCount, Is.Zero, "whom nobody watches here is kept as a number only");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_principal_on_two_nodes_is_online_until_the_last_session_ends()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        PresenceNode three = await StartAsync("three");
        RecordingSubscriber watcher = three.Watching(100, 101);
        RecordingSubscriber phone = one.Online(100), laptop = two.Online(100);
        await UntilAsync(() => PresenceNode.Told(watcher).Length == 1 && one.Registry.Read(100, null).Online);
        await UntilAsync(() => _leases.List(two.Identity).Contains(100) && _leases.List(one.Identity).Contains(100));
        RecordingSubscriber mark = one.Online(101); // after it, everything before has arrived on the other nodes
        two.Online(102);
        await UntilAsync(() => PresenceNode.Told(watcher).Length == 2 && one.Registry.IsOnline(102));
        Task<bool> saving = one.Registry.Saving;

        one.Registry.Offline(phone);
        await PassAsync(5);
        await UntilAsync(() => !_leases.List(one.Identity).Contains(100));
        Assert.That(one.Registry.IsOnline(100) && two.Registry.IsOnline(100) && three.Registry.IsOnline(100), Is.True);
        Assert.That(one.Registry.Saving, Is.SameAs(saving), "not stored as last seen: they are online elsewhere");

        one.Registry.Offline(mark);
        two.Registry.Offline(laptop);
        await PassAsync(5);
        await UntilAsync(() => PresenceNode.Told(watcher).Length == 4);
        Assert.That(PresenceNode.Told(watcher).Select(push => (push.PrincipalId, push.Online)),
            Is.EquivalentTo(new[] { (100L, true), (101L, true), (101L, false), (100L, false) }));
        await UntilAsync(() => !one.Registry.IsOnline(100));
    }

    [Test, CancelAfter(60_000)]
    public async Task Lost_publications_are_made_up_for_within_ten_seconds()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        RecordingSubscriber bert = one.Online(99);
        RecordingSubscriber watcher = two.Watching(99, 100);
        await UntilAsync(() => two.Registry.IsOnline(99));
        _bus.OnPublish = static (_, _, _) => { };
        one.Online(100);
        one.Registry.Offline(bert);
        await PassAsync(5);
        await UntilAsync(() => _leases.List(one.Identity) is [100]);
        Assert.That(two.Registry.IsOnline(100), Is.False);

        _bus.OnPublish = null;
        await PassAsync(10);

        await UntilAsync(() => two.Registry.IsOnline(100) && !two.Registry.IsOnline(99));
        Assert.That(
            PresenceNode.Told(watcher).Select(push => (push.PrincipalId, push.Online)),
            Is.SupersetOf(new[] { (100L, true), (99L, false) }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Those_of_a_node_that_died_go_offline_within_the_lease()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        PresenceNode dying = await StartAsync("dying");
        RecordingSubscriber watcher = two.Watching(100, 101, 102);
        one.Online(101);
        dying.Online(100);
        dying.Online(101);
        two.Online(102);
        await UntilAsync(
            () => two.Registry.IsOnline(100) && _leases.List(dying.Identity).Length == 2 && _leases.List(one.Identity).Length == 1);

        Kill(dying);
        await PassAsync(20);
        Assert.That(two.Registry.IsOnline(100), Is.True, "a node may be late");
        await PassAsync(15);

        await UntilAsync(() => !two.Registry.IsOnline(100));
        Assert.That(two.Registry.IsOnline(101), Is.True, "online on a node that lives");
        Assert.That(two.Registry.IsOnline(102), Is.True, "online here");
        PresencePush last = PresenceNode.Told(watcher)[^1];
        long lastSeen = (Start + TimeSpan.FromSeconds(30)).ToUnixTimeMilliseconds();
        Assert.That(
            last, Is.EqualTo(new PresencePush(100, false, lastSeen)),
            "their node cannot say when; the end of its lease is the best that is known");
        await UntilAsync(() => !one.Registry.IsOnline(100));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_restart_of_what_holds_the_lists_is_not_seen()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        one.Online(100);
        RecordingSubscriber watcher = two.Watching(100, 101);
        await UntilAsync(() => two.Registry.IsOnline(100) && _leases.List(one.Identity).Length == 1);
        int before = PresenceNode.Told(watcher).Length;

        SetHealth(BrokerHealth.Degraded);
        _leases.Clear();
        SetHealth(BrokerHealth.Healthy);
        await UntilAsync(() => _leases.List(one.Identity) is [100]);
        await PassAsync(40);
        one.Online(101);
        await UntilAsync(() => two.Registry.IsOnline(101));

        Assert.That(PresenceNode.Told(watcher).Skip(before), Is.EqualTo(new PresencePush[] { new(101, true) }));
        Assert.That(two.Registry.IsOnline(100), Is.True);
    }

    [Test, CancelAfter(60_000)]
    public async Task Lists_that_vanish_under_healthy_nodes_are_written_anew()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        one.Online(100);
        RecordingSubscriber watcher = two.Watching(100);
        await UntilAsync(() => two.Registry.IsOnline(100) && _leases.List(one.Identity).Length == 1);
        int before = PresenceNode.Told(watcher).Length;

        _leases.Clear();
        one.Online(101);

        await UntilAsync(() => _leases.List(one.Identity).Length == 2);
        await UntilAsync(() => two.Registry.IsOnline(101));
        Assert.That(PresenceNode.Told(watcher), Has.Length.EqualTo(before));
    }

    [Test, CancelAfter(60_000)]
    public async Task While_the_broker_is_away_the_last_known_state_stays_and_the_rest_follows_after_it()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        RecordingSubscriber anna = one.Online(100);
        one.Online(101);
        await UntilAsync(() => two.Registry.IsOnline(100) && two.Registry.IsOnline(101));

        SetHealth(BrokerHealth.Degraded);
        _leases.IsAway = true;
        one.Registry.Offline(anna);
        one.Online(102);
        two.Online(103);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(two.Registry.IsOnline(100) && two.Registry.IsOnline(101) && two.Registry.IsOnline(103), Is.True);
        Assert.That(one.Registry.IsOnline(100), Is.False, "what is here is exact");

        _leases.IsAway = false;
        SetHealth(BrokerHealth.Healthy);
        await UntilAsync(
            () => !two.Registry.IsOnline(100) && two.Registry.IsOnline(101) && two.Registry.IsOnline(102) && one.Registry.IsOnline(103));
    }

    [Test, CancelAfter(60_000)]
    public async Task Lists_that_cannot_be_reached_for_a_while_do_no_lasting_harm()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        int timers = _time.PendingTimers;
        _leases.IsAway = true;
        one.Online(100);
        await UntilAsync(() => _time.PendingTimers > timers, "the announcer pauses before it tries again");

        _leases.IsAway = false;
        _time.Advance(TimeSpan.FromSeconds(1));

        await UntilAsync(() => two.Registry.IsOnline(100));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_said_while_a_list_is_read_outlives_the_list()
    {
        PresenceNode one = await StartAsync("one");
        RecordingSubscriber bert = one.Online(99);
        await UntilAsync(() => _leases.List(one.Identity) is [99]);
        TaskCompletionSource reading = new(), goOn = new();
        _leases.OnRead = node =>
        {
            if (node != one.Identity) return Task.CompletedTask;
            reading.TrySetResult();
            return goOn.Task;
        };
        PresenceNode two = await StartAsync("two");
        RecordingSubscriber watcher = two.Watching(99, 100);
        await reading.Task;

        one.Online(100);
        await UntilAsync(() => two.Registry.IsOnline(100));
        one.Registry.Offline(bert);
        _time.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(() => _leases.List(one.Identity) is [100]);
        one.Online(101);
        await UntilAsync(() => two.Registry.IsOnline(101));
        goOn.SetResult();
        one.Online(102);
        await UntilAsync(() => two.Registry.IsOnline(102) && !two.Registry.IsOnline(99));

        Assert.That(two.Registry.IsOnline(100), Is.True);
        Assert.That(PresenceNode.Told(watcher), Is.EqualTo(new PresencePush[] { new(100, true) }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_leaves_with_a_node_that_stops_in_order_has_time_to_come_back_elsewhere()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        RecordingSubscriber watcher = two.Watching(100, 101);
        one.Online(100);
        one.Online(101);
        await UntilAsync(() => PresenceNode.Told(watcher).Length == 2 && _leases.List(one.Identity).Length == 2);

        await one.Cluster.StopAsync();
        Kill(one);
        await PassAsync(10);
        Assert.That(two.Registry.IsOnline(100) && two.Registry.IsOnline(101), Is.True);
        two.Online(100);
        await PassAsync(20);

        await UntilAsync(() => !two.Registry.IsOnline(101));
        Assert.That(two.Registry.IsOnline(100), Is.True);
        Assert.That(PresenceNode.Told(watcher).Count(push => push.PrincipalId == 100), Is.EqualTo(1), "never seen to go");
    }

    [Test, CancelAfter(60_000)]
    public async Task Nonsense_on_the_channel_is_ignored()
    {
        (PresenceNode one, PresenceNode two) = await StartTwoAsync();
        InMemoryBroker stranger = _bus.Join();
        await stranger.StartAsync(CancellationToken.None);

        byte[][] nonsense = [[], [1], [2, 3, 4], [.. Enumerable.Repeat((byte)1, 40)], [.. Enumerable.Repeat((byte)255, 400)]];
        foreach (byte[] garbage in nonsense)
            stranger.TryPublish(BrokerChannel.Presence, garbage);
        one.Online(100);

        await UntilAsync(() => two.Registry.IsOnline(100));
    }

    private async Task<(PresenceNode One, PresenceNode Two)> StartTwoAsync() => (await StartAsync("one"), await StartAsync("two"));

    private async Task<PresenceNode> StartAsync(string name)
    {
        PresenceNode node = new(name, _bus, _leases, _time);
        _nodes.Add(node);
        await node.StartAsync();
        await UntilAsync(() => _leases.Remaining(node.Identity) > TimeSpan.Zero);
        return node;
    }

    private void Kill(PresenceNode node)
    {
        _dead.Add(node);
        node.Broker.SetHealth(BrokerHealth.Degraded);
    }

    private void SetHealth(BrokerHealth health)
    {
        foreach (PresenceNode node in _nodes) node.Broker.SetHealth(health);
    }

    /// <summary>Lets time pass, and the living nodes do what is due in it.</summary>
    private async Task PassAsync(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            int looks = _leases.Looks;
            _time.Advance(TimeSpan.FromSeconds(1));
            bool lookIsDue = (_time.GetUtcNow() - Start).TotalSeconds % 5 == 0;
            PresenceNode[] living = [.. _nodes.Except(_dead)];
            await UntilAsync(() => Array.TrueForAll(living, node => _leases.Remaining(node.Identity) >= TimeSpan.FromSeconds(19)));
            if (lookIsDue) await UntilAsync(() => _leases.Looks >= looks + living.Length);
        }
    }

    private static async Task UntilAsync(Func<bool> reached, string? what = null)
    {
        for (int round = 0; !reached(); round++)
        {
            if (round > 15_000) Assert.Fail(what ?? "It did not come to that.");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
