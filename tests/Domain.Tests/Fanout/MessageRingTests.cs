using Chat.Domain.Fanout;

namespace Chat.Domain.Tests.Fanout;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class MessageRingTests
{
    [Test]
    public void What_was_written_is_read_at_its_index()
    {
        MessageRing ring = new();

        for (int i = 0; i < 10; i++) ring.Write([(byte)i], 0, nowMs: 10_000);

        Assert.That(ring.Tail, Is.EqualTo(10));
        for (int i = 0; i < 10; i++)
        {
            Assert.That(ring.TryRead(i, out RingEntry entry), Is.EqualTo(RingRead.Hit));
            Assert.That(entry.Frame, Is.EqualTo(new[] { (byte)i }));
        }

        Assert.That(ring.TryRead(10, out _), Is.EqualTo(RingRead.NotYetWritten));
    }

    [Test]
    public void A_quick_chat_grows_its_ring_and_a_slow_one_overwrites()
    {
        MessageRing quick = new(), slow = new();

        for (int i = 0; i < 100; i++) quick.Write([1], 0, nowMs: 10_000 + i);
        for (int i = 0; i < 100; i++) slow.Write([1], 0, nowMs: 10_000 + (i * 1_000L)); // 16 of them take longer than the growth window

        Assert.That(quick.Capacity, Is.EqualTo(128));
        Assert.That(quick.Start, Is.Zero);
        Assert.That(slow.Capacity, Is.EqualTo(MessageRing.InitialCapacity));
        Assert.That(slow.TryRead(0, out _), Is.EqualTo(RingRead.Overwritten));
        Assert.That(slow.TryRead(99, out _), Is.EqualTo(RingRead.Hit));
    }

    [Test]
    public void A_released_ring_goes_on_at_the_same_index()
    {
        MessageRing ring = new();
        for (int i = 0; i < 5; i++) ring.Write([(byte)i], 0, nowMs: 10_000);

        ring.ReleaseBefore(ring.Tail);
        ring.Write([5], 0, nowMs: 10_001);

        Assert.That((ring.Start, ring.Tail), Is.EqualTo((5L, 6L)));
        Assert.That(ring.TryRead(4, out _), Is.EqualTo(RingRead.Overwritten));
        Assert.That(ring.TryRead(5, out _), Is.EqualTo(RingRead.Hit));
        Assert.That(ring.TryRead(6, out _), Is.EqualTo(RingRead.NotYetWritten));
    }

    [Test]
    public void A_ring_holds_no_more_entries_than_its_limit()
    {
        MessageRing ring = new();

        for (int i = 0; i < 5_000; i++) ring.Write([1], 0, nowMs: 10_000);

        Assert.That(ring.Capacity, Is.EqualTo(MessageRing.MaxCapacity));
        Assert.That(ring.Tail - ring.Start, Is.EqualTo(MessageRing.MaxCapacity));
    }

    [Test]
    public void A_ring_holds_no_more_bytes_than_its_limit()
    {
        MessageRing ring = new();
        byte[] frame = new byte[100_000];

        for (int i = 0; i < 50; i++) ring.Write(frame, 0, nowMs: 10_000);

        Assert.That((ring.Tail - ring.Start) * frame.Length, Is.LessThanOrEqualTo(MessageRing.MaxBytes));
        Assert.That(ring.TryRead(ring.Start - 1, out _), Is.EqualTo(RingRead.Overwritten));
        Assert.That(ring.TryRead(49, out _), Is.EqualTo(RingRead.Hit));
    }

    [Test]
    public void A_frame_larger_than_the_byte_limit_is_still_there_for_the_next_read()
    {
        MessageRing ring = new();

        ring.Write(new byte[MessageRing.MaxBytes + 1], 0, nowMs: 10_000);

        Assert.That(ring.TryRead(0, out _), Is.EqualTo(RingRead.Hit));
    }

    [Test, CancelAfter(20_000)]
    public async Task Readers_beside_the_writer_see_each_entry_whole_or_are_told_it_is_gone(CancellationToken ct)
    {
        const int Entries = 200_000;
        MessageRing ring = new();
        Task writer = Task.Run(() =>
        {
            for (int i = 0; i < Entries; i++) ring.Write(BitConverter.GetBytes(i), 0, nowMs: 10_000 + (i / 50));
        }, ct);

        long read = 0, skipped = 0, at = 0;
        while (at < Entries)
        {
            switch (ring.TryRead(at, out RingEntry entry))
            {
                case RingRead.Hit:
                    Assert.That(BitConverter.ToInt32(entry.Frame), Is.EqualTo((int)at));
                    (read, at) = (read + 1, at + 1);
                    break;
                case RingRead.Overwritten:
                    long start = ring.Start;
                    skipped += start - at;
                    at = start;
                    break;
                default:
                    ct.ThrowIfCancellationRequested();
                    break;
            }
        }

        await writer;
        Assert.That(read + skipped, Is.EqualTo(Entries));
        Assert.That(read, Is.GreaterThan(0));
    }
}
