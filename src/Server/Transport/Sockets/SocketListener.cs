using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport.Sockets;

/// <summary>A listening socket on a loop. Answers WebSocket upgrades at once, where they came in; everything else goes to Kestrel.</summary>
internal sealed class SocketListener : IConnectionListener
{
    private const int Backlog = 4096;
    private const int MaxAcceptsInARow = 64;
    private const int RetryPauseMilliseconds = 100;

    /// <summary>Descriptors that connections leave to the rest of the process: the database, files, and libraries that are loaded late,
    /// which a process that is full once misses for ever.</summary>
    private const int ReservedDescriptors = 128;

    /// <summary>Connections that are taken however low the limit of descriptors is.</summary>
    private const int LeastConnections = 16;

    private readonly Socket _socket;
    private readonly SocketLoop[] _loops;
    private readonly WebSocketAcceptor? _acceptor;
    private readonly ILogger _log;
    private readonly Channel<ConnectionContext> _forHttp = Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true });
    private readonly int _descriptor;
    private readonly int _maxConnections;
    private int _next;
    private long _retryAt; // loop thread
    private bool _isOut; // loop thread: accepting failed for want of something; to be tried again
    private int _isUnbound;

    /// <param name="acceptor">Who answers upgrades; null when the first bytes are not plain (TLS).</param>
    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    public SocketListener(IPEndPoint endPoint, SocketLoop[] loops, WebSocketAcceptor? acceptor, ILogger log)
    {
        (_loops, _acceptor, _log) = (loops, acceptor, log);
        int inUse = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        _maxConnections = Math.Max(LeastConnections, LinuxSocket.MaxDescriptors() - inUse - ReservedDescriptors);
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) _socket.DualMode = true;
            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
            EndPoint = _socket.LocalEndPoint!;
            _descriptor = (int)_socket.SafeHandle.DangerousGetHandle();
            loops[0].Listen(this, _descriptor);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            _socket.Dispose();
            throw new AddressInUseException(taken.Message, taken);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    public EndPoint EndPoint { get; }

    private bool IsUnbound => Volatile.Read(ref _isUnbound) == 1;

    /// <summary>How long the loop may sleep before accepting is tried again: null for ever, 0 at once.</summary>
    internal int? RetryMilliseconds { get; private set; }

    /// <summary>Whether accepting is to be tried again now. Loop thread.</summary>
    internal bool IsRetryDue => RetryMilliseconds is { } pause && (pause == 0 || Environment.TickCount64 >= _retryAt);

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
        if (Interlocked.Exchange(ref _isUnbound, 1) == 1) return;
        _loops[0].StopListening(_descriptor);
        _socket.Dispose();
        _forHttp.Writer.TryComplete();
    }

    /// <summary>Accepts what waits, a bounded number at once. Loop thread.</summary>
    internal void AcceptSome()
    {
        RetryMilliseconds = null;
        bool isHeld = false;
        try
        {
            _socket.SafeHandle.DangerousAddRef(ref isHeld); // unbinding on another thread must not make the number somebody else's
            AcceptHeld();
        }
        catch (ObjectDisposedException)
        {
            RetryMilliseconds = null; // unbound
        }
        finally
        {
            if (isHeld) _socket.SafeHandle.DangerousRelease();
        }
    }

    private void AcceptHeld()
    {
        int room = _maxConnections - _loops.Sum(static loop => loop.Count);
        for (int i = 0; i < MaxAcceptsInARow && !IsUnbound; i++)
        {
            if (i >= room)
            {
                PauseAccepting(LinuxSocket.TooManyInProcess);
                return;
            }

            int descriptor = LinuxSocket.Accept(_descriptor, out IPEndPoint? remote);
            if (descriptor >= 0)
            {
                Open(descriptor, remote);
                continue;
            }

            switch (-descriptor)
            {
                case LinuxSocket.WouldBlock:
                    _isOut = false;
                    return;
                case LinuxSocket.TooManyInProcess or LinuxSocket.TooManyInSystem or LinuxSocket.OutOfMemory or LinuxSocket.OutOfBuffers:
                    PauseAccepting(-descriptor);
                    return;
                default:
                    continue; // that one connection is gone again (accept(2), "Error handling")
            }
        }

        if (!IsUnbound) RetryMilliseconds = 0; // more wait; the others of this loop come first
    }

    /// <summary>Those who wait stay in the system's queue until there is room.</summary>
    private void PauseAccepting(int error)
    {
        if (!_isOut) TransportLog.CannotAccept(_log, LinuxSocket.ToException(error), error);
        (_isOut, RetryMilliseconds) = (true, RetryPauseMilliseconds);
        _retryAt = Environment.TickCount64 + RetryPauseMilliseconds;
    }

    private void Open(int descriptor, IPEndPoint? remote)
    {
        SocketLoop loop = _loops[_next++ % _loops.Length];
        SocketConnection connection = new(descriptor, EndPoint, remote, loop);
        loop.Post(connection, SocketLoop.LoopAction.Adopt);
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
