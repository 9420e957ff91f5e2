using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Chat.Server.Transport.Sockets;

/// <summary>Sends on a socket by itself and wants to know when it takes bytes again.</summary>
internal interface ISocketSender
{
    /// <summary>The socket takes bytes again, or never will: the next send tells which. Loop thread.</summary>
    void OnWritable();
}

/// <summary>One accepted TCP connection on a loop, as Kestrel's connection abstraction. Costs an object or two while it is silent.</summary>
/// <remarks>
/// Whoever sends takes one of two ways, and stays with it: <see cref="TrySend"/> straight on the socket, or <see cref="Transport"/>'s
/// output, a pipe that is made when it is first asked for. Thread-safe unless said otherwise.
/// </remarks>
internal sealed class SocketConnection : ConnectionContext
{
    /// <summary>Receives in a row before the other connections of the loop have their turn.</summary>
    private const int MaxReceivesInARow = 16;

    /// <summary>
    /// How long a request goes on whose client has sent its end and takes no bytes. It may be gone, or may only have nothing more to say and read on
    /// (TCP's half-close, RFC 9293 §3.6): the end looks the same, and Kestrel gives up an answer that is not sent yet as soon as it is told.
    /// </summary>
    private static readonly TimeSpan HalfClosedGrace = TimeSpan.FromSeconds(2);

    private static long _lastNumber;

    private readonly Lock _gate = new();
    private readonly SocketInput _input;
    private int _descriptor;
    private bool _isReceiving; // loop thread
    private bool _isPeerEnded;
    private bool _isClosed;
    private ISocketSender? _sender;
    private IDuplexPipe? _transport;
    private SocketPipeOutput? _pipeOutput;
    private FeatureCollection? _features;
    private IDictionary<object, object?>? _items;
    private CancellationTokenSource? _closed;
    private readonly long _number = Interlocked.Increment(ref _lastNumber);
    private string? _id;

    public SocketConnection(int descriptor, EndPoint? local, EndPoint? remote, SocketLoop loop)
    {
        (_descriptor, Loop, LocalEndPoint, RemoteEndPoint) = (descriptor, loop, local, remote);
        _input = new SocketInput(this);
    }

    /// <summary>The loop that receives, and on whose thread <see cref="ISocketSender"/> is called.</summary>
    public SocketLoop Loop { get; }

    /// <summary>Names the connection in its loop's table; set by the loop.</summary>
    public long Tag { get; private set; }

    /// <summary>The listener has looked at the first bytes: this is no WebSocket.</summary>
    public bool IsJudged { get; private set; }

    /// <summary>Kestrel serves the connection, and closes it.</summary>
    public bool IsHandedOver { get; private set; }

    /// <summary>Nothing stands between the socket and us that changes bytes.</summary>
    public bool IsPlain => _features?.Get<ITlsHandshakeFeature>() is null;

    public override string ConnectionId
    {
        get => _id ??= $"{_number:x}";
        set => _id = value;
    }

