using System.Buffers.Binary;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage;

namespace Chat.Server.Tests.Outbound;

/// <summary>What leaves a connection: together, in order, once, and within a budget.</summary>
[TestFixture]
[CancelAfter(20_000)]
internal sealed class ConnectionOutputTests
{
    private const long First = 7, Second = 8;

    [Test]
    public async Task A_reply_and_pushes_of_two_chats_leave_in_one_send()
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open(First, Second);

        output.TryWrite("reply,"u8);
        chats.Push(First, "first,"u8.ToArray());
        chats.Push(Second, "second,"u8.ToArray());
        chats.Push(First, "first again,"u8.ToArray());
        chats.Pumped();

        Assert.That(output.Sends, Has.Count.EqualTo(1));
        Assert.That(output.Received, Is.EqualTo("reply,first,first again,second,"u8.ToArray()));
    }

    [Test]
    public async Task What_is_written_while_a_send_waits_leaves_behind_it()
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open(First);
        output.Takes = static _ => 2;

        output.TryWrite("one,"u8);
        chats.Pumped();
        Assert.That(output.IsBehind);
        output.Takes = static length => length;
        output.TryWrite("two,"u8);
        chats.Push(First, "three,"u8.ToArray());
        chats.Pumped();
        Assert.That(output.Sends, Has.Count.EqualTo(1), "nothing passes the send under way");
        output.Continue(100);
        chats.Pumped();

        Assert.That(output.Received, Is.EqualTo("one,two,three,"u8.ToArray()));
        Assert.That(output.IsBehind, Is.False);
    }

    [Test]
    public async Task Each_source_keeps_its_order_and_nothing_is_lost_or_doubled_whatever_the_peer_takes([Range(1, 12)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open(1, 2, 3);
        output.Takes = length => random.Next(3) == 0 ? random.Next(length + 1) : length;
        int[] written = new int[4];

        for (int step = 0; step < 3_000; step++)
        {
            int source = random.Next(written.Length);
            byte[] record = Record(source, written[source], random.Next(random.Next(20) == 0 ? 5_000 : 60));
            if (source != 0) chats.Push(source, record);
            if (source != 0 || output.TryWrite(record)) written[source]++;
            if (random.Next(4) == 0) chats.Pump.RunSome();
            while (output.IsWaiting && random.Next(3) != 0) output.Continue(random.Next(1, 20_000));
            if (step % 50 == 0) Flush(chats, output); // no chat falls off its ring in this test
        }

        Flush(chats, output);
        Assert.That(CountRecords(output.Received.ToArray()), Is.EqualTo(written));
    }

    [Test]
    public async Task Batches_larger_than_one_send_stop_at_a_peer_that_takes_nothing_and_go_on_later()
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open(1, 2, 3, 4);
        int[] written = [1, 100, 100, 100, 100];

        output.TryWrite(Record(0, 0, 10));
        for (int chat = 1; chat <= 4; chat++)
            for (int i = 0; i < 100; i++) chats.Push(chat, Record(chat, i, 2_000));
        output.Takes = static _ => 0;
        chats.Pumped();
        Assert.That(output.Sends, Has.Count.EqualTo(1));
        for (int chat = 1; chat <= 4; chat++, written[chat - 1]++) chats.Push(chat, Record(chat, 100, 2_000));
        Flush(chats, output);

        Assert.That(CountRecords(output.Received.ToArray(), sources: 5), Is.EqualTo(written));
    }

    [Test]
    public async Task Over_its_budget_an_output_refuses_and_is_slow()
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open();
        output.Takes = static _ => 0;
        output.TryWrite("x"u8);
        chats.Pumped();

        int taken = 0;
        while (output.TryWrite(new byte[1_000])) taken++;

        Assert.That(taken * 1_000, Is.InRange(chats.Options.MaxQueuedBytes, chats.Options.MaxQueuedBytes + 1_000));
        Assert.That(output.IsSlow);
        Assert.That(output.IsFull);
    }

    [Test]
    public async Task A_peer_that_takes_nothing_for_too_long_is_slow_and_one_that_takes_a_little_is_not()
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open();
        output.Takes = static _ => 0;
        output.TryWrite("hello"u8);
        chats.Pumped();

        chats.Time.Advance(chats.Options.MaxStall);
        Assert.That(output.IsSlow, Is.False);
        output.Continue(1);
        chats.Time.Advance(chats.Options.MaxStall);
        Assert.That(output.IsSlow, Is.False);
        chats.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(output.IsSlow);
    }

    [Test]
    public async Task Who_waits_for_room_goes_on_when_the_queue_has_left(CancellationToken ct)
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open();
        output.TryWrite(new byte[60_000]);

        ValueTask waiting = output.WaitForRoomAsync(ct);
        Assert.That(waiting.IsCompleted, Is.False);
        chats.Pumped();

        await waiting;
        Assert.That(output.IsFull, Is.False);
    }

    [Test]
    public async Task A_completing_output_sends_what_is_queued_and_nothing_that_comes_later(CancellationToken ct)
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open(First);
        output.Takes = static _ => 3;
        output.TryWrite("one,"u8);
        chats.Pumped();

        output.TryWrite("goodbye"u8);
        output.CompleteAfterPending();
        chats.Push(First, "late"u8.ToArray());
        Assert.That(output.TryWrite("late"u8), Is.False);
        Task drained = output.Drained;
        chats.Pumped();
        Assert.That(drained.IsCompleted, Is.False);
        output.Takes = static length => length;
        output.Continue(1);
        chats.Pumped();

        await drained.WaitAsync(ct);
        Assert.That(output.Received, Is.EqualTo("one,goodbye"u8.ToArray()));
    }

    [Test]
    public async Task A_failed_output_is_drained_and_wakes_who_waits([Values] bool isBrokenByPeer, CancellationToken ct)
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open(First);
        output.Takes = static _ => 0;
        output.TryWrite("one"u8);
        chats.Pumped();
        output.TryWrite(new byte[60_000]);
        ValueTask room = output.WaitForRoomAsync(ct);
        Task drained = output.Drained;

        if (isBrokenByPeer) output.Break();
        else output.Fail();

        await room;
        await drained.WaitAsync(ct);
        Assert.That(output.TryWrite("two"u8), Is.False);
        Assert.That(output.Drained.IsCompleted);
    }

    [Test]
    public async Task A_send_that_fails_ends_the_output_and_not_the_pump()
    {
        await using OutputChats chats = new();
        ScriptedOutput broken = chats.Open(First), faulty = chats.Open(First), well = chats.Open(First);
        broken.Takes = static _ => -1;
        faulty.Takes = static _ => throw new InvalidOperationException("a fault of ours");

        chats.Push(First, "one"u8.ToArray());
        chats.Pumped();

        Assert.That(broken.Drained.IsCompleted);
        Assert.That(faulty.Drained.IsCompleted);
        Assert.That(well.Received, Is.EqualTo("one"u8.ToArray()));
    }

    [Test]
    public async Task A_chat_that_overtook_a_waiting_peer_is_told_as_one_gap()
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open(First, Second);
        output.Takes = static _ => 0;
        output.TryWrite("x"u8);
        chats.Pumped();

        for (int i = 0; i < 3_000; i++) chats.Push(First, "lost"u8.ToArray());
        chats.Push(Second, "kept"u8.ToArray());
        output.Takes = static length => length;
        output.Continue(1);
        chats.Pumped();
        chats.Push(First, "new"u8.ToArray());
        chats.Pumped();

        byte[] gap = FrameEncoder.EncodeWebSocket(new GapPush(First, 0));
        Assert.That(output.Received, Is.EqualTo((byte[])[(byte)'x', .. gap, .. "kept"u8, .. "new"u8]));
    }

    /// <summary>
    /// Of a chat that speaks while its members are served one by one, a member may get a part first. If it is removed and added again
    /// meanwhile, the rest of what it missed belongs in front of the new membership's events (promise P6).
    /// </summary>
    [Test]
    public async Task Who_is_removed_and_added_again_gets_what_came_before_first()
    {
        await using OutputChats chats = new();
        ScriptedOutput served = chats.Open(First), output = chats.Open(First);
        EventRow removed = MembershipEvent(1, EventKinds.MemberRemoved, subjectId: 2);
        EventRow added = MembershipEvent(2, EventKinds.MemberAdded, subjectId: 2);
        served.Takes = length =>
        {
            served.Takes = static all => all;
            chats.Push(First, "two,"u8.ToArray());
            chats.Fanout.OnCommitted([removed, added]);
            chats.Push(First, "three"u8.ToArray());
            return length;
        };

        chats.Push(First, "one,"u8.ToArray());
        chats.Pumped();

        byte[] all = [.. "one,two,"u8, .. Encode(removed), .. Encode(added), .. "three"u8];
        Assert.That(output.Received, Is.EqualTo(all));
        Assert.That(served.Received, Is.EqualTo(all));
    }

    [Test]
    public async Task What_a_full_send_leaves_over_lets_other_connections_have_their_turn()
    {
        await using OutputChats chats = new();
        ScriptedOutput output = chats.Open(1, 2, 3, 4), other = chats.Open(4);
        for (int chat = 1; chat <= 4; chat++)
            for (int i = 0; i < 100; i++) chats.Push(chat, Record(chat, i, 2_000));
        int sendsBefore = -1;
        other.Takes = length =>
        {
            if (sendsBefore < 0) sendsBefore = output.Sends.Count;
            return length;
        };

        chats.Pumped();

        Assert.That(sendsBefore, Is.EqualTo(1));
        Assert.That(CountRecords(output.Received.ToArray(), sources: 5), Is.EqualTo((int[])[0, 100, 100, 100, 100]));
    }

    private static EventRow MembershipEvent(long sequence, short kind, long subjectId) =>
        new(First, sequence, kind, SenderId: 1, CreatedAtMs: 0, ClientMessageId: null, ReplyTo: null, Text: null, subjectId, Role: null);

    private static byte[] Encode(EventRow row) => FrameEncoder.EncodeWebSocket(new EventPush(row.ToWire()));

    private static void Flush(OutputChats chats, ScriptedOutput output)
    {
        Func<int, int> takes = output.Takes;
        output.Takes = static length => length;
        do
        {
            output.Continue(int.MaxValue);
            chats.Pumped();
        }
        while (output.IsWaiting);
        output.Takes = takes;
    }

    /// <summary>Source (1 byte), number within the source (4), filler's length (4), filler.</summary>
    private static byte[] Record(int source, int number, int fillerBytes)
    {
        byte[] record = new byte[9 + fillerBytes];
        record[0] = (byte)source;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(1), number);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(5), fillerBytes);
        record.AsSpan(9).Fill((byte)number);
        return record;
    }

    /// <summary>How many records came of each source; fails when they are not whole and in order.</summary>
    private static int[] CountRecords(ReadOnlySpan<byte> received, int sources = 4)
    {
        int[] counts = new int[sources];
        while (!received.IsEmpty)
        {
            int source = received[0];
            int number = counts[source]++;
            byte[] expected = Record(source, number, BinaryPrimitives.ReadInt32LittleEndian(received[5..]));
            Assert.That(received[..expected.Length].SequenceEqual(expected), $"record {number} of source {source}");
            received = received[expected.Length..];
        }

        return counts;
    }
}
