using System.Buffers;
using System.Net.WebSockets;
using Chat.Domain;
using Chat.Domain.Fanout;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Framing;
using Chat.Server.Dispatch;
using Chat.Server.Outbound;
using Chat.Server.Transport;

namespace Chat.Server.Sessions;

/// <summary>
/// One connection that speaks our protocol: cuts its messages into frames, hands them to the dispatcher, and is where replies and pushes
/// leave. States as in protocol-spec.md §4.
/// </summary>
/// <remarks>
/// <see cref="OnMessageAsync"/> is called by the connection's read loop only, one message at a time; all that sends is thread-safe.
/// Knows no socket: bytes go to <see cref="ConnectionOutput"/>.
/// </remarks>
public sealed class Session : IWebSocketSession, ISubscriber
{
    private readonly WebSocketConnection _connection;
    private readonly ConnectionOutput _output;
    private readonly FrameDispatcher _dispatcher;
    private readonly SessionRegistry _registry;
    private readonly InFlightGate _inFlight;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private List<Subscription>? _heldWakes = [];
    private long _framesFullAt; // read loop only
    private int _ended;

    internal Session(WebSocketConnection connection, FrameDispatcher dispatcher, SessionRegistry registry, SessionOptions options, ILogger log)
    {
        _connection = connection;
        _output = (ConnectionOutput)connection.Output;
        (_dispatcher, _registry, _log) = (dispatcher, registry, log);
        _inFlight = new InFlightGate(options.MaxInFlight);
    }

    public long SessionId => _connection.Id;

    public Caller Caller { get; private set; }

    public long PrincipalId => Caller.PrincipalId;

    public long DeviceId => Caller.DeviceId;

    /// <summary>Signed in: the welcome is on its way or out.</summary>
    public bool IsOnline { get; private set; }

    /// <summary>A hello was taken; another one is a protocol error.</summary>
    internal bool IsGreeted { get; private set; }

    internal DateTimeOffset TokenExpiresAt { get; private set; }

    /// <summary>The client was told that its token ends soon; once per token.</summary>
    internal bool TokenWarned { get; set; }

    /// <summary>Timestamp of the last ping sent, or 0.</summary>
    internal long LastPing { get; set; }

    internal SessionSubscriptions? Subscriptions { get; private set; }

    internal WebSocketConnection Connection => _connection;

    internal ConnectionOutput Output => _output;

    /// <summary>No request waits for its answer.</summary>
    internal bool IsIdle => _inFlight.IsEmpty;

    internal bool HasEnded => Volatile.Read(ref _ended) == 1;

    public async ValueTask OnMessageAsync(WebSocketMessageType kind, ReadOnlySequence<byte> payload)
    {
        if (kind != WebSocketMessageType.Binary)
        {
            Disconnect(DisconnectCode.UnsupportedData, "text message");
            return;
        }

        while (!payload.IsEmpty && !HasEnded)
        {
            FrameReadResult read = FrameReader.TryRead(ref payload, ProtocolLimits.MaxClientFrameBytes, out ReadOnlySequence<byte> body);
            if (read == FrameReadResult.Complete)
            {
                TimeSpan wait = _dispatcher.Pace.Count(ref _framesFullAt);
                if (wait > TimeSpan.Zero)
                {
                    (body, payload) = (Keep(body), Keep(payload));
                    await _dispatcher.Pace.WaitAsync(wait, _connection.CutToken);
                }

                ValueTask handled = _dispatcher.DispatchAsync(this, body);
                if (!handled.IsCompletedSuccessfully || _output.IsFull)
                {
                    payload = Keep(payload);
                    await handled;
                    if (_output.IsFull) await _output.WaitForRoomAsync(_connection.CutToken); // who does not take replies is not read on
                }

                continue;
            }

            // A message holds whole frames (§2.3), so what is missing now will never come.
            if (read == FrameReadResult.BodyTooLarge) Disconnect(DisconnectCode.FrameTooLarge, "declared body over the limit");
            else Disconnect(DisconnectCode.MalformedFrame, "frame cut short at the end of a message");
            return;
        }
    }