    public override IFeatureCollection Features => _features ??= new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new Dictionary<object, object?>();
        set => _items = value;
    }

    /// <summary>Incoming bytes, and a pipe out. TLS puts its own in place of it.</summary>
    public override IDuplexPipe Transport
    {
        get => _transport ??= new LazyPipe(this);
        set => _transport = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get
        {
            lock (_gate)
            {
                if (_isClosed) return new CancellationToken(canceled: true);
                _closed ??= new CancellationTokenSource();
                TellPeerEnded();
                return _closed.Token;
            }
        }
        set => throw new NotSupportedException("The socket says when it is closed.");
    }

    /// <summary>Sends straight on the socket from now on, without the pipe. Before anything is sent.</summary>
    public void SendDirectly(ISocketSender sender) => _sender = sender;

    /// <summary>Leaves the connection to readers that may block, on other threads.</summary>
    public void HandOver(bool isJudged)
    {
        IsJudged = isJudged;
        lock (_gate)
        {
            IsHandedOver = true;
            TellPeerEnded();
        }

        _input.ContinueOnPool();
    }

    /// <returns>Bytes taken, fewer than given when the socket is full, or negative: the error, negated.</returns>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        lock (_gate) return _isClosed ? -LinuxSocket.BadDescriptor : LinuxSocket.Send(_descriptor, bytes);
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        // Kestrel gives null where a client went away while its request was served; whoever waits here is to be given a reason.
        _input.Fail(abortReason ?? new ConnectionAbortedException("The connection was aborted."));
        Loop.Post(this, SocketLoop.LoopAction.Close);
    }

    /// <summary>Sends what is in the pipe, if there is one, then closes.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (_pipeOutput is { } output) await output.CompleteAsync();
        Loop.Post(this, SocketLoop.LoopAction.Close);
        await base.DisposeAsync();
    }

    /// <returns>Bytes received; 0 at the peer's end; negative: the error, negated. Loop thread.</returns>
    internal int TryReceive(Span<byte> room) => _isClosed ? -LinuxSocket.WouldBlock : LinuxSocket.Receive(_descriptor, room);

    /// <summary>Bytes may be waiting and a reader does: makes the loop receive.</summary>
    internal void ScheduleReceive()
    {
        if (Loop.IsCurrent && _isReceiving) return; // the receive under way goes on
        Loop.Post(this, SocketLoop.LoopAction.Receive);
    }

    /// <summary>Begins to wait for events. Loop thread.</summary>
    internal void Begin(long tag, Epoll epoll)
    {
        Tag = tag;
        epoll.Add(_descriptor, tag, EpollEvents.Readable | EpollEvents.Writable | EpollEvents.PeerClosed | EpollEvents.EdgeTriggered);
    }

    internal void OnEvents(EpollEvents seen)
    {
        const EpollEvents Ending = EpollEvents.PeerClosed | EpollEvents.HangUp | EpollEvents.Error;
        if ((seen & Ending) != 0) _input.NoteEnding();
        if ((seen & (EpollEvents.Readable | Ending)) != 0) Receive();
        if ((seen & (EpollEvents.Writable | Ending)) != 0) _sender?.OnWritable();
        if ((seen & Ending) == 0) return;

        // Ends requests that nobody waits for any more.
        if ((seen & (EpollEvents.HangUp | EpollEvents.Error)) == 0) NotePeerEnded();
        else if (IsHandedOver) TellClosed();
    }

    /// <summary>Receives while there is something and somebody who wants it. Loop thread.</summary>
    internal void Receive()
    {
        if (_isReceiving || _isClosed) return;
        _isReceiving = true;
        try
        {
            for (int left = MaxReceivesInARow; _input.Receive(Loop); left--)
            {
                if (left > 0) continue;
                Loop.Post(this, SocketLoop.LoopAction.Receive);
                return;
            }
        }
        finally
        {
            _isReceiving = false;
        }
    }

    /// <summary>Closes the socket. Loop thread.</summary>
    internal void CloseNow()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            Loop.Forget(this);
            LinuxSocket.Close(_descriptor);
            _descriptor = -1;
        }

        _input.Fail(new ConnectionAbortedException("The connection was closed."));
        _sender?.OnWritable();
        TellClosed();
    }

    private void NotePeerEnded()
    {
        lock (_gate)
        {
            _isPeerEnded = true;
            TellPeerEnded();
        }
    }

    /// <summary>Begins the grace anew: each event behind the peer's end says that it took bytes. Caller holds the gate.</summary>
    private void TellPeerEnded()
    {
        if (_isPeerEnded && IsHandedOver && !_isClosed) _closed?.CancelAfter(HalfClosedGrace);
    }

    private void TellClosed()
    {
        CancellationTokenSource? closed = _closed;
        if (closed is { IsCancellationRequested: false })
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), closed, preferLocal: false);
    }

    private PipeWriter OpenPipe()
    {
        lock (_gate)
        {
            if (_pipeOutput is null)
            {
                _pipeOutput = new SocketPipeOutput(this);
                _sender = _pipeOutput;
            }

            return _pipeOutput.Writer;
        }
    }

    private sealed class LazyPipe(SocketConnection connection) : IDuplexPipe
    {
        public PipeReader Input => connection._input;

        public PipeWriter Output => connection.OpenPipe();
    }
}
