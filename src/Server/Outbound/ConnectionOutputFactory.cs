using Chat.Server.Transport;
using Chat.Server.Transport.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Outbound;

/// <summary>Gives each connection its way out: straight on the socket, or through the pipe where TLS or a test stands between.</summary>
public sealed class ConnectionOutputFactory : IConnectionOutputFactory, IDisposable
{
    private readonly Dictionary<SocketLoop, OutboundPump> _pumps = [];
    private readonly OutboundOptions _options;
    private readonly TimeProvider _time;
    private readonly Lazy<PumpThread>[] _pipes;
    private uint _next;
    private bool _isDisposed;

    public ConnectionOutputFactory(
        OutboundOptions options, OutboundPace pace, TimeProvider time, ILogger<ConnectionOutputFactory> log, SocketTransport? transport = null)
    {
        (_options, _time) = (options, time);
        int count = Math.Max(1, Environment.ProcessorCount / 2); // with TLS these threads encrypt
        _pipes = [.. Enumerable.Range(0, count).Select(_ => new Lazy<PumpThread>(() => new PumpThread(pace, time, log)))];
        foreach (SocketLoop loop in transport?.Loops ?? [])
        {
            OutboundPump pump = new(loop.Wake, pace, time, log);
            _pumps.Add(loop, pump);
            loop.Work = pump;
        }
    }

    /// <summary>The pumps that have been made.</summary>
    internal IEnumerable<OutboundPump> Pumps =>
        _pumps.Values.Concat(_pipes.Where(static pipe => pipe.IsValueCreated).Select(static pipe => pipe.Value.Pump));

    public IConnectionOutput Create(ConnectionContext connection)
    {
        if (connection is SocketConnection { IsPlain: true } socket && _pumps.TryGetValue(socket.Loop, out OutboundPump? pump))
            return new SocketOutput(socket, pump, _options, _time);
        PumpThread thread = _pipes[Interlocked.Increment(ref _next) % (uint)_pipes.Length].Value;
        return new PipeOutput(connection.Transport.Output, thread.Pump, _options, _time);
    }

    /// <summary>May come twice: the container knows this object by two names.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        foreach (Lazy<PumpThread> thread in _pipes)
            if (thread.IsValueCreated) thread.Value.Dispose();
    }
}
