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
}