    public ValueTask OnClosedAsync(WebSocketCloseReason reason)
    {
        Volatile.Write(ref _ended, 1);
        _output.Fail();
        _registry.Remove(this);
        SessionLog.Closed(_log, SessionId);
        return default;
    }

    public void Reply<T>(in T frame, uint requestId)
        where T : struct, IFrame<T>
    {
        using RentedFrame encoded = FrameEncoder.RentWebSocket(in frame, requestId);
        Send(encoded.Bytes);
    }

    public void ReplyError(uint requestId, Failure failure) => Reply(failure.ToReply(), requestId);

    public bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral)
    {
        if (!IsOnline || (ephemeral && _output.IsBehind)) return false;
        return Send(webSocketFrames.Span);
    }

    public void Wake(Subscription subscription)
    {
        if (_heldWakes is not null)
        {
            lock (_gate)
            {
                if (_heldWakes is not null)
                {
                    _heldWakes.Add(subscription); // nothing goes out in front of the welcome
                    return;
                }
            }
        }

        _output.Wake(subscription);
    }

    /// <summary>Ends the connection with a code; the first reason wins and is logged once.</summary>
    public void Disconnect(DisconnectCode code, string detail)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1) return;
        SessionLog.Disconnected(_log, SessionId, code, detail);
        SessionMetrics.Disconnected(code);
        if (code == DisconnectCode.IdleTimeout) _connection.CloseUnheard((int)code, DisconnectCodes.Name(code));
        else _connection.Close((int)code, DisconnectCodes.Name(code));
    }

    /// <summary>Cuts the connection of a peer that does not take what it is sent: a close frame would only join the queue.</summary>
    internal void CutAsSlow()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1) return;
        SessionLog.Disconnected(_log, SessionId, DisconnectCode.SlowConsumer, "does not read");
        SessionMetrics.CutAsSlow(_output.IsOverBudget ? "bytes" : "time");
        _output.Fail();
        _connection.Abort();
    }

    internal void Greet() => IsGreeted = true;

    /// <summary>Notes who this is, before the fan-out can push anything.</summary>
    internal void Identify(Caller caller, DateTimeOffset tokenExpiresAt) => (Caller, TokenExpiresAt) = (caller, tokenExpiresAt);

    internal void Subscribe(SessionSubscriptions subscriptions) => Subscriptions = subscriptions;

    /// <param name="caller">The same principal and device; only the kind may be another one by now.</param>
    internal void Renew(Caller caller, DateTimeOffset tokenExpiresAt) => (Caller, TokenExpiresAt, TokenWarned) = (caller, tokenExpiresAt, false);

    /// <summary>Sends the welcome, then lets go what was held back.</summary>
    internal void GoOnline(in WelcomeReply welcome, uint requestId)
    {
        Reply(welcome, requestId);
        List<Subscription> held;
        lock (_gate)
        {
            IsOnline = true;
            held = _heldWakes ?? [];
            _heldWakes = null;
        }

        foreach (Subscription subscription in held) _output.Wake(subscription);
    }

    /// <summary>Watches a request that is still under way, so that only so many are open at once.</summary>
    internal ValueTask TrackAsync(ValueTask request) => _inFlight.TrackAsync(request);

    /// <summary>What is left of a message, for behind a wait.</summary>
    private static ReadOnlySequence<byte> Keep(in ReadOnlySequence<byte> bytes) => bytes.IsEmpty ? bytes : new ReadOnlySequence<byte>(bytes.ToArray());

    private bool Send(ReadOnlySpan<byte> bytes)
    {
        if (_output.TryWrite(bytes)) return true;
        if (_output.IsSlow) CutAsSlow();
        return false;
    }
}
