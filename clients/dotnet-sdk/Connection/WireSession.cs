using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Transport;

namespace Chat.Sdk.Connection;

/// <summary>
/// One connection from hello to its end: gives requests their ids, replies to their callers and pushes to the sink. Calls are
/// thread-safe; everything that comes in is handled on one loop.
/// </summary>
internal sealed class WireSession : IDisposable
{
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReplyCheckInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, PendingCall> _pending = [];
    private readonly ITransportConnection _connection;
    private readonly ISessionSink _sink;
    private readonly FrameTrace _trace;
    private readonly TimeProvider _time;
    private readonly SessionWriter _writer;
    private readonly CancellationTokenSource _ended = new();
    private uint _lastRequestId;
    private bool _isOver;
    private long _lastReceived;
    private ConnectionEnd? _ownVerdict;
    private Task _writing = Task.CompletedTask;

    public WireSession(ITransportConnection connection, ISessionSink sink, FrameTrace trace, TimeProvider time)
    {
        (_connection, _sink, _trace, _time) = (connection, sink, trace, time);
        _writer = new SessionWriter(connection);
        _lastReceived = time.GetTimestamp();
        Ended = _ended.Token;
    }

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>The server's farewell, if it said one: when to come back and why it goes.</summary>
    public GoodbyePush? Goodbye { get; set; }

    /// <summary>Makes a request. The frame is queued before this returns, so calls go out in the order in which they were made.</summary>
    /// <exception cref="ChatException">The server refused, or the request does not fit in a frame.</exception>
    /// <exception cref="ConnectionLostException">The session ended first; the outcome is unknown.</exception>
    public Task<TReply> CallAsync<TRequest, TReply>(in TRequest request, CancellationToken ct = default)
        where TRequest : struct, IFrame<TRequest>
        where TReply : struct, IFrame<TReply>
    {
        var call = new PendingCall<TReply> { SentAt = _time.GetTimestamp() };
        lock (_gate)
        {
            if (_isOver) return Task.FromException<TReply>(new ConnectionLostException());

            uint id = NextRequestId();
            byte[] frame = FrameEncoder.Encode(in request, id);
            if (frame.Length - FrameReader.HeaderBytes > ProtocolLimits.MaxClientFrameBytes)
            {
                return Task.FromException<TReply>(ChatException.Local(
                    LocalErrorCode.RequestTooLarge, $"The request has {frame.Length} bytes; no frame holds it."));
            }

            _pending.Add(id, call);
            _writer.Write(frame);
            _trace.Add(isInbound: false, TRequest.Type, id, frame.Length);
        }

        return ct.CanBeCanceled ? call.Task.WaitAsync(ct) : call.Task;
    }

