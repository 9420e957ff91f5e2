using System.Buffers;
using System.Collections.Concurrent;
using Chat.Domain.Fanout;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Domain.Tests.Fanout;

/// <summary>A session as the fan-out sees it; drains its subscriptions when the test says so, on the test's thread.</summary>
internal sealed class RecordingSubscriber(long sessionId, long principalId) : ISubscriber
{
    private readonly GatherBuffer _buffer = new();
    private readonly ConcurrentQueue<Subscription> _woken = new();

    public long SessionId => sessionId;

    public long PrincipalId => principalId;

    public long DeviceId => sessionId;

    public List<WireEvent> Events { get; } = [];

    public List<TypingPush> Typing { get; } = [];

    public List<long> Gaps { get; } = [];

    public int Wakes { get; private set; }

    /// <summary>Heads of <c>gap</c> pushes to this session alone.</summary>
    public ConcurrentQueue<(long ChatId, long Head)> OwnGaps { get; } = new();

    public bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral)
    {
        GapPush gap = PushFrames.Read<GapPush>(webSocketFrames.ToArray());
        OwnGaps.Enqueue((gap.ChatId, gap.HeadSequence));
        return true;
    }

    public void Wake(Subscription subscription)
    {
        Wakes++;
        _woken.Enqueue(subscription);
    }

    /// <summary>Does what a pump does, until nothing is woken any more.</summary>
    public void Drain()
    {
        while (_woken.TryDequeue(out Subscription? subscription))
        {
            switch (subscription.Read(_buffer, out long to))
            {
                case SubscriptionRead.Bytes:
                    Note(_buffer.Bytes.ToArray());
                    if (subscription.Advance(to)) subscription.Wake();
                    break;
                case SubscriptionRead.Gap:
                    Gaps.Add(subscription.HeadSequence);
                    break;
                case SubscriptionRead.Empty:
                    break;
            }
        }
    }

    private void Note(byte[] webSocketFrames)
    {
        ReadOnlySequence<byte> rest = new(webSocketFrames);
        while (!rest.IsEmpty)
        {
            int length = rest.FirstSpan[1];
            int header = length < 126 ? 2 : 4; // the frames of these tests are below 64 KiB
            rest = rest.Slice(header);
            Assert.That(FrameReader.TryRead(ref rest, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body), Is.EqualTo(FrameReadResult.Complete));
            if (EventPush.TryRead(body, out _, out EventPush push)) Events.Add(push.Event);
            else if (TypingPush.TryRead(body, out _, out TypingPush typing)) Typing.Add(typing);
            else Assert.Fail("a push of another type");
        }
    }
}
