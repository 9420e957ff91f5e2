namespace Chat.Domain.Fanout;

/// <summary>Receives pushes: one signed-in connection, as the fan-out sees it. Implemented by the server's session.</summary>
/// <remarks>Thread-safe; called from the batch writer, the pumps and jobs. No call blocks.</remarks>
public interface ISubscriber
{
    /// <summary>Unique on this node for the life of the process.</summary>
    long SessionId { get; }

    long PrincipalId { get; }

    long DeviceId { get; }

    /// <summary>Queues encoded WebSocket frames for this connection alone.</summary>
    /// <param name="webSocketFrames">Whole frames, header included; copied before the call returns.</param>
    /// <param name="ephemeral">True: dropped without a trace when the connection is behind.</param>
    /// <returns>False when the connection has ended or dropped the push.</returns>
    bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral);

    /// <summary>Tells the connection's pump that <paramref name="subscription"/> has something to send.</summary>
    void Wake(Subscription subscription);
}