    /// <summary>Runs the session to its end and says how it ended. Cancelling closes it in order.</summary>
    public async Task<ConnectionEnd> RunAsync(HelloRequest hello, CancellationToken ct)
    {
        _writing = WriteAsync();
        Task keeping = KeepAliveAsync(CallAsync<HelloRequest, WelcomeReply>(in hello, CancellationToken.None));
        Task watching = WatchRepliesAsync();
        try
        {
            ConnectionEnd end;
            CancellationTokenRegistration closing = ct.UnsafeRegister(static state => ((WireSession)state!).BeginClose(), this);
            await using (closing.ConfigureAwait(false)) end = await ReceiveAsync().ConfigureAwait(false);
            return _ownVerdict ?? end;
        }
        finally
        {
            Finish();
            await IgnoreEndAsync(_writing).ConfigureAwait(false);
            await IgnoreEndAsync(keeping).ConfigureAwait(false);
            await IgnoreEndAsync(watching).ConfigureAwait(false);
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    private uint NextRequestId()
    {
        do _lastRequestId = _lastRequestId == uint.MaxValue ? 1 : _lastRequestId + 1;
        while (_pending.ContainsKey(_lastRequestId));
        return _lastRequestId;
    }

    private async Task WriteAsync()
    {
        try
        {
            await _writer.RunAsync(_ended.Token).ConfigureAwait(false);
        }
        catch (Exception ending) when (ending is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The read loop sees the same end, and with it the server's reason.
        }
#pragma warning disable CA1031 // whatever stops the writer stops the session: nothing would go out any longer
        catch (Exception fault)
#pragma warning restore CA1031
        {
            GiveUp(fault.Message);
        }
    }

    private async Task<ConnectionEnd> ReceiveAsync()
    {
        try
        {
            while (true)
            {
                TransportMessage message = await _connection.ReceiveAsync(_ended.Token).ConfigureAwait(false);
                if (message.CloseCode is { } code) return new ConnectionEnd(code, message.CloseReason);

                Volatile.Write(ref _lastReceived, _time.GetTimestamp());
                if (!TakeFrames(new ReadOnlySequence<byte>(message.Payload)))
                    return new ConnectionEnd((int)DisconnectCode.Abnormal, "The server sent what the protocol does not allow.");
            }
        }
        catch (Exception ending) when (ending is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return new ConnectionEnd((int)DisconnectCode.Abnormal, ending is IOException ? ending.Message : "");
        }
    }

    private bool TakeFrames(ReadOnlySequence<byte> input)
    {
        while (!input.IsEmpty)
        {
            if (FrameReader.TryRead(ref input, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body)
                    != FrameReadResult.Complete
                || FrameHeader.TryRead(body, out FrameHeader header) != FrameDecodeResult.Ok)
                return false;

            _trace.Add(isInbound: true, header.Type, header.RequestId, (int)body.Length + FrameReader.HeaderBytes);
            if (!Take(header, body)) return false;
        }

        return true;
    }

    private bool Take(FrameHeader header, ReadOnlySequence<byte> body)
    {
        switch (FrameTypes.Role(header.Type))
        {
            case FrameRole.Push:
                return _sink.OnPush(this, header.Type, body);
            case FrameRole.Reply:
                PendingCall? call;
                lock (_gate)
                {
                    if (!_pending.Remove(header.RequestId, out call)) return false;
                }

                // Handled here and not by the caller's continuation: a push right behind must find the client online.
                if (header.Type == FrameType.Welcome && WelcomeReply.TryRead(body, out _, out WelcomeReply welcome))
                    _sink.OnWelcome(this, in welcome);
                if (call.TryComplete(header.Type, body)) return true;

                call.Fail(new ConnectionLostException());
                return false;
            default:
                return header.RequestId == 0; // an unknown push is ignored, protocol-spec.md §11
        }
    }

    private async Task KeepAliveAsync(Task<WelcomeReply> welcoming)
    {
        WelcomeReply welcome;
        try
        {
            welcome = await welcoming.WaitAsync(HelloTimeout, _time, Ended).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            GiveUp("No welcome came.");
            return;
        }
        catch (ChatException refused)
        {
            GiveUp($"The server answered hello with {refused.Name}: {refused.Message}");
            return;
        }

        TimeSpan interval = TimeSpan.FromMilliseconds(Math.Max(1_000, welcome.PingIntervalMs));
        while (true)
        {
            await Task.Delay(interval, _time, Ended).ConfigureAwait(false);
            if (_time.GetElapsedTime(Volatile.Read(ref _lastReceived)) < interval) continue;

            await ProbeAsync(PingTimeout).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the session when a request stays without a reply, whatever else comes in.</summary>
    private async Task WatchRepliesAsync()
    {
        while (true)
        {
            await Task.Delay(ReplyCheckInterval, _time, Ended).ConfigureAwait(false);
            bool isOverdue;
            lock (_gate) isOverdue = _pending.Values.Any(call => _time.GetElapsedTime(call.SentAt) >= ReplyTimeout);
            if (isOverdue) GiveUp("A reply did not come in time.");
        }
    }

    /// <summary>Asks for a sign of life, and ends the session when none comes in _time.</summary>
    public async Task ProbeAsync(TimeSpan patience)
    {
        try
        {
            await CallAsync<PingRequest, OkReply>(default, CancellationToken.None).WaitAsync(patience, _time, Ended).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _lastReceived)) >= patience) GiveUp("The server is silent.");
        }
        catch (Exception over) when (over is ConnectionLostException or OperationCanceledException or ChatException)
        {
            // The session is over, or answered: both are what was asked.
        }
    }

    private void GiveUp(string reason)
    {
        _ownVerdict ??= new ConnectionEnd((int)DisconnectCode.Abnormal, reason);
        Finish();
    }

    private void BeginClose() => _ = CloseInOrderAsync();

    private async Task CloseInOrderAsync()
    {
        _ownVerdict = new ConnectionEnd((int)DisconnectCode.Normal, "Closed by the app.");
        _writer.Complete();
        await IgnoreEndAsync(_writing.WaitAsync(CloseTimeout, _time, Ended)).ConfigureAwait(false);
        try
        {
            await _connection.CloseAsync((int)DisconnectCode.Normal, "", Ended).AsTask()
                .WaitAsync(CloseTimeout, _time, Ended).ConfigureAwait(false);
            await Task.Delay(CloseTimeout, _time, Ended).ConfigureAwait(false); // the server's close ends the read loop, and this wait
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or TimeoutException or InvalidOperationException)
        {
            // The other side was faster, or does not answer: the end is the same.
        }

        Finish();
    }

    /// <summary>Ends everything; the first call wins.</summary>
    private void Finish()
    {
        List<PendingCall> orphans;
        lock (_gate)
        {
            if (_isOver) return;

            _isOver = true;
            orphans = [.. _pending.Values];
            _pending.Clear();
        }

        _writer.Complete();
        _ended.Cancel();
        foreach (PendingCall orphan in orphans) orphan.Fail(new ConnectionLostException());
    }

    private static async Task IgnoreEndAsync(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
        catch (Exception ending) when (ending is IOException or OperationCanceledException or ObjectDisposedException or TimeoutException)
        {
            // How the session ended is told by the read loop alone.
        }
    }
}
