using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.TestKit;
using static Chat.Domain.Tests.Fanout.ClusterNode;

namespace Chat.Domain.Tests.Fanout;

/// <summary>
/// The rule of a node between others (ADR 0015): whatever the broker loses, doubles or mixes up, each member gets each event once and in
/// order.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ClusterFanoutTests : IAsyncDisposable
{
    private const long ChatId = 7, Anna = 1, Ben = 2, Eve = 3, BenInbox = 70;

    private readonly InMemoryBus _bus = new();
    private readonly MemoryLog _log = new();
    private readonly List<ClusterNode> _nodes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in _nodes) await node.DisposeAsync();
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P3")]
    public async Task What_one_node_commits_reaches_the_members_on_every_node_with_the_same_bytes()
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber anna = a.SignIn(Anna, In(head: 0)), ben = b.SignIn(Ben, In(head: 0));

        a.Commit(_log, Message(1), Message(2));
        b.Commit(_log, Message(3));
        anna.Drain();
        ben.Drain();

        Assert.That(Sequences(anna), Is.EqualTo(new[] { 1L, 2, 3 }));
        Assert.That(ben.Events, Is.EqualTo(anna.Events));
        Assert.That(_log.RangeReads, Is.Zero);
    }

    [TestCase(0, 50)]
    [TestCase(400, 450)]
    [TestCase(5_000, 1_000, Description = "lost events are to be there within two seconds (P15)")]
    [Property("Fault", "F-21")]
    public void A_hole_is_waited_for_as_long_as_the_broker_takes(int brokerDelayMs, int patienceMs) =>
        Assert.That(HoleRepairer.PatienceWith(TimeSpan.FromMilliseconds(brokerDelayMs)).TotalMilliseconds, Is.EqualTo(patienceMs));

    [Test, CancelAfter(60_000)]
    [Property("Fault", "F-29")]
    public async Task Publications_doubled_three_times_and_mixed_up_arrive_once_and_in_order(
        [Values(1, 2, 3)] int seed, CancellationToken ct)
    {
        const int Count = 400;
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        List<Action> window = [];
        _bus.OnPublish = (_, _, deliver) =>
        {
            for (int copy = 0; copy < 3; copy++) window.Insert(random.Next(window.Count + 1), deliver);
            while (window.Count > 60) Take(window); // twenty publications, three times each
        };
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, In(head: 0));

        for (long sequence = 1; sequence <= Count; sequence++) a.Commit(_log, Message(sequence));
        while (window.Count > 0) Take(window);
        await UntilAsync(() => ben.Events.Count >= Count, ct, ben);

        Assert.That(Sequences(ben), Is.EqualTo(Enumerable.Range(1, Count).Select(n => (long)n)));
        Assert.That(ben.Gaps, Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P6")]
    public async Task A_lost_publication_is_read_from_the_log(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, In(head: 0));
        a.Commit(_log, Message(1));

        Silence();
        a.Commit(_log, Message(2), Message(3));
        _bus.OnPublish = null;
        a.Commit(_log, Message(4));
        await UntilAsync(() => ben.Events.Count >= 4, ct, ben);

        Assert.That(Sequences(ben), Is.EqualTo(new[] { 1L, 2, 3, 4 }));
        Assert.That(_log.RangeReads, Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P15")]
    public async Task A_lost_tail_is_found_by_the_heads_that_its_node_announces(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, In(head: 0));
        Silence();
        a.Commit(_log, Message(1), Message(2));
        _bus.OnPublish = null;

        Assert.That(a.Relay.AnnounceHeads(), Is.EqualTo(1));
        await UntilAsync(() => ben.Events.Count >= 2, ct, ben);

        Assert.That(Sequences(ben), Is.EqualTo(new[] { 1L, 2 }));
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P15")]
    public async Task Heads_of_many_chats_are_announced_in_pieces_and_all_arrive(CancellationToken ct)
    {
        const int Chats = 5_000;
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(
            Ben, [.. Enumerable.Range(1, Chats).Select(id => new SessionMembership(id, ChatKinds.Group, 1, 0, 1))]);
        Silence();
        a.Commit(_log, [.. Enumerable.Range(1, Chats).Select(id => Message(1) with { ChatId = id })]);
        _bus.OnPublish = null;

        Assert.That(a.Relay.AnnounceHeads(), Is.EqualTo(Chats));
        await UntilAsync(() => ben.Events.Count >= Chats, ct, ben);

        Assert.That(ben.Events.Select(row => row.ChatId).Distinct().Count(), Is.EqualTo(Chats));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P9")]
    public async Task With_a_silent_broker_polling_delivers_and_someone_removed_gets_nothing_after_on_any_node(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        ClusterNode c = await JoinAsync();
        RecordingSubscriber anna = b.SignIn(Anna, In(head: 0)), ben = b.SignIn(Ben, In(head: 0)), benElsewhere = c.SignIn(Ben, In(head: 0));
        Silence();

        a.Commit(_log, Message(1));
        a.Commit(_log, Membership(2, EventKinds.MemberRemoved, Ben));
        a.Commit(_log, Message(3), Message(4));
        Assert.That(await b.Poller.PollAsync(ct), Is.EqualTo(1));
        await c.Poller.PollAsync(ct);
        await UntilAsync(
            () => anna.Events.Count >= 4 && !b.Fanout.IsMemberOnline(ChatId, Ben) && !c.Fanout.IsMemberOnline(ChatId, Ben), ct, anna);
        a.Commit(_log, Message(5));
        await b.Poller.PollAsync(ct);
        await UntilAsync(() => anna.Events.Count >= 5, ct, anna, ben, benElsewhere);

        Assert.That(Sequences(anna), Is.EqualTo(new[] { 1L, 2, 3, 4, 5 }));
        Assert.That(Sequences(ben), Is.EqualTo(new[] { 1L, 2 }));
        Assert.That(Sequences(benElsewhere), Is.EqualTo(new[] { 1L, 2 }));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P9")]
    public async Task A_removal_that_was_lost_is_applied_before_what_came_after_it(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber anna = b.SignIn(Anna, In(head: 0)), ben = b.SignIn(Ben, In(head: 0));
        Silence();
        a.Commit(_log, Membership(1, EventKinds.MemberRemoved, Ben));
        _bus.OnPublish = null;

        a.Commit(_log, Message(2));
        await UntilAsync(() => anna.Events.Count >= 2, ct, anna, ben);

        Assert.That(Sequences(ben), Is.EqualTo(new[] { 1L }));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P9")]
    public async Task A_joining_told_late_does_not_bring_back_someone_removed_since(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, new SessionMembership(BenInbox, ChatKinds.Inbox, 1, 0, 1));
        List<Action> late = [];
        _bus.OnPublish = (_, _, deliver) => late.Add(deliver);
        a.Commit(_log, Membership(5, EventKinds.MemberAdded, Ben));
        _bus.OnPublish = null;

        a.Commit(_log, Membership(6, EventKinds.MemberRemoved, Ben));
        foreach (Action deliver in late) deliver();
        a.Commit(_log, Message(7));
        await b.Poller.PollAsync(ct);
        ben.Drain();

        Assert.That(ben.Events, Is.Empty);
        Assert.That(b.Fanout.IsMemberOnline(ChatId, Ben), Is.False);
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P6")]
    public async Task Someone_added_on_another_node_gets_the_chat_from_the_joining_on_whatever_of_it_was_lost(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, new SessionMembership(BenInbox, ChatKinds.Inbox, 1, 0, 1));
        _log.Commit([.. Enumerable.Range(1, 4).Select(sequence => Message(sequence))]);

        a.Commit(_log, Membership(5, EventKinds.MemberAdded, Ben), Added(1, ChatId));
        Silence();
        a.Commit(_log, Message(6)); // the first message after the joining is lost
        _bus.OnPublish = null;
        a.Commit(_log, Message(7));
        await UntilAsync(() => ben.Events.Count >= 4, ct, ben);

        Assert.That(ben.Events.Where(row => row.ChatId == ChatId).Select(row => row.Sequence), Is.EqualTo(new[] { 5L, 6, 7 }));
        Assert.That(ben.Events.Count(row => row.ChatId == BenInbox), Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P15")]
    public async Task A_joining_that_was_lost_altogether_is_healed_through_the_inbox(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, new SessionMembership(BenInbox, ChatKinds.Inbox, 1, 0, 1));
        Silence();
        a.Commit(_log, Membership(5, EventKinds.MemberAdded, Ben), Added(1, ChatId));
        a.Commit(_log, Message(6));
        _bus.OnPublish = null;

        a.Relay.AnnounceHeads();
        await UntilAsync(() => ben.Events.Count >= 3, ct, ben);

        Assert.That(ben.Events.Where(row => row.ChatId == ChatId).Select(row => row.Sequence), Is.EqualTo(new[] { 5L, 6 }));
        Assert.That(ben.Events.Where(row => row.ChatId == BenInbox).Select(row => row.Sequence), Is.EqualTo(new[] { 1L }));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P6")]
    public async Task Someone_entered_late_in_a_chat_that_others_are_in_here_is_told_how_far_it_went(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber anna = b.SignIn(Anna, In(head: 4));
        _log.Commit([.. Enumerable.Range(1, 4).Select(sequence => Message(sequence))]);
        a.Commit(_log, Membership(5, EventKinds.MemberAdded, Ben));
        a.Commit(_log, Message(6));
        RecordingSubscriber ben = b.SignIn(Ben, new SessionMembership(BenInbox, ChatKinds.Inbox, 1, 0, 1)); // read in front of the joining
        a.Commit(_log, Added(1, ChatId));
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);
        a.Commit(_log, Message(7));
        await UntilAsync(() => ben.Events.Count >= 2 && anna.Events.Count >= 3, ct, ben, anna);

        Assert.That(ben.OwnGaps, Is.EqualTo(new[] { (ChatId, 6L) }));
        Assert.That(Sequences(anna), Is.EqualTo(new[] { 5L, 6, 7 }));
        Assert.That(ben.Events.Select(row => (row.ChatId, row.Sequence)), Is.EqualTo(new[] { (BenInbox, 1L), (ChatId, 7L) }));
    }

    [TestCase(true), TestCase(false), CancelAfter(30_000)]
    [Property("Promise", "P15")]
    public async Task What_another_node_commits_while_memberships_are_read_is_not_missed(bool isLost, CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        _log.Commit(Message(1));
        RecordingSubscriber ben = new(11, Ben);
        SessionSubscriptions signingIn = b.Fanout.Register(ben);

        if (isLost) Silence();
        a.Commit(_log, Message(2)); // behind the reading, in front of the entering
        _bus.OnPublish = null;
        b.Fanout.Enter(signingIn, [In(head: 1)], []);
        signingIn.Entered();
        if (isLost) a.Relay.AnnounceHeads();
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(Sequences(ben), Is.EqualTo(new[] { 2L }));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P9")]
    public async Task Someone_removed_on_another_node_while_memberships_are_read_leaves_again(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        _log.Commit(Message(1));
        RecordingSubscriber ben = new(11, Ben);
        SessionSubscriptions signingIn = b.Fanout.Register(ben);

        Silence();
        a.Commit(_log, Membership(2, EventKinds.MemberRemoved, Ben));
        b.Fanout.Enter(signingIn, [In(head: 1)], []);
        signingIn.Entered();
        _bus.OnPublish = null;
        a.Commit(_log, Message(3));
        await UntilAsync(() => !b.Fanout.IsMemberOnline(ChatId, Ben), ct, ben);
        ben.Drain();

        Assert.That(Sequences(ben), Is.EqualTo(new[] { 2L }));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_claim_beyond_the_log_is_dropped_and_the_chat_goes_on(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, In(head: 0));

        b.Fanout.Reach(ChatId, 1L << 50, atOnce: true);
        b.Fanout.Apply(new SequencedPush(Message(900)), EventSource.Relayed);
        await UntilAsync(() => b.Fanout.FindHole(ChatId) is null, ct);
        a.Commit(_log, Message(1));
        await UntilAsync(() => ben.Events.Count >= 1, ct, ben);

        Assert.That(Sequences(ben), Is.EqualTo(new[] { 1L }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Early_events_are_bounded_and_the_rest_is_read(CancellationToken ct)
    {
        const int Count = 3 * EarlyEvents.MaxEvents;
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, In(head: 0));
        _log.Commit(Message(1));

        for (long sequence = 2; sequence <= Count; sequence++) a.Commit(_log, Message(sequence));
        await UntilAsync(() => ben.Events.Count >= Count, ct, ben);

        Assert.That(Sequences(ben), Is.EqualTo(Enumerable.Range(1, Count).Select(n => (long)n)));
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P15")]
    public async Task A_repair_that_fails_is_tried_again_and_not_ever_later(CancellationToken ct)
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber ben = b.SignIn(Ben, In(head: 0));
        _log.IsDown = true;
        Silence();
        a.Commit(_log, Message(1));
        _bus.OnPublish = null;
        a.Commit(_log, Message(2));
        await UntilAsync(() => _log.RangeReads >= 6, ct); // the clock is the test's patience: with doubled pauses this takes over half a minute

        _log.IsDown = false;
        await UntilAsync(() => ben.Events.Count >= 2, ct, ben);

        Assert.That(Sequences(ben), Is.EqualTo(new[] { 1L, 2 }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Rows_that_the_log_lost_are_told_of_once_looked_for_less_often_and_taken_when_they_are_back(CancellationToken ct)
    {
        FakeTimeProvider time = new();
        RecordingLog<HoleRepairer> told = new();
        ClusterNode node = await ClusterNode.JoinAsync(_bus, _log, time, told);
        _nodes.Add(node);
        RecordingSubscriber ben = node.SignIn(Ben, In(head: 0));
        _log.Commit(Message(2)); // and not what is before it

        node.Fanout.Reach(ChatId, 2, atOnce: true);
        await PassAsync(TimeSpan.FromMinutes(10));
        int reads = _log.RangeReads;
        _log.Commit(Message(1));
        await PassAsync(TimeSpan.FromMinutes(1));
        await UntilAsync(() => ben.Events.Count >= 2, ct, ben);

        Assert.That(reads, Is.InRange(10, 20), "of 600 seconds");
        Assert.That(told.Lines.Single(), Does.StartWith("Error").And.Contains($"Chat {ChatId}").And.Contains("1 to 1"));
        Assert.That(Sequences(ben), Is.EqualTo(new[] { 1L, 2 }));

        async Task PassAsync(TimeSpan passing)
        {
            for (TimeSpan passed = TimeSpan.Zero; passed < passing; passed += TimeSpan.FromSeconds(1))
            {
                // The repair is either waiting for its next try or has nothing left to do.
                await UntilAsync(() => time.PendingTimers > 0 || node.Fanout.FindHole(ChatId) is null, ct);
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task Typing_reaches_the_other_nodes_and_takes_no_place_in_the_order()
    {
        (ClusterNode a, ClusterNode b) = await TwoAsync();
        RecordingSubscriber anna = a.SignIn(Anna, In(head: 0)), ben = b.SignIn(Ben, In(head: 0));

        a.Fanout.PublishEphemeral(
            ChatId, FrameEncoder.EncodeWebSocket(new TypingPush(ChatId, Anna, true)), exceptSessionId: anna.SessionId);
        a.Commit(_log, Message(1));
        anna.Drain();
        ben.Drain();

        Assert.That(anna.Typing, Is.Empty);
        Assert.That(
            ben.Typing, Is.EqualTo(new[] { new TypingPush(ChatId, Anna, true) }),
            "although its session has the number of the one that typed");
        Assert.That(Sequences(ben), Is.EqualTo(new[] { 1L }));
    }

    private async Task<(ClusterNode A, ClusterNode B)> TwoAsync() => (await JoinAsync(), await JoinAsync());

    private async Task<ClusterNode> JoinAsync()
    {
        ClusterNode node = await ClusterNode.JoinAsync(_bus, _log);
        _nodes.Add(node);
        return node;
    }

    private void Silence() => _bus.OnPublish = static (_, _, _) => { };

    private static void Take(List<Action> window)
    {
        Action deliver = window[0];
        window.RemoveAt(0);
        deliver();
    }

    private static IEnumerable<long> Sequences(RecordingSubscriber subscriber) => subscriber.Events.Select(row => row.Sequence);

    private static SessionMembership In(long head) => new(ChatId, ChatKinds.Group, 1, head, 1);

    private static EventRow Message(long sequence) =>
        new(ChatId, sequence, EventKinds.Message, Anna, 0, Guid.Empty, null, $"message {sequence}", null, null);

    private static EventRow Membership(long sequence, short kind, long subjectId) =>
        new(ChatId, sequence, kind, Eve, 0, null, null, null, subjectId, MemberRoles.Member);

    private static EventRow Added(long sequence, long chatId) =>
        new(BenInbox, sequence, EventKinds.ChatAdded, Eve, 0, null, null, null, chatId, null);
}
