using Chat.Domain.Fanout;
using Chat.Micro.Fanout;
using Chat.Server.Outbound;

namespace Chat.Micro.Outbound;

/// <summary>A connection's way out whose peer takes everything at once; its session is subscribed by the benchmark.</summary>
internal sealed class SinkOutput(long sessionId, OutboundPump pump)
    : ConnectionOutput(pump, new OutboundOptions(), TimeProvider.System), ISubscriber
{
    public long SessionId => sessionId;

    public long PrincipalId => sessionId;

    public long DeviceId => sessionId;

    public int Sends { get; private set; }

    /// <summary>Of all bytes consumed; keeps the sending from being optimised away.</summary>
    public long Checksum { get; private set; }

    public bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral) => TryWrite(webSocketFrames);

    protected override int SendNow(ReadOnlySpan<byte> bytes)
    {
        Checksum += SinkPump.Consume(bytes);
        Sends++;
        return bytes.Length;
    }

    protected override void SendLater(byte[] rest, int length) => throw new InvalidOperationException($"{length} bytes were left over.");
}
