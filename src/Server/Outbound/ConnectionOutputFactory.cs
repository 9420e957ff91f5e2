using System.Net.Sockets;
using Chat.Server.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Chat.Server.Outbound;

/// <summary>Gives each connection its way out: straight on the socket, or through the pipe where TLS or a test stands between.</summary>
public sealed class ConnectionOutputFactory : IConnectionOutputFactory, IDisposable
{
    private readonly OutboundPump[] _pumps;
    private readonly OutboundOptions _options;
    private readonly TimeProvider _time;
    private int _next;

    public ConnectionOutputFactory(OutboundOptions options, TimeProvider time, ILogger<ConnectionOutputFactory> log)
    {
        (_options, _time) = (options, time);
        int count = options.Pumps > 0 ? options.Pumps : Math.Max(1, Environment.ProcessorCount / 2);
        _pumps = [.. Enumerable.Range(0, count).Select(number => new OutboundPump(number, log))];
    }

    public IConnectionOutput Create(ConnectionContext connection)
    {
        OutboundPump pump = _pumps[(uint)Interlocked.Increment(ref _next) % (uint)_pumps.Length];
        return new ConnectionOutput(DirectSocket(connection), connection.Transport.Output, pump, _options, _time);
    }

    public void Dispose()
    {
        foreach (OutboundPump pump in _pumps) pump.Dispose();
    }

    private static Socket? DirectSocket(ConnectionContext connection)
    {
        if (connection.Features.Get<ITlsHandshakeFeature>() is not null) return null;
        Socket? socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is not null) socket.Blocking = false; // a synchronous send answers WouldBlock instead of stopping the pump
        return socket;
    }
}
