using System.IO.Pipelines;
using System.Net;

namespace Chat.Server.Transport;

/// <summary>One open WebSocket: its identity, its way out, and how it ends. All public members are thread-safe.</summary>
/// <remarks>
/// The first reason to end wins. Ending is: a close frame behind what is queued, a bounded wait for the peer's, then the socket;
/// <see cref="ConnectionRegistry"/> looks at the deadlines, there is no timer here.
/// </remarks>
public sealed class WebSocketConnection : IDisposable
{
    private readonly WebSocketOptions _options;
    private readonly TimeProvider _time;
    private readonly PipeReader _input;
    private readonly Action _abortTransport;
    private CancellationTokenSource? _cut;
    private WebSocketCloseReason? _reason;
    private long _endingSince; // 0: not ending
    private long _messageSince; // 0: no message half read
    private long _lastReceived;
    private int _isCut;

    internal WebSocketConnection(
        long id, WebSocketTransport transport, WebSocketOptions options, TimeProvider time)
    {
        (Id, RemoteEndPoint, Output) = (id, transport.RemoteEndPoint, transport.Output);
        (_input, _abortTransport, _options, _time) = (transport.Input, transport.Abort, options, time);
        OpenedAt = _lastReceived = time.GetTimestamp();
    }

    /// <summary>Unique in this process; starts at 1.</summary>
    public long Id { get; }

    /// <summary>The socket's other end: the proxy's where there is one.</summary>
    public EndPoint? RemoteEndPoint { get; }

    public IPAddress? RemoteAddress => (RemoteEndPoint as IPEndPoint)?.Address;

    public IConnectionOutput Output { get; }

    /// <summary>Timestamp of the upgrade, from the injected clock.</summary>
    public long OpenedAt { get; }

    /// <summary>Timestamp of the last byte received, of whatever kind.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>Whether a message is with the session now. Nothing is read meanwhile, so silence says nothing about the peer.</summary>
    public bool IsBusy { get; internal set; }

    /// <summary>Why the connection ended or is ending; null while it is open.</summary>
    public WebSocketCloseReason? CloseReason => Volatile.Read(ref _reason);

    /// <summary>Cancelled when the connection is cut, not when its close begins. Made when it is first asked for.</summary>
    public CancellationToken CutToken
    {
        get
        {
            if (Volatile.Read(ref _cut) is null)
            {
                CancellationTokenSource made = new();
                if (Interlocked.CompareExchange(ref _cut, made, null) is not null) made.Dispose();
            }

            if (IsCut) _cut!.Cancel(); // it was cut while this was made
            return _cut!.Token;
        }
    }

    /// <summary>Whether the connection was cut: nothing will come or leave any more.</summary>
    internal bool IsCut => Volatile.Read(ref _isCut) == 1;

    /// <summary>Begins the close handshake behind what is queued. Does nothing when the connection is ending already.</summary>
    /// <param name="code">A code that may be sent: 1000, 1001, 1003, 1007-1014 or 3000-4999.</param>
    /// <param name="reason">Cut to 123 bytes of UTF-8.</param>
    public void Close(int code, string reason = "") => TryEnd(new WebSocketCloseReason(code, reason, WebSocketCloseInitiator.Server), code);

    /// <summary>
    /// The same for a peer that is thought dead: it is told, but its half of the close handshake is waited for no longer than that of one
    /// that broke the protocol.
    /// </summary>
    public void CloseUnheard(int code, string reason) =>
        TryEnd(new WebSocketCloseReason(code, reason, WebSocketCloseInitiator.Silence), code);

    /// <summary>Cuts the connection at once; what is queued may be lost.</summary>
    public void Abort()
    {
        Interlocked.CompareExchange(ref _reason, new(WebSocketCloseCode.Abnormal, "aborted", WebSocketCloseInitiator.Server), null);
        Cut();
    }

    public void Dispose() => _cut?.Dispose();

    /// <summary>Ends with the given reason and a close frame of <paramref name="code"/>; false when another reason came first.</summary>
    internal bool TryEnd(WebSocketCloseReason reason, int code)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null) return false;

        bool isAnswer = reason.Initiator == WebSocketCloseInitiator.Peer;
        bool isQueued = Output.TryWrite(WebSocketFrameWriter.EncodeClose(code, isAnswer ? "" : reason.Reason));
        Output.CompleteAfterPending();
        Volatile.Write(ref _endingSince, _time.GetTimestamp());
        if (!isQueued) Cut(); // over its bound or broken: nothing more will reach this peer
        return true;
    }

    /// <summary>The input ended, or is of no more use, without a close frame.</summary>
    internal void NoteLost(string how) =>
        Interlocked.CompareExchange(ref _reason, new(WebSocketCloseCode.Abnormal, how, WebSocketCloseInitiator.Lost), null);

    internal void NoteReceived() => Volatile.Write(ref _lastReceived, _time.GetTimestamp());

    /// <summary>Starts or stops the clock of the message in progress.</summary>
    internal void NoteProgress(bool isMidMessage)
    {
        if (isMidMessage == (_messageSince != 0)) return;
        Volatile.Write(ref _messageSince, isMidMessage ? _time.GetTimestamp() : 0);
    }

    /// <summary>Waits until what is queued has left, no longer than the connection may take to end.</summary>
    internal async Task DrainAsync()
    {
        Output.CompleteAfterPending();
        if (Volatile.Read(ref _endingSince) == 0) Volatile.Write(ref _endingSince, _time.GetTimestamp());
        try
        {
            await Output.Drained.WaitAsync(CutToken);
        }
        catch (OperationCanceledException) when (IsCut)
        {
            return; // cut: nothing will leave any more
        }
    }

    /// <summary>Acts on the deadlines that have passed. Called by the registry's sweep.</summary>
    internal void Sweep()
    {
        long endingSince = Volatile.Read(ref _endingSince), messageSince = Volatile.Read(ref _messageSince);
        if (endingSince != 0) SweepEnding(_time.GetElapsedTime(endingSince));
        else if (messageSince != 0 && _time.GetElapsedTime(messageSince) >= _options.MessageTimeout)
            Fail(WebSocketCloseCode.PolicyViolation, "message took too long");
    }

    internal void Fail(int code, string fault) => TryEnd(new WebSocketCloseReason(code, fault, WebSocketCloseInitiator.Violation), code);

    private void SweepEnding(TimeSpan elapsed)
    {
        WebSocketCloseInitiator? initiator = CloseReason?.Initiator;
        if (elapsed >= (initiator == WebSocketCloseInitiator.Silence ? _options.FailTimeout : _options.CloseTimeout))
        {
            Cut();
            return;
        }

        // A peer that broke the protocol is not waited for long, but what it was told should reach it: stop reading, do not reset.
        if (initiator == WebSocketCloseInitiator.Violation && elapsed >= _options.FailTimeout) _input.CancelPendingRead();
    }

    private void Cut()
    {
        if (Interlocked.Exchange(ref _isCut, 1) == 1) return;
        Volatile.Read(ref _cut)?.Cancel();
        _input.CancelPendingRead();
        _abortTransport();
    }
}

/// <summary>What a connection stands on: a socket's pipes under Kestrel, an upgraded HTTP request, memory in tests.</summary>
internal sealed record WebSocketTransport(PipeReader Input, IConnectionOutput Output, EndPoint? RemoteEndPoint, Action Abort);
