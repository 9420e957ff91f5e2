using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Chat.Server.Transport.Proxies;
using Chat.Server.Transport.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Chat.Server.Transport;

/// <summary>Kestrel's connection middleware: answers WebSocket upgrades, hands every other connection on with no byte taken.</summary>
public sealed class WebSocketAcceptor
{
    private readonly ConnectionRegistry _registry;
    private readonly IWebSocketSessionFactory _sessions;
    private readonly IConnectionOutputFactory _outputs;
    private readonly WebSocketOptions _options;
    private readonly OriginPolicy _origins;
    private readonly TrustedProxies _proxies;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IConnectionGate? _gate;

    /// <param name="gate">Bounds the connections of one address; null: nothing does.</param>
    public WebSocketAcceptor(
        ConnectionRegistry registry, IWebSocketSessionFactory sessions, IConnectionOutputFactory outputs, WebSocketOptions options,
        TimeProvider time, ILogger<WebSocketAcceptor> log, IConnectionGate? gate = null)
    {
        _gate = gate;
        (_registry, _sessions, _outputs, _options, _time, _log) = (registry, sessions, outputs, options, time, log);
        _origins = new OriginPolicy(options);
        _proxies = new TrustedProxies(options.TrustedProxies);
    }

    internal WebSocketOptions Options => _options;

    /// <summary>Runs one connection: to its end if it is a WebSocket, otherwise through <paramref name="next"/>.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection is SocketConnection { IsJudged: true, IsPlain: true })
        {
            try
            {
                await next(connection); // the listener has looked at it, and counted it
            }
            finally
            {
                _gate?.Leave(AddressOf(connection));
            }

            return;
        }

