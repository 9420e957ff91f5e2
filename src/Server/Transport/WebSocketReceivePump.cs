using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport;

/// <summary>The one loop of a connection: reads, answers control frames, hands messages to the session, sees the close through.</summary>
internal sealed class WebSocketReceivePump : IDisposable
{
    private readonly WebSocketConnection _connection;
    private readonly IWebSocketSession _session;
    private readonly PipeReader _input;
    private readonly WebSocketMessageReader _reader;
    private readonly ILogger _log;
    private ControlFrameBudget _controlBudget;
    private bool _isPeerDone;

    public WebSocketReceivePump(
        WebSocketConnection connection, IWebSocketSession session, PipeReader input, WebSocketOptions options, TimeProvider time, ILogger log)
    {
        (_connection, _session, _input, _log) = (connection, session, input, log);
        _reader = new WebSocketMessageReader(options);
        _controlBudget = new ControlFrameBudget(options, time);
    }

    /// <summary>Runs until the connection has ended; never throws for what the peer, the network or the session does.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReceiveAsync();
            if (!_isPeerDone) await SkimAsync();
        }
        catch (Exception ended) when (IsExpectedEnd(ended))
        {
            TransportLog.Lost(_log, _connection.RemoteEndPoint, ended);
        }

        _connection.NoteLost("no close frame");
        await _connection.DrainAsync();
        WebSocketCloseReason reason = _connection.CloseReason!;
        if (reason.Initiator == WebSocketCloseInitiator.Violation) TransportLog.Violation(_log, _connection.Id, reason.Code, reason.Reason);
        else TransportLog.Closed(_log, _connection.Id, reason.Initiator, reason.Code);
        try
        {
            await _session.OnClosedAsync(reason);
        }
        catch (Exception fault)
        {
            TransportLog.SessionFailed(_log, _connection.Id, fault);
        }
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Whether this is how a connection's end shows, rather than a fault of ours.</summary>
    public static bool IsExpectedEnd(Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException or IOException or OperationCanceledException or ObjectDisposedException;

    private async Task ReceiveAsync()
    {
        while (true)
        {
            ReadResult read = await _input.ReadAsync(CancellationToken.None);
            ReadOnlySequence<byte> rest = read.Buffer;
            if (!rest.IsEmpty) _connection.NoteReceived();

            bool isLast = read.IsCompleted || read.IsCanceled;
            WebSocketReadResult result;
            ValueTask offered = default;
            bool isUnderWay;
            do
            {
                result = _reader.TryRead(ref rest, out ReadOnlySequence<byte> payload);
                if (result == WebSocketReadResult.Message) offered = OfferAsync(payload);
                else Answer(result, payload);
                isUnderWay = !isLast && !offered.IsCompleted;
                if (isUnderWay) break;
                await offered;
                offered = default;
            }
            while (result is WebSocketReadResult.Message or WebSocketReadResult.Ping or WebSocketReadResult.Pong);

            if (isUnderWay)
            {
                // Its memory is let go before the wait: of ten thousand sign-ins that come at once each would hold a whole buffer of the loop.
                _input.AdvanceTo(rest.Start);
                await offered;
                continue;
            }

            bool isMore = result == WebSocketReadResult.NeedMoreData;
            _connection.NoteProgress(isMore && (_reader.IsInMessage || !rest.IsEmpty));
            _input.AdvanceTo(rest.Start, isMore ? rest.End : rest.Start);
            if (isLast) _isPeerDone = true;
            if (!isMore || _isPeerDone) return;
        }
    }

    private async ValueTask OfferAsync(ReadOnlySequence<byte> payload)
    {
        if (_connection.CloseReason is not null) return; // ending: what still comes is not answered any more
        _connection.NoteProgress(false);
        _connection.IsBusy = true;
        try
        {
            await _session.OnMessageAsync(_reader.MessageType, payload);
        }
        catch (OperationCanceledException) when (_connection.IsCut)
        {
            return; // the connection was cut under the session's hands
        }
        catch (Exception fault)
        {
            // Our bug: the detail stays in the log, the connection ends and the process goes on.
            TransportLog.SessionFailed(_log, _connection.Id, fault);
            _connection.TryEnd(
                new(WebSocketCloseCode.InternalError, "internal error", WebSocketCloseInitiator.Server), WebSocketCloseCode.InternalError);
        }
        finally
        {
            _connection.IsBusy = false;
        }
    }

    private void Answer(WebSocketReadResult result, in ReadOnlySequence<byte> payload)
    {
        switch (result)
        {
            case WebSocketReadResult.Ping or WebSocketReadResult.Pong when !_controlBudget.TrySpend():
                _connection.Fail(WebSocketCloseCode.PolicyViolation, "too many control frames");
                break;
            case WebSocketReadResult.Ping when _connection.CloseReason is null:
                Pong(payload);
                break;
            case WebSocketReadResult.Close:
                _isPeerDone = true;
                _connection.TryEnd(new(_reader.CloseCode, _reader.Text, WebSocketCloseInitiator.Peer), _reader.CloseCode);
                break;
            case WebSocketReadResult.Violation:
                _isPeerDone = _reader.IsPeerClosed;
                _connection.Fail(_reader.CloseCode, _reader.Text);
                break;
            default:
                break;
        }
    }

    private void Pong(in ReadOnlySequence<byte> payload)
    {
        Span<byte> bytes = stackalloc byte[WebSocketFrameReader.MaxControlPayloadBytes];
        payload.CopyTo(bytes);
        byte[] frame = WebSocketFrameWriter.Encode(WebSocketOpcode.Pong, bytes[..(int)payload.Length]);
        if (!_connection.Output.TryWrite(frame) && _connection.CloseReason is null) _connection.Abort(); // it takes nothing that we send
    }

    // After a violation the peer is told why and may finish its sentence: closing a socket with unread bytes resets it, and the reason is
    // lost.
    private async Task SkimAsync()
    {
        WebSocketFrameSkimmer skimmer = new(_reader.PayloadBytesLeft);
        while (true)
        {
            ReadResult read = await _input.ReadAsync(CancellationToken.None);
            ReadOnlySequence<byte> rest = read.Buffer;
            bool isClosed = skimmer.TryFindClose(ref rest);
            _input.AdvanceTo(rest.Start, rest.End);
            if (isClosed || read.IsCompleted || read.IsCanceled) return;
        }
    }
}
