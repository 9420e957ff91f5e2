using Chat.Domain.Fanout;

namespace Chat.Fuzz.Cluster;

/// <summary>A session whose bytes are looked at instead of sent. One thread.</summary>
internal sealed class DrainedSubscriber : ISubscriber
{
    private readonly GatherBuffer _buffer = new();
    private readonly Queue<Subscription> _woken = new();
    private readonly MemoryStream _sent = new();

    public long SessionId => 1;

    public long PrincipalId => 12;

    public long DeviceId => 1;

    public bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral)
    {
        _sent.Write(webSocketFrames.Span);
        return true;
    }

    public void Wake(Subscription subscription) => _woken.Enqueue(subscription);

    /// <summary>What a pump would have sent since the last call.</summary>
    public byte[] Drain()
    {
        while (_woken.TryDequeue(out Subscription? subscription))
        {
            if (subscription.Read(_buffer, out long to) != SubscriptionRead.Bytes) continue;
            _sent.Write(_buffer.Bytes.ToArray());
            if (subscription.Advance(to)) subscription.Wake();
        }

        byte[] sent = _sent.ToArray();
        _sent.SetLength(0);
        return sent;
    }
}