        Judgement judged = await JudgeAsync(connection);
        try
        {
            await FollowAsync(connection, judged, next);
        }
        finally
        {
            // What the listener handed on to HTTP comes by once more, and leaves then.
            bool isHandedOn = judged.Outcome == HandshakeOutcome.NotOurs && connection is SocketConnection { IsJudged: true };
            if (judged.IsCounted && !isHandedOn) _gate?.Leave(AddressOf(connection));
        }
    }

    /// <summary>Connection middleware in front of TLS: takes a balancer's header off a connection from a trusted one.</summary>
    public async Task OnEncryptedAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (_proxies.Contains(connection.RemoteEndPoint))
        {
            PendingHandshake pending = new(connection.Transport.Input, _options, _time);
            _registry.Add(pending);
            try
            {
                if (!await TakeProxyHeaderAsync(connection, pending)) return;
            }
            catch (Exception ended) when (WebSocketReceivePump.IsExpectedEnd(ended))
            {
                TransportLog.Lost(_log, connection.RemoteEndPoint, ended);
                return;
            }
            finally
            {
                _registry.Remove(pending);
            }
        }

        await next(connection);
    }

    internal bool IsOriginAllowed(HandshakeRequest request, bool isTls) => _origins.IsAllowed(request.Origin, request.Host, isTls);

    /// <summary>Serves an accepted WebSocket to its end.</summary>
    /// <param name="connection">Its pipes, with the request's head consumed.</param>
    /// <param name="answer">The bytes of the 101, which go out in front of everything; empty when they are out already.</param>
    internal async Task RunAsync(ConnectionContext connection, byte[] answer)
    {
        PipeReader input = connection.Transport.Input;
        IConnectionOutput output = _outputs.Create(connection);
        WebSocketTransport transport = new(input, output, connection.RemoteEndPoint, connection.Abort);
        using WebSocketConnection webSocket = new(_registry.NextId(), transport, _options, _time);
        IWebSocketSession session = _sessions.Create(webSocket);
        if (answer.Length > 0) output.TryWrite(answer);
        _registry.Add(webSocket);
        TransportLog.Opened(_log, webSocket.Id, connection.RemoteEndPoint);
        try
        {
            using WebSocketReceivePump pump = new(webSocket, session, input, _options, _time, _log);
            await pump.RunAsync();
        }
        finally
        {
            _registry.Remove(webSocket);
        }
    }

    private async Task FollowAsync(ConnectionContext connection, Judgement judged, ConnectionDelegate next)
    {
        switch (judged.Outcome)
        {
            case HandshakeOutcome.NotOurs:
                await next(connection);
                break;
            case HandshakeOutcome.Upgrade:
                await RunAsync(connection, judged.Answer);
                _registry.EndSoon(connection);
                break;
            case HandshakeOutcome.Rejected:
                _registry.EndSoon(connection);
                break;
            default:
                break; // it ended before it had said what it wants
        }
    }

    /// <summary>Reads the request's head and refuses what must be refused. What it needs for that is not kept while the connection lives.</summary>
    private async Task<Judgement> JudgeAsync(ConnectionContext connection)
    {
        bool isCounted = false;
        PendingHandshake pending = new(connection.Transport.Input, _options, _time);
        _registry.Add(pending);
        try
        {
            bool isBehindProxy = !IsTls(connection) && _proxies.Contains(connection.RemoteEndPoint); // with TLS its header came before that
            if (isBehindProxy && !await TakeProxyHeaderAsync(connection, pending)) return new(HandshakeOutcome.Rejected, [], isCounted);
            TimeSpan retryAfter = TimeSpan.Zero;
            isCounted = _gate is null || _gate.TryEnter(AddressOf(connection), out retryAfter);
            HandshakeResult result = await ReadHandshakeAsync(connection.Transport.Input, pending);
            if (!isCounted && result.Outcome is HandshakeOutcome.Upgrade or HandshakeOutcome.NotOurs)
            {
                pending.IsMidRequest = result.Outcome == HandshakeOutcome.NotOurs; // nothing of it was taken
                result = new HandshakeResult(HandshakeOutcome.Rejected, Status: 429, Fault: "too many connections from this address")
                {
                    RetryAfter = retryAfter,
                };
            }

            if (result.Outcome == HandshakeOutcome.Upgrade && !IsOriginAllowed(result.Request!, connection))
                result = new HandshakeResult(HandshakeOutcome.Rejected, Status: 403, Fault: "origin not allowed");
            if (result.Outcome == HandshakeOutcome.Rejected) await RefuseAsync(connection, result, pending);
            // Undecided at the end is let go of like a refusal: what is under way may still have to be cut.
            HandshakeOutcome outcome = result.Outcome == HandshakeOutcome.NeedMoreData ? HandshakeOutcome.Rejected : result.Outcome;
            byte[] answer = outcome == HandshakeOutcome.Upgrade ? HandshakeResponse.SwitchingProtocols(result.Request!.Key) : [];
            return new(outcome, answer, isCounted);
        }
        catch (Exception ended) when (WebSocketReceivePump.IsExpectedEnd(ended))
        {
            TransportLog.Lost(_log, connection.RemoteEndPoint, ended);
            return new(HandshakeOutcome.NeedMoreData, [], isCounted);
        }
        finally
        {
            _registry.Remove(pending);
        }
    }

    private bool IsOriginAllowed(HandshakeRequest request, ConnectionContext connection) =>
        IsOriginAllowed(request, IsTls(connection));

    private static IPAddress? AddressOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address;

    private static bool IsTls(ConnectionContext connection) =>
        connection is not SocketConnection { IsPlain: true } && connection.Features.Get<ITlsHandshakeFeature>() is not null;

    /// <summary>Reads who the client is from the front of a balancer's connection (PROXY protocol).</summary>
    /// <returns>False when there is no sound header, or not in time: nothing is answered, because whoever sends that is no client.</returns>
    private async Task<bool> TakeProxyHeaderAsync(ConnectionContext connection, PendingHandshake pending)
    {
        PipeReader input = connection.Transport.Input;
        while (true)
        {
            ReadResult read = await input.ReadAsync(CancellationToken.None);
            if (!read.Buffer.IsEmpty) pending.Begin();
            ProxyHeaderResult result = ProxyHeader.TryRead(read.Buffer, out int bytes, out IPEndPoint? source);
            SequencePosition consumed = read.Buffer.GetPosition(bytes);
            input.AdvanceTo(consumed, result == ProxyHeaderResult.NeedMoreData ? read.Buffer.End : consumed);
            switch (result)
            {
                case ProxyHeaderResult.Complete:
                    if (source is not null) connection.RemoteEndPoint = source;
                    return true;
                case ProxyHeaderResult.Invalid:
                    TransportLog.NoProxyHeader(_log, connection.RemoteEndPoint);
                    return false;
                default:
                    if (read.IsCompleted || (read.IsCanceled && pending.IsLate)) return false;
                    break;
            }
        }
    }

    /// <returns>The decision; <c>NeedMoreData</c> when the connection ended, or stayed silent too long, before there was one.</returns>
    private async Task<HandshakeResult> ReadHandshakeAsync(PipeReader input, PendingHandshake pending)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(CancellationToken.None);
            if (!read.Buffer.IsEmpty) pending.Begin();
            HandshakeResult result = HandshakeParser.Parse(read.Buffer, _options.Path);
            bool isUndecided = result.Outcome == HandshakeOutcome.NeedMoreData;
            if (result.Outcome == HandshakeOutcome.Rejected) pending.IsMidRequest = !EndsAsHead(read.Buffer);

            SequencePosition consumed = read.Buffer.GetPosition(result.HeadBytes);
            input.AdvanceTo(consumed, isUndecided ? read.Buffer.End : consumed);
            if (!isUndecided || read.IsCompleted) return result;
            if (!read.IsCanceled || !pending.IsLate) continue;
            return pending.HasBegun ? new HandshakeResult(HandshakeOutcome.Rejected, Status: 408, Fault: "request head took too long") : result;
        }
    }

    private static bool EndsAsHead(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> end = stackalloc byte[4];
        if (buffer.Length < end.Length) return false;
        buffer.Slice(buffer.Length - end.Length).CopyTo(end);
        return end.SequenceEqual("\r\n\r\n"u8);
    }

    private async Task RefuseAsync(ConnectionContext connection, HandshakeResult result, PendingHandshake pending)
    {
        TransportLog.Refused(_log, connection.RemoteEndPoint, result.Status, result.Fault);
        await connection.Transport.Output.WriteAsync(HandshakeResponse.Refusal(result.Status, result.Fault, result.RetryAfter));
        if (!pending.IsMidRequest) return;

        // What the client is still sending is read and dropped for a moment: a socket closed over unread bytes is reset, and the answer
        // lost.
        pending.Linger();
        PipeReader input = connection.Transport.Input;
        while (true)
        {
            ReadResult read = await input.ReadAsync(CancellationToken.None);
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || read.IsCanceled) return;
        }
    }

    /// <param name="Answer">The bytes of the 101; empty for all else.</param>
    /// <param name="IsCounted">The connection entered the gate, and must leave it.</param>
    private readonly record struct Judgement(HandshakeOutcome Outcome, byte[] Answer, bool IsCounted);
}
