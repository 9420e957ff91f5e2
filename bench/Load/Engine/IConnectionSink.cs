namespace Chat.Load.Engine;

/// <summary>Takes what happens on connections, on the engine's thread, in the order of arrival.</summary>
internal interface IConnectionSink
{
    /// <summary>The path to ask the upgrade of.</summary>
    string PathOf(LoadConnection connection);

    /// <summary>The upgrade is done: frames may go.</summary>
    void OnOpen(LoadConnection connection);

    /// <param name="connection">Where it came from.</param>
    /// <param name="payload">Of one text or binary WebSocket message; valid during the call.</param>
    /// <param name="now">When the bytes were read, in nanoseconds of <see cref="Clock"/>.</param>
    void OnMessage(LoadConnection connection, ReadOnlySpan<byte> payload, long now);

    /// <summary>The other side, or a fault, ended the connection. Not called for <see cref="SocketLoop.Close"/>.</summary>
    void OnClosed(LoadConnection connection, string why);
}
