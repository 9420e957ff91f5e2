using Chat.Domain.Fanout;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Fanout;

/// <summary>The fan-out's promises, without a database: order, once each, and membership at its place (P3, P6, P9).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ChatFanoutTests : IAsyncDisposable
{
    private const long ChatId = 7, InboxId = 70, Anna = 1, Ben = 2;

    private readonly FakeTimeProvider _time = new();
    private readonly NpgsqlDataSource _noDatabase = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
    private readonly HoleRepairer _repairer;
    private readonly CommitsInDoubt _doubts;
    private readonly ChatFanout _fanout;

    public ChatFanoutTests()
    {
        RepairReads reads = new(new EventStore(_noDatabase), new HeadStore(_noDatabase), new NodeStore(_noDatabase));
        _repairer = new HoleRepairer(reads, _time, NullLogger<HoleRepairer>.Instance); // never started: holes stay
        _doubts = new CommitsInDoubt(reads, _time, NullLogger<CommitsInDoubt>.Instance);
        _fanout = new ChatFanout(_repairer, _doubts, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _doubts.DisposeAsync();
        await _repairer.DisposeAsync();
        await _noDatabase.DisposeAsync();
    }

    [Test]
    public void Members_get_each_event_once_and_in_order()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0), ben = Enter(12, Ben, head: 0);

        for (long sequence = 1; sequence <= 500; sequence++) _fanout.OnCommitted([Message(sequence)]);
        anna.Drain();
        ben.Drain();

        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(1, 500).Select(n => (long)n)));
        Assert.That(ben.Events, Is.EqualTo(anna.Events));
        Assert.That(anna.Wakes, Is.EqualTo(1), "a subscription that is scheduled is not scheduled again");
    }

    [Test]
    public void An_event_that_comes_early_waits_for_the_one_before_it()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 4);

        _fanout.OnCommitted([Message(7)]);
        _fanout.OnCommitted([Message(6)]);
        anna.Drain();
        Assert.That(anna.Events, Is.Empty);
        Assert.That(_fanout.FindHole(ChatId), Is.EqualTo(new LogHole(5, 5, IsTail: false)));

        _fanout.OnCommitted([Message(5)]);
        anna.Drain();

        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 5L, 6, 7 }));
        Assert.That(_fanout.FindHole(ChatId), Is.Null);
    }

    [Test]
    public void An_event_that_comes_twice_is_sent_once()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0);

        _fanout.OnCommitted([Message(1), Message(2), Message(1), Message(2)]);
        anna.Drain();

        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2 }));
    }

    [Test]
    [Property("Promise", "P9")]
    public void A_removed_member_gets_its_removal_as_the_last_event()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0), ben = Enter(12, Ben, head: 0);

        _fanout.OnCommitted([Message(1), Membership(2, EventKinds.MemberRemoved, Ben), Message(3)]);
        anna.Drain();
        ben.Drain();

        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2, 3 }));
        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2 }));
        Assert.That(_fanout.IsMemberOnline(ChatId, Ben), Is.False);
    }

    [Test]
    [Property("Promise", "P9")]
    public void A_new_member_gets_its_own_joining_as_the_first_event()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0);
        RecordingSubscriber ben = new(12, Ben);
        _fanout.Enter(_fanout.Register(ben), [new SessionMembership(InboxId, ChatKinds.Inbox, 1, 0, 1)], []);

        _fanout.OnCommitted([Message(1), Membership(2, EventKinds.MemberAdded, Ben), Message(3)]);
        anna.Drain();
        ben.Drain();

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 2L, 3 }));
        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2, 3 }));
    }

    [Test]
    [Property("Promise", "P9")]
    public void Someone_removed_while_the_session_was_signing_in_is_not_subscribed()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0);
        RecordingSubscriber ben = new(12, Ben);
        SessionSubscriptions signingIn = _fanout.Register(ben);

        // The memberships were read before this commit, and are entered after it.
        _fanout.OnCommitted([Membership(1, EventKinds.MemberRemoved, Ben)]);
        _fanout.Enter(signingIn, [Membership(head: 0)], []);
        _fanout.OnCommitted([Message(2)]);
        ben.Drain();
        anna.Drain();

        Assert.That(ben.Events, Is.Empty);
        Assert.That(anna.Events, Has.Count.EqualTo(2));
    }

    [Test]
    [Property("Promise", "P7")]
    public void What_was_committed_while_the_session_was_signing_in_shows_in_its_head()
    {
        RecordingSubscriber ben = new(12, Ben);
        SessionSubscriptions signingIn = _fanout.Register(ben);
        Dictionary<long, long> heads = [];

        _fanout.OnCommitted([Message(5)]); // nobody was here to get it
        _fanout.Enter(signingIn, [Membership(head: 4)], heads);

        Assert.That(heads[ChatId], Is.EqualTo(5));
    }

    [Test]
    public void An_inbox_entry_subscribes_its_owner_to_the_new_chat()
    {
        RecordingSubscriber ben = new(12, Ben);
        _fanout.Enter(_fanout.Register(ben), [new SessionMembership(InboxId, ChatKinds.Inbox, 1, 0, 1)], []);

        _fanout.OnCommitted([Created(), new EventRow(InboxId, 1, EventKinds.ChatAdded, Anna, 0, null, null, null, ChatId, null)]);
        _fanout.OnCommitted([Message(2)]);
        ben.Drain();

        Assert.That(ben.Events.Select(row => (row.ChatId, row.Sequence)), Is.EqualTo(new[] { (InboxId, 1L), (ChatId, 2L) }));
    }

    [Test]
    public void A_session_that_falls_off_the_ring_gets_one_gap_and_then_what_is_new()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0);

        for (long sequence = 1; sequence <= 3_000; sequence++) _fanout.OnCommitted([Message(sequence)]);
        anna.Drain();
        _fanout.OnCommitted([Message(3_001)]);
        anna.Drain();

        Assert.That(anna.Gaps, Is.EqualTo(new[] { 3_000L }));
        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 3_001L }));
    }

    [Test]
    public void An_ephemeral_push_does_not_go_back_to_its_sender()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0), ben = Enter(12, Ben, head: 0);

        _fanout.OnCommitted([Message(1)]);
        _fanout.PublishEphemeral(ChatId, FrameEncoder.EncodeWebSocket(new TypingPush(ChatId, Anna, true)), exceptSessionId: 11);
        _fanout.OnCommitted([Message(2)]);
        anna.Drain();
        ben.Drain();

        Assert.That(anna.Typing, Is.Empty);
        Assert.That(ben.Typing, Has.Count.EqualTo(1));
        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2 }));
        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2 }));
    }

    [Test]
    [Property("Promise", "P6")]
    public void Who_types_gets_what_is_written_while_the_others_are_served()
    {
        GatherBuffer pump = new();
        HeldSubscriber anna = new(11, Anna), ben = new(12, Ben);
        Enter(anna);
        Enter(ben);
        _fanout.PublishEphemeral(ChatId, FrameEncoder.EncodeWebSocket(new TypingPush(ChatId, Anna, true)), exceptSessionId: 11);

        Assert.That(ben.Woken!.Read(pump, out _), Is.EqualTo(SubscriptionRead.Bytes));
        _fanout.OnCommitted([Message(1)]); // anna is scheduled already: nobody wakes her for this
        SubscriptionRead read = anna.Woken!.Read(pump, out _);

        Assert.That(read, Is.EqualTo(SubscriptionRead.Bytes), "all that ben was sent is hers, and more was written since");
        Assert.That(PushFrames.Read<EventPush>(pump.Bytes.ToArray()).Event.Sequence, Is.EqualTo(1));
    }

    private void Enter(ISubscriber subscriber) => _fanout.Enter(_fanout.Register(subscriber), [Membership(head: 0)], []);

    /// <summary>Remembers what it was last woken for; the test drains.</summary>
    private sealed class HeldSubscriber(long sessionId, long principalId) : ISubscriber
    {
        public long SessionId => sessionId;

        public long PrincipalId => principalId;

        public long DeviceId => sessionId;

        public Subscription? Woken { get; set; }

        public bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral) => false;

        public void Wake(Subscription subscription) => Woken = subscription;
    }

    [Test]
    public void A_silent_chat_loses_its_hub_and_keeps_its_place()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0);
        _fanout.OnCommitted([Message(1)]);
        anna.Drain();

        _time.Advance(ChatFanout.HubIdle + TimeSpan.FromSeconds(1));
        Assert.That(_fanout.Sweep(), Is.Zero);
        _fanout.OnCommitted([Message(3)]);

        Assert.That(_fanout.FindHole(ChatId), Is.EqualTo(new LogHole(2, 2, IsTail: false)), "the entry remembers that 1 was the last");
        _fanout.OnCommitted([Message(2)]);
        anna.Drain();
        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2, 3 }));
    }

    [Test]
    public void A_session_that_leaves_gets_nothing_more_and_others_go_on()
    {
        RecordingSubscriber ben = Enter(12, Ben, head: 0);
        RecordingSubscriber anna = new(11, Anna);
        SessionSubscriptions entered = _fanout.Register(anna);
        _fanout.Enter(entered, [Membership(head: 0)], []);

        _fanout.OnCommitted([Message(1)]);
        anna.Drain();
        _fanout.Remove(entered);
        _fanout.OnCommitted([Message(2)]);
        anna.Drain();
        ben.Drain();

        Assert.That(anna.Events, Has.Count.EqualTo(1));
        Assert.That(ben.Events, Has.Count.EqualTo(2));
        Assert.That(_fanout.IsMemberOnline(ChatId, Anna), Is.False);
    }

    [Test]
    [Property("Promise", "P6")]
    public void Someone_added_to_a_silent_chat_and_those_in_it_get_the_joining()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 9);
        RecordingSubscriber ben = new(12, Ben);
        _fanout.Enter(_fanout.Register(ben), [new SessionMembership(InboxId, ChatKinds.Inbox, 1, 0, 1)], []);

        _fanout.OnCommitted([Membership(10, EventKinds.MemberAdded, Ben)]);
        anna.Drain();
        ben.Drain();

        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 10L }));
        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 10L }));
    }

    [Test]
    [Property("Promise", "P6")]
    public void A_sign_in_that_read_a_newer_head_does_not_hide_the_event_from_those_already_here()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 9);
        Enter(12, Ben, head: 10); // read after the commit of 10, entered before 10 is handed over

        _fanout.OnCommitted([Message(10)]);
        anna.Drain();

        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 10L }));
    }

    [Test]
    [Property("Promise", "P9")]
    public void A_joining_that_comes_before_the_message_in_front_of_it_waits_for_its_place()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 9);
        RecordingSubscriber ben = new(12, Ben);
        _fanout.Enter(_fanout.Register(ben), [new SessionMembership(InboxId, ChatKinds.Inbox, 1, 0, 1)], []);

        _fanout.OnCommitted([Membership(11, EventKinds.MemberAdded, Ben)]);
        _fanout.OnCommitted([Message(10)]);
        anna.Drain();
        ben.Drain();

        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 10L, 11 }));
        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 11L }));
    }

    [Test]
    [Property("Promise", "P9")]
    public void Someone_removed_while_signing_in_is_not_subscribed_even_when_nobody_else_is_here()
    {
        RecordingSubscriber ben = new(12, Ben);
        SessionSubscriptions signingIn = _fanout.Register(ben);

        _fanout.OnCommitted([Membership(5, EventKinds.MemberRemoved, Ben)]);
        bool isCurrent = _fanout.Enter(signingIn, [Membership(head: 4)], []);
        _fanout.OnCommitted([Message(6)]);
        ben.Drain();

        Assert.That(ben.Events, Is.Empty);
        Assert.That(isCurrent, Is.False, "the client's position would be held against a head from before its removal, and the removal be missed");
        Assert.That(_fanout.Enter(signingIn, [], []), "read again, it is no membership any more");
    }

    [Test]
    public void A_session_that_ended_while_it_signed_in_is_not_read_again()
    {
        SessionSubscriptions signingIn = _fanout.Register(new RecordingSubscriber(12, Ben));

        _fanout.Remove(signingIn);

        Assert.That(_fanout.Enter(signingIn, [Membership(head: 4)], []));
        Assert.That(_fanout.IsMemberOnline(ChatId, Ben), Is.False);
    }

    [Test]
    [Property("Promise", "P9")]
    public void A_joining_told_again_does_not_bring_back_someone_removed_since()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 0), ben = Enter(12, Ben, head: 0);

        _fanout.OnCommitted([Membership(1, EventKinds.MemberAdded, Ben), Membership(2, EventKinds.MemberRemoved, Ben)]);
        _fanout.OnCommitted([Membership(1, EventKinds.MemberAdded, Ben)]);
        _fanout.OnCommitted([Message(3)]);
        anna.Drain();
        ben.Drain();

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 1L, 2 }));
        Assert.That(anna.Events, Has.Count.EqualTo(3));
    }

    [Test]
    [Property("Promise", "P9")]
    public void Someone_added_gets_nothing_from_before_the_joining_although_the_inbox_tells_of_it_first()
    {
        RecordingSubscriber anna = Enter(11, Anna, head: 9);
        RecordingSubscriber ben = new(12, Ben);
        _fanout.Enter(_fanout.Register(ben), [new SessionMembership(InboxId, ChatKinds.Inbox, 1, 0, 1)], []);

        // 10 was committed in front of the joining, by another writer, and is handed over behind it.
        _fanout.OnCommitted([Membership(11, EventKinds.MemberAdded, Ben), new EventRow(InboxId, 1, EventKinds.ChatAdded, Anna, 0, null, null, null, ChatId, null)]);
        _fanout.OnCommitted([Message(10)]);
        anna.Drain();
        ben.Drain();

        Assert.That(anna.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 10L, 11 }));
        Assert.That(ben.Events.Where(row => row.ChatId == ChatId).Select(row => row.Sequence), Is.EqualTo(new[] { 11L }));
    }

    [Test]
    [Property("Promise", "P9")]
    public void A_sign_in_by_a_membership_older_than_what_is_applied_here_is_read_again()
    {
        Enter(11, Anna, head: 6);
        RecordingSubscriber ben = new(12, Ben);
        SessionSubscriptions signingIn = _fanout.Register(ben);

        // Ben was removed by 5, which nobody told this node.
        bool isCurrent = _fanout.Enter(signingIn, [Membership(head: 4)], []);
        _fanout.OnCommitted([Message(7)]);
        ben.Drain();

        Assert.That(isCurrent, Is.False);
        Assert.That(ben.Events, Is.Empty);
    }

    [Test]
    [Property("Promise", "P9")]
    public void Someone_removed_beyond_a_hole_is_not_kept_by_what_was_heard_of_the_head()
    {
        RecordingSubscriber ben = new(12, Ben);
        SessionSubscriptions signingIn = _fanout.Register(ben);

        _fanout.OnCommitted([Message(7)]); // heard while nobody was here; 6 removes ben, and comes later
        _fanout.Enter(signingIn, [Membership(head: 5)], []);
        signingIn.Entered();
        _fanout.OnCommitted([Membership(6, EventKinds.MemberRemoved, Ben)]);
        _fanout.OnCommitted([Message(8)]);
        ben.Drain();

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 6L }));
        Assert.That(_fanout.IsMemberOnline(ChatId, Ben), Is.False);
    }

    [Test]
    public void A_removal_told_again_does_not_keep_out_someone_who_is_back()
    {
        RecordingSubscriber ben = new(12, Ben);
        SessionSubscriptions signingIn = _fanout.Register(ben);

        _fanout.Apply(new SequencedPush(Membership(5, EventKinds.MemberRemoved, Ben)), EventSource.Relayed);
        _fanout.Enter(signingIn, [new SessionMembership(ChatId, ChatKinds.Group, 1, 9, JoinedAtSequence: 9)], []);
        _fanout.OnCommitted([Message(10)]);
        ben.Drain();

        Assert.That(ben.Events.Select(row => row.Sequence), Is.EqualTo(new[] { 10L }));
    }

    private RecordingSubscriber Enter(long sessionId, long principalId, long head)
    {
        RecordingSubscriber subscriber = new(sessionId, principalId);
        _fanout.Enter(_fanout.Register(subscriber), [Membership(head)], []);
        return subscriber;
    }

    private static SessionMembership Membership(long head) => new(ChatId, ChatKinds.Group, 1, head, 1);

    private static EventRow Created() => new(ChatId, 1, EventKinds.ChatCreated, Anna, 0, null, null, null, null, null);

    private static EventRow Message(long sequence) =>
        new(ChatId, sequence, EventKinds.Message, Anna, 0, Guid.Empty, null, $"message {sequence}", null, null);

    private static EventRow Membership(long sequence, short kind, long subjectId) =>
        new(ChatId, sequence, kind, Anna, 0, null, null, null, subjectId, (short)MemberRole.Member);
}
