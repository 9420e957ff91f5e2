using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport.Sockets;

/// <summary>
/// A listening socket, with a thread of its own that accepts: the system's queue is short (net.core.somaxconn), and whoever finds it full
/// comes again after one second, then three, seven, fifteen. So it is emptied before the loops have served those who are in.
/// Answers WebSocket upgrades at once, where they came in; everything else goes to Kestrel.
/// </summary>
internal sealed class SocketListener : IConnectionListener
{
    private const int Backlog = 65_535; // the system takes less if it is set to less
    private const int RetryPauseMilliseconds = 100;

    /// <summary>
    /// Descriptors that connections leave to the rest of the process: the database, files, libraries that are loaded late, which a process
    /// that is full once misses for ever, and threads. .NET makes a pipe to start one, and ends the process ("Out of memory.") where its
    /// own threads cannot start.
    /// </summary>
    private const int ReservedDescriptors = 128;

    /// <summary>Connections that are taken however low the limit of descriptors is.</summary>
    private const int LeastConnections = 16;

    private readonly Socket _socket;
    private readonly Epoll _epoll = new();
    private readonly ManualResetEventSlim _unbound = new();
    private readonly Thread _thread;
    private readonly SocketLoop[] _loops;
    private readonly WebSocketAcceptor? _acceptor;
    private readonly ILogger _log;
    private readonly Channel<ConnectionContext> _forHttp = Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true });
    private readonly int _descriptor;
    private readonly int _inUseBefore;
    private int _next; // accepting thread
    private bool _isOut; // accepting thread: there was no room; the first time is told
    private int _isClosing;

    /// <param name="acceptor">Who answers upgrades; null when the first bytes are not plain (TLS).</param>
    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    public SocketListener(IPEndPoint endPoint, SocketLoop[] loops, WebSocketAcceptor? acceptor, ILogger log)
    {
        (_loops, _acceptor, _log) = (loops, acceptor, log);
        _inUseBefore = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) _socket.DualMode = true;
            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
            EndPoint = _socket.LocalEndPoint!;
            _descriptor = (int)_socket.SafeHandle.DangerousGetHandle();
            _epoll.Add(_descriptor, tag: 0, EpollEvents.Readable);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            Close();
            throw new AddressInUseException(taken.Message, taken);
        }
        catch
        {
            Close();
            throw;
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "accepting" };
        _thread.Start();
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _forHttp.Reader.WaitToReadAsync(cancellationToken))
            if (_forHttp.Reader.TryRead(out ConnectionContext? connection)) return connection;
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        Unbind();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    /// <summary>
    /// Closes the listening socket; whoever connects from now on is refused by the system. A second call does nothing. Thread-safe.
    /// </summary>
    internal void Unbind()
    {
        if (Interlocked.Exchange(ref _isClosing, 1) == 1) return;
        _unbound.Set();
        _epoll.Wake();
        _thread.Join(); // it waits for nothing else: afterwards the descriptor's number may be somebody else's
        Close();
        _forHttp.Writer.TryComplete();
    }

    private void Close()
    {
        _socket.Dispose();
        _epoll.Dispose();
        _unbound.Dispose();
    }

    private void Run()
    {
        while (!_unbound.IsSet)
        {
            try
            {
                _epoll.Wait(-1);
                if (!TryAccept()) _unbound.Wait(RetryPauseMilliseconds);
            }
            catch (Exception fault)
            {
                TransportLog.LoopFailed(_log, fault); // one connection's fault must not end the thread that accepts all the others
            }
        }
    }

    /// <summary>Accepts what waits.</summary>
    /// <returns>False when there is no room: those who wait stay in the system's queue.</returns>
    private bool TryAccept()
    {
        while (!_unbound.IsSet)
        {
            if (IsFull()) return HasNoRoom(LinuxSocket.TooManyInProcess);

            int descriptor = LinuxSocket.Accept(_descriptor, out IPEndPoint? remote);
            if (descriptor >= 0)
            {
                _isOut = false;
                Open(descriptor, remote);
                continue;
            }

            switch (-descriptor)
            {
                case LinuxSocket.WouldBlock:
                    return true;
                case LinuxSocket.TooManyInProcess or LinuxSocket.TooManyInSystem or LinuxSocket.OutOfMemory or LinuxSocket.OutOfBuffers:
                    return HasNoRoom(-descriptor);
                default:
                    continue; // that one connection is gone again (accept(2), "Error handling")
            }
        }

        return true;
    }

    /// <summary>The limit is asked for each time: it may be changed while the process runs (prlimit(1)).</summary>
    private bool IsFull()
    {
        int connections = 0;
        foreach (SocketLoop loop in _loops) connections += loop.Count;
        return connections >= Math.Max(LeastConnections, LinuxSocket.MaxDescriptors() - _inUseBefore - ReservedDescriptors);
    }

    private bool HasNoRoom(int error)
    {
        if (!_isOut) TransportLog.CannotAccept(_log, LinuxSocket.ToException(error), error);
        _isOut = true;
        return false;
    }

    private void Open(int descriptor, IPEndPoint? remote)
    {
        SocketLoop loop = _loops[_next++ % _loops.Length];
        SocketConnection connection = new(descriptor, EndPoint, remote, loop);
        loop.Take(connection);
        if (_acceptor is null) HandOver(connection, isJudged: false);
        else _ = ServeAsync(connection, _acceptor);
    }

    private async Task ServeAsync(SocketConnection connection, WebSocketAcceptor acceptor)
    {
        try
        {
            await acceptor.OnConnectionAsync(connection, HandOverAsync);
        }
        catch (Exception fault)
        {
            TransportLog.ConnectionFailed(_log, connection.ConnectionId, fault); // our bug; the process and the other connections go on
        }

        if (!connection.IsHandedOver) await connection.DisposeAsync();
    }

    private Task HandOverAsync(ConnectionContext connection)
    {
        HandOver((SocketConnection)connection, isJudged: true);
        return Task.CompletedTask;
    }

    private void HandOver(SocketConnection connection, bool isJudged)
    {
        connection.HandOver(isJudged);
        if (!_forHttp.Writer.TryWrite(connection)) connection.Abort(new ConnectionAbortedException("The server is stopping."));
    }
}
