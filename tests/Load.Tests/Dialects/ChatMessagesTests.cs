using System.Buffers.Binary;
using System.Text;

using Chat.Load.Dialects;
using Chat.Load.Engine;
using Chat.Load.Seed;
using Chat.Load.Traffic;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Framing;

namespace Chat.Load.Tests.Dialects;

/// <summary>Faults planted in the frames themselves are found: the whole way from the bytes of a server to the verdict.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ChatMessagesTests
{
    private const int PayloadBytes = 98;
    private const long ChatId = 4_711;
    private const long Head = 1;
    private const uint FirstMessageId = 16;

    private readonly MessageTable _messages = new(PayloadBytes, seed: 3);
    private readonly Meter _meter = new();
    private readonly LoadConnection[] _connections = [new(0) { Member = 0 }, new(1) { Member = 1 }];
    private readonly ChatMessages _dialect;

    public ChatMessagesTests()
    {
        LoadAccount[] accounts = [new(1, "token"), new(2, "token")];
        var seeded = new SeededChats(accounts, [new LoadChat(ChatId, Epoch: 5, Head, [0, 1])]);
        _dialect = new ChatMessages(seeded, _messages, _meter, PayloadBytes);
    }

    [Test]
    public void Everything_delivered_and_acked_is_no_fault()
    {
        for (int i = 0; i < 3; i++) DeliverToBoth(_messages.Add(0, 0), Head + 1 + i);

        Assert.That(_dialect.Judge(missing: 0), Is.EqualTo(new Faults()));
        Assert.That((_meter.Delivered, _meter.Acked), Is.EqualTo((6, 3)));
    }

    [Test]
    public void A_delivery_that_is_left_out_is_lost()
    {
        long number = _messages.Add(0, 0);
        Receive(0, Event(number, Head + 1));
        Receive(0, Ack(number, Head + 1));

        Assert.That(_dialect.Judge(missing: 1).Lost, Is.EqualTo(1));
    }

    [Test]
    public void A_delivery_that_comes_twice_is_doubled_and_counts_once()
    {
        long number = _messages.Add(0, 0);
        DeliverToBoth(number, Head + 1);
        Receive(1, Event(number, Head + 1));

        Assert.That(_dialect.Judge(missing: 0).Duplicated, Is.EqualTo(1));
        Assert.That(_meter.Delivered, Is.EqualTo(2));
    }

    [Test]
    public void Deliveries_that_changed_places_are_out_of_order()
    {
        (long first, long second) = (_messages.Add(0, 0), _messages.Add(0, 1));
        Receive(1, Event(second, Head + 2));
        Receive(1, Event(first, Head + 1));

        Assert.That(_dialect.Judge(missing: 0).OutOfOrder, Is.EqualTo(1));
    }

    [Test]
    public void A_letter_that_changed_is_corrupted()
    {
        long number = _messages.Add(0, 0);
        char[] letters = Text(number).ToCharArray();
        letters[50] = letters[50] == 'x' ? 'y' : 'x';
        Receive(0, Event(number, Head + 1, new string(letters)));

        Assert.That(_dialect.Judge(missing: 0).Corrupted, Is.EqualTo(1));
    }

    [Test]
    public void The_text_of_another_message_is_corrupted()
    {
        (long first, long second) = (_messages.Add(0, 0), _messages.Add(0, 1));
        Receive(0, Event(first, Head + 1, Text(second)));

        Assert.That(_dialect.Judge(missing: 0).Corrupted, Is.EqualTo(1));
    }

    [Test]
    public void A_message_that_nobody_sent_is_corrupted()
    {
        long number = _messages.Add(0, 0);
        Receive(0, Event(number + 5, Head + 1, Text(number)));

        Assert.That(_dialect.Judge(missing: 0).Corrupted, Is.GreaterThan(0));
    }

    [Test]
    public void A_message_of_another_run_is_corrupted()
    {
        long number = _messages.Add(0, 0);
        Receive(0, Event(number, Head + 1, run: _messages.Run + 1));

        Assert.That(_dialect.Judge(missing: 0).Corrupted, Is.GreaterThan(0));
    }

    [Test]
    public void An_ack_with_the_sequence_of_another_message_is_corrupted()
    {
        (long first, long second) = (_messages.Add(0, 0), _messages.Add(0, 1));
        Receive(0, Event(first, Head + 1));
        Receive(0, Ack(second, Head + 1));

        Assert.That(_dialect.Judge(missing: 0).Corrupted, Is.EqualTo(1));
    }

    [Test]
    public void A_frame_that_is_cut_short_is_corrupted()
    {
        byte[] whole = Event(_messages.Add(0, 0), Head + 1);
        Receive(0, whole[..^1]);

        Assert.That(_dialect.Judge(missing: 0).Corrupted, Is.EqualTo(1));
    }

    [Test]
    public void A_message_without_an_answer_is_unanswered_and_one_refused_for_good_is_refused()
    {
        _messages.Add(0, 0);
        long refused = _messages.Add(0, 1);
        Receive(1, FrameEncoder.Encode(new ErrorReply(ErrorCode.NotAMember, "not here", Retryable: false), Request(refused)));

        Faults faults = _dialect.Judge(missing: 0);

        Assert.That((faults.Unanswered, faults.Refused), Is.EqualTo((1, 1)));
    }

    [Test]
    public void In_a_large_chat_a_fault_in_the_copy_of_one_member_is_found()
    {
        const int Members = SeenEvents.LeastMembers;
        LoadAccount[] accounts = [.. Enumerable.Range(0, Members).Select(i => new LoadAccount(i + 1, "token"))];
        var seeded = new SeededChats(accounts, [new LoadChat(ChatId, Epoch: 5, Head, [.. Enumerable.Range(0, Members)])]);
        var dialect = new ChatMessages(seeded, _messages, _meter, PayloadBytes);
        long number = _messages.Add(0, 0);
        byte[] good = Event(number, Head + 1);
        byte[] bad = [.. good];
        bad[^1] ^= 1;
        for (int member = 0; member < Members - 1; member++) dialect.OnMessage(new LoadConnection(member) { Member = member }, good, now: 1);
        dialect.OnMessage(new LoadConnection(Members - 1) { Member = Members - 1 }, bad, now: 1);

        Assert.That(dialect.Judge(missing: 0).Corrupted, Is.EqualTo(1));
        Assert.That(_meter.Delivered, Is.EqualTo(Members));
    }

    [Test]
    public void Frames_of_one_message_are_each_taken()
    {
        (long first, long second) = (_messages.Add(0, 0), _messages.Add(0, 1));
        Receive(0, [.. Event(first, Head + 1), .. Ack(first, Head + 1), .. Event(second, Head + 2)]);

        Assert.That((_meter.Delivered, _meter.Acked), Is.EqualTo((2, 1)));
    }

    [Test]
    public void Events_of_other_chats_are_not_counted()
    {
        Receive(0, FrameEncoder.Encode(new EventPush(new WireEvent(ChatId + 1, 1, EventKind.ChatAdded, 1, 0, SubjectId: ChatId))));

        Assert.That(_meter.Delivered, Is.Zero);
        Assert.That(_dialect.Judge(missing: 0), Is.EqualTo(new Faults()));
    }

    private void DeliverToBoth(long number, long sequence)
    {
        Receive(0, Event(number, sequence));
        Receive(1, Event(number, sequence));
        Receive(0, Ack(number, sequence));
    }

    private void Receive(int connection, byte[] frames) => _dialect.OnMessage(_connections[connection], frames, now: 1);

    private byte[] Event(long number, long sequence, string? text = null, uint? run = null)
    {
        byte[] id = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(id, run ?? _messages.Run);
        BinaryPrimitives.WriteInt64BigEndian(id.AsSpan(8), number);
        return FrameEncoder.Encode(new EventPush(new WireEvent(
            ChatId, sequence, EventKind.Message, SenderId: 1, CreatedAtMs: 1_700_000_000_000, new Guid(id, bigEndian: true), Text: text ?? Text(number))));
    }

    private static byte[] Ack(long number, long sequence) => FrameEncoder.Encode(new SentReply(ChatId, sequence, 1_700_000_000_000), Request(number));

    private static uint Request(long number) => (uint)number + FirstMessageId;

    private string Text(long number) => Encoding.ASCII.GetString(_messages.TextOf(number));
}
