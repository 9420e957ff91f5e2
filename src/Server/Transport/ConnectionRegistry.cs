using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport;

/// <summary>Knows every connection of this layer and looks at their deadlines in one sweep: handshake, message, close.
/// Thread-safe.</summary>
public sealed class ConnectionRegistry : IDisposable
{
    /// <summary>
    /// So many connections of which nothing was read are a storm, and so are sessions without a hello: most of them have said something, and the
    /// node has not come to it. Cutting them off would have it do the work of their connections again.
    /// </summary>
    internal const int Storm = 1_000;

    private const int StormPatience = 3;

    private readonly ConcurrentDictionary<long, WebSocketConnection> _connections = new();
    private readonly ConcurrentDictionary<PendingHandshake, byte> _handshakes = new();
    private readonly ConcurrentDictionary<ConnectionContext, long> _endings = new();
    private readonly WebSocketOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private long _lastId;
    private int _isSweeping;

    public ConnectionRegistry(WebSocketOptions options, TimeProvider time, ILogger<ConnectionRegistry> log)
    {
        (_options, _time, _log) = (options, time, log);
        _timer = time.CreateTimer(static state => ((ConnectionRegistry)state!).Sweep(), this, options.SweepInterval, options.SweepInterval);
    }

    /// <summary>Open WebSocket connections, those in their close handshake included.</summary>
    public int Count => _connections.Count;

    /// <summary>The connections at this moment; no copy.</summary>
    public IEnumerable<KeyValuePair<long, WebSocketConnection>> Connections => _connections;

    /// <summary>Called with each connection at every sweep, after its own deadlines: the place for heartbeats. Must not block.</summary>
    public Action<WebSocketConnection>? Swept { get; set; }

    public bool TryFind(long id, [NotNullWhen(true)] out WebSocketConnection? connection) => _connections.TryGetValue(id, out connection);

    /// <summary>Acts on every deadline that has passed. The registry's own timer calls it; a call while one runs does nothing.</summary>
    public void Sweep()
    {
        if (Interlocked.Exchange(ref _isSweeping, 1) == 1) return;
        try
        {
            int patience = _handshakes.Count > Storm ? StormPatience : 1;
            foreach ((PendingHandshake handshake, _) in _handshakes) handshake.Sweep(patience);
            foreach ((_, WebSocketConnection connection) in _connections)
            {
                connection.Sweep();
                Swept?.Invoke(connection);
            }

            foreach ((ConnectionContext connection, long since) in _endings) SweepEnding(connection, since);
        }
        catch (Exception fault)
        {
            TransportLog.SweepFailed(_log, fault); // an exception out of a timer would end the process
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }

    public void Dispose() => _timer.Dispose();

    internal long NextId() => Interlocked.Increment(ref _lastId);

    internal void Add(WebSocketConnection connection) => _connections[connection.Id] = connection;

    internal void Remove(WebSocketConnection connection) => _connections.TryRemove(connection.Id, out _);

    internal void Add(PendingHandshake handshake) => _handshakes[handshake] = 0;

    internal void Remove(PendingHandshake handshake) => _handshakes.TryRemove(handshake, out _);

    /// <summary>Cuts a connection that we have let go of, if Kestrel still tries to send its last bytes after the close timeout.</summary>
    internal void EndSoon(ConnectionContext connection) => _endings[connection] = _time.GetTimestamp();

    private void SweepEnding(ConnectionContext connection, long since)
    {
        bool isLate = _time.GetElapsedTime(since) >= _options.CloseTimeout;
        if (isLate) connection.Abort(new ConnectionAbortedException("The peer did not take the last bytes."));
        if (isLate || connection.ConnectionClosed.IsCancellationRequested) _endings.TryRemove(connection, out _);
    }
}
