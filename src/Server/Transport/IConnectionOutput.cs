using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport;

/// <summary>The one way out of a connection: whatever is written leaves in order and whole, from whichever thread it comes.</summary>
public interface IConnectionOutput
{
    /// <summary>Completes when everything written before <see cref="CompleteAfterPending"/> has left, or nothing more can.</summary>
    Task Drained { get; }

    /// <summary>Queues bytes, the handshake's answer or encoded WebSocket frames. The memory must not change afterwards.</summary>
    /// <returns>False when the output is over its bound, completed or broken; then nothing was queued.</returns>
    bool TryWrite(ReadOnlyMemory<byte> bytes);

    /// <summary>Waits while much is unsent: who does not take what it is sent is not read on. Completes at once when the output is broken.</summary>
    ValueTask WaitForRoomAsync(CancellationToken ct);

    /// <summary>Takes nothing more, sends what is queued, then completes <see cref="Drained"/>.</summary>
    void CompleteAfterPending();
}

/// <summary>Makes the output of each connection.</summary>
public interface IConnectionOutputFactory
{
    /// <param name="connection">Upgraded, or about to be: the 101 goes through the output as its first bytes.</param>
    IConnectionOutput Create(ConnectionContext connection);
}
