using Chat.Domain.Fanout;

namespace Chat.Domain.Tests.Fanout;

/// <summary>Shared bytes for those who get all, own bytes for those who do not.</summary>
[TestFixture]
internal sealed class GatherBufferTests
{
    [Test]
    public void Sessions_get_exactly_what_is_not_excepted_for_them([Range(1, 5)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        MessageRing ring = new();
        List<(byte[] Frame, long Except)> written = [];
        for (int i = 0; i < 300; i++)
        {
            byte[] frame = new byte[random.Next(1, 3_000)];
            random.NextBytes(frame);
            long except = random.Next(3) == 0 ? random.Next(1, 6) : 0;
            ring.Write(frame, except, nowMs: 0);
            written.Add((frame, except));
        }

        GatherBuffer buffer = new();
        for (int round = 0; round < 200; round++)
        {
            long session = random.Next(1, 8), from = random.Next(300), end = from + random.Next(1, 40);
            Assert.That(buffer.TryGather(ring, from, Math.Min(end, 300), session, out long to));

            Assert.That(to, Is.InRange(from + 1, Math.Min(end, 300)));
            byte[] expected = [.. written[(int)from..(int)to].Where(entry => entry.Except != session).SelectMany(entry => entry.Frame)];
            Assert.That(buffer.Bytes.SequenceEqual(expected));
        }
    }

    [Test]
    public void Others_use_the_same_bytes_before_and_after_an_excepted_session()
    {
        MessageRing ring = new();
        ring.Write("one"u8.ToArray(), 0, 0);
        ring.Write("two"u8.ToArray(), exceptSessionId: 5, 0);
        GatherBuffer buffer = new();

        buffer.TryGather(ring, 0, 2, sessionId: 1, out _);
        ref readonly byte before = ref buffer.Bytes[0];
        buffer.TryGather(ring, 0, 2, sessionId: 5, out long to);
        Assert.That(to, Is.EqualTo(2));
        Assert.That(buffer.Bytes.SequenceEqual("one"u8));
        buffer.TryGather(ring, 0, 2, sessionId: 2, out _);

        Assert.That(buffer.Bytes.SequenceEqual("onetwo"u8));
        Assert.That(System.Runtime.CompilerServices.Unsafe.AreSame(in before, in buffer.Bytes[0]));
    }

    [Test]
    public void A_session_excepted_from_everything_gets_nothing_and_moves_on()
    {
        MessageRing ring = new();
        ring.Write("one"u8.ToArray(), exceptSessionId: 5, 0);
        GatherBuffer buffer = new();

        Assert.That(buffer.TryGather(ring, 0, 1, sessionId: 5, out long to));

        Assert.That(to, Is.EqualTo(1));
        Assert.That(buffer.Bytes.IsEmpty);
    }

    [Test]
    public void An_end_before_what_is_shared_is_kept_to()
    {
        MessageRing ring = new();
        ring.Write("one"u8.ToArray(), 0, 0);
        ring.Write("two"u8.ToArray(), 0, 0);
        GatherBuffer buffer = new();

        buffer.TryGather(ring, 0, 2, sessionId: 1, out _);
        buffer.TryGather(ring, 0, 1, sessionId: 2, out long to);

        Assert.That(to, Is.EqualTo(1));
        Assert.That(buffer.Bytes.SequenceEqual("one"u8));
    }
}
