namespace Chat.Sdk.Transport;

/// <summary>Opens connections to the service. Tests put an in-memory one here.</summary>
public interface ITransport
{
    /// <summary>Opens one connection.</summary>
    /// <param name="url">The socket's address, <c>ws(s)://host[:port]/ws</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The service is not to be reached; the client comes back later.</exception>
    Task<ITransportConnection> ConnectAsync(Uri url, CancellationToken cancellationToken);
}

/// <summary>One open connection. One sender and one receiver at a time.</summary>
public interface ITransportConnection : IAsyncDisposable
{
    /// <summary>Takes the next whole message, or the close.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask<TransportMessage> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Sends one binary message.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Says goodbye; the receiver then sees the close.</summary>
    ValueTask CloseAsync(int code, string reason, CancellationToken cancellationToken);
}

/// <summary>A message, or the close of a connection.</summary>
/// <param name="Payload">Whole frames; valid until the next receive.</param>
/// <param name="CloseCode">Not null: the peer closed, and there is no payload. 1005 when it gave no code.</param>
/// <param name="CloseReason">May be empty.</param>
public readonly record struct TransportMessage(ReadOnlyMemory<byte> Payload, int? CloseCode = null, string CloseReason = "");
