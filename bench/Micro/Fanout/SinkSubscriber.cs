using Chat.Domain.Fanout;

namespace Chat.Micro.Fanout;

/// <summary>Receives as a connection does, without one: woken subscriptions wait in its pump's list until they are drained.</summary>
internal sealed class SinkSubscriber(long sessionId, SinkPump pump) : ISubscriber
{
    public long SessionId => sessionId;

    public long PrincipalId => sessionId;

    public long DeviceId => sessionId;

    public bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral) => false;

    public void Wake(Subscription subscription) => pump.Add(subscription);
}
