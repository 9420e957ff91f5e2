using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport.Sockets;

/// <summary>Kestrel's transport on this server's own loops: TCP on Linux. Anything else is left to the framework's transport.</summary>
public sealed class SocketTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly ConcurrentBag<SocketListener> _listeners = [];
    private readonly ILogger _log;
    private WebSocketAcceptor? _acceptor;

    public SocketTransport(WebSocketOptions options, ILogger<SocketTransport> log)
    {
        _log = log;
        int count = options.SocketLoops > 0 ? options.SocketLoops : Math.Max(1, Environment.ProcessorCount / 2);
        Loops = IsSupported ? [.. Enumerable.Range(0, count).Select(number => new SocketLoop(number, log))] : [];
    }

    /// <summary>Whether this transport works on this system.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    internal SocketLoop[] Loops { get; }

    public bool CanBind(EndPoint endpoint) => IsSupported && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        SocketListener listener = new((IPEndPoint)endpoint, Loops, _acceptor, _log);
        _listeners.Add(listener);
        return new ValueTask<IConnectionListener>(listener);
    }

    /// <summary>Closes the listening sockets; what is connected goes on. Kestrel may do it again.</summary>
    internal void StopAccepting()
    {
        foreach (SocketListener listener in _listeners) listener.Unbind();
    }

    public void Dispose()
    {
        foreach (SocketLoop loop in Loops) loop.Dispose();
    }

    /// <summary>Lets WebSocket upgrades be answered where they come in, before Kestrel makes a connection of them. Not with TLS: the first bytes are its.</summary>
    internal void AnswerUpgrades(WebSocketAcceptor acceptor) => _acceptor = acceptor;
}
