using Chat.Domain.Fanout;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Domain.Tests.Fanout;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ChatHubTests
{
    private const long Start = 100_000;

    private static readonly byte[] Push = FrameEncoder.EncodeWebSocket(new TypingPush(7, 1, true));

    [TestCase(true, 5_000, ExpectedResult = 1, Description = "all have the first one: it is let go")]
    [TestCase(false, 5_000, ExpectedResult = 0, Description = "somebody has not")]
    [TestCase(true, 200, ExpectedResult = 0, Description = "a quick chat reuses its places soon enough")]
    public long A_slow_chat_keeps_only_what_somebody_has_not_read(bool isReadByAll, int pauseMs)
    {
        RecordingSubscriber anna = new(11, 1), ben = new(12, 2);
        ChatHub hub = new(chatId: 7, applied: 0, new EarlyEventBudget());
        hub.Add(anna);
        hub.Add(ben);
        hub.Publish(Push, exceptSessionId: 0, Start);
        anna.Drain();
        if (isReadByAll) ben.Drain();

        hub.Publish(Push, exceptSessionId: 0, Start + pauseMs);

        return hub.Ring.Start;
    }

    [TestCase(true, ExpectedResult = 16, Description = "all have the first sixteen")]
    [TestCase(false, ExpectedResult = 8, Description = "one has read eight of them")]
    public long A_quick_chat_keeps_only_what_somebody_has_not_read(bool isReadByAll)
    {
        RecordingSubscriber anna = new(11, 1), ben = new(12, 2);
        ChatHub hub = new(chatId: 7, applied: 0, new EarlyEventBudget());
        hub.Add(anna);
        hub.Add(ben);
        for (int i = 0; i < 16; i++)
        {
            hub.Publish(Push, exceptSessionId: 0, Start + i);
            anna.Drain();
            if (isReadByAll || i == 7) ben.Drain();
        }

        hub.Publish(Push, exceptSessionId: 0, Start + 16);
        ben.Drain();

        Assert.That(ben.Gaps, Is.Empty);
        Assert.That(ben.Typing, Has.Count.EqualTo(17));
        return hub.Ring.Start;
    }

    [Test]
    public void Who_was_removed_has_two_seconds_to_read_what_was_there()
    {
        RecordingSubscriber anna = new(11, 1), ben = new(12, 2);
        ChatHub hub = new(chatId: 7, applied: 0, new EarlyEventBudget());
        hub.Add(anna);
        hub.Add(ben);
        for (int i = 0; i < 15; i++) hub.Publish(Push, exceptSessionId: 0, Start);
        hub.Remove(ben.SessionId);

        for (int i = 15; i < 32; i++)
        {
            anna.Drain();
            hub.Publish(Push, exceptSessionId: 0, Start + (i * 50)); // from 0.75 s on
        }

        Assert.That(hub.Ring.Start, Is.Zero);
        ben.Drain();
        Assert.That((ben.Typing.Count, ben.Gaps.Count), Is.EqualTo((15, 0)));

        for (int i = 32; i < 49; i++)
        {
            anna.Drain();
            hub.Publish(Push, exceptSessionId: 0, Start + (i * 100)); // the look in front of the last one is at 4.8 s
        }

        Assert.That(hub.Ring.Start, Is.EqualTo(48));
    }
}
