using System.Buffers;
using System.Runtime.CompilerServices;
using Chat.Domain;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Limits;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch;

/// <summary>From a frame's type to its handler; the body is decoded to a struct on the way (protocol-spec.md §5, §7).</summary>
/// <remarks>Stateless and thread-safe; each call belongs to its session's loop.</remarks>
internal sealed class FrameDispatcher(RequestHandlers handlers, FramePace pace, ILogger<FrameDispatcher> log)
{
    /// <summary>How fast frames of one connection are handled.</summary>
    public FramePace Pace => pace;

    /// <summary>Handles one frame. Completes when the session may read on, not when the reply has gone out.</summary>
    public ValueTask DispatchAsync(Session session, ReadOnlySequence<byte> body)
    {
        FrameDecodeResult decoded = FrameHeader.TryReadRequest(body, out FrameHeader header);
        if (decoded != FrameDecodeResult.Ok) return RefuseAsync(session, decoded);
        if (header.Type == FrameType.Hello) return HelloAsync(session, body);
        if (!session.IsOnline)
        {
            session.Disconnect(DisconnectCode.WrongState, $"{header.Type} before hello");
            return default;
        }

        return header.Type switch
        {
            FrameType.Authenticate => RunAsync(session, body, handlers.Authenticate),
            FrameType.Ping => RunAsync(session, body, handlers.Ping),
            FrameType.SendMessage => RunAsync(session, body, handlers.SendMessage),
            FrameType.GetHistory => RunAsync(session, body, handlers.GetHistory, inOrder: true),
            FrameType.GetChats => RunAsync(session, body, handlers.GetChats, inOrder: true),
            FrameType.GetChat => RunAsync(session, body, handlers.GetChat),
            FrameType.GetMembers => RunAsync(session, body, handlers.GetMembers, inOrder: true),
            FrameType.GetPrincipals => RunAsync(session, body, handlers.GetPrincipals),
            FrameType.OpenDirect => RunAsync(session, body, handlers.OpenDirect),
            FrameType.MarkDelivered => RunAsync(session, body, handlers.MarkDelivered),
            FrameType.MarkRead => RunAsync(session, body, handlers.MarkRead),
            FrameType.SetTyping => RunAsync(session, body, handlers.SetTyping),
            FrameType.WatchPresence => RunAsync(session, body, handlers.WatchPresence, inOrder: true),
            FrameType.EditMessage => RunAsync(session, body, handlers.EditMessage, inOrder: true),
            FrameType.DeleteMessage => RunAsync(session, body, handlers.DeleteMessage, inOrder: true),
            FrameType.React => RunAsync(session, body, handlers.React, inOrder: true),
            FrameType.SignalCall => RunAsync(session, body, handlers.SignalCall, inOrder: true),
            FrameType.KeepCall => RunAsync(session, body, handlers.KeepCall),
            _ => RefuseAsync(session, FrameDecodeResult.UnknownType),
        };
    }

    private static ValueTask RefuseAsync(Session session, FrameDecodeResult result)
    {
        session.Disconnect(result.ToDisconnectCode(), "in the head of a frame");
        return default;
    }

    private ValueTask HelloAsync(Session session, ReadOnlySequence<byte> body)
    {
        if (session.IsGreeted)
        {
            session.Disconnect(DisconnectCode.WrongState, "second hello");
            return default;
        }

        if (!HelloRequest.TryRead(body, out uint requestId, out HelloRequest hello)) return RefuseAsync(session, FrameDecodeResult.Malformed);
        session.Greet();
        return GreetAsync(session, requestId, hello); // awaited: what follows waits for it
    }

    /// <summary>A hello that fails ends the connection (protocol-spec.md §5: it is never answered with an error).</summary>
    private async ValueTask GreetAsync(Session session, uint requestId, HelloRequest hello)
    {
        try
        {
            await handlers.Hello.HandleAsync(session, requestId, hello);
        }
        catch (Exception fault)
        {
            DispatchLog.Failed(log, fault, session.SessionId, FrameType.Hello);
            session.Disconnect(DisconnectCode.InternalError, "hello failed");
        }
    }

    private ValueTask RunAsync<TRequest>(Session session, ReadOnlySequence<byte> body, IRequestHandler<TRequest> handler, bool inOrder = false)
        where TRequest : struct, IFrame<TRequest>
    {
        if (!TRequest.TryRead(body, out uint requestId, out TRequest request))
        {
            session.Disconnect(DisconnectCode.MalformedFrame, $"in the fields of {TRequest.Type}");
            return default;
        }

        ValueTask answered = AnswerAsync(session, requestId, TRequest.Type, StartAsync(session, handler, requestId, request));
        // In order: large replies one at a time, so that a pipeline of reads cannot fill the queue; and of two watches, edits or reactions
        // the later wins; and signals of a call are told apart by their order.
        if (inOrder || handler.HoldsNext(request)) return answered;
        return answered.IsCompletedSuccessfully ? default : session.TrackAsync(answered);
    }

    private static ValueTask StartAsync<TRequest>(Session session, IRequestHandler<TRequest> handler, uint requestId, TRequest request)
        where TRequest : struct, IFrame<TRequest>
    {
        try
        {
            return handler.HandleAsync(session, requestId, request);
        }
        catch (Exception fault)
        {
            return ValueTask.FromException(fault); // one place answers faults, thrown early or late: AnswerAsync
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AnswerAsync(Session session, uint requestId, FrameType type, ValueTask handling)
    {
        try
        {
            await handling;
        }
        catch (Exception fault) when (fault is Npgsql.NpgsqlException or TimeoutException)
        {
            DispatchLog.Unavailable(log, fault, session.SessionId, type);
            session.ReplyError(requestId, new Failure(ErrorCode.Unavailable, "Storage does not answer; try again."));
        }
        catch (Exception fault)
        {
            DispatchLog.Failed(log, fault, session.SessionId, type);
            session.ReplyError(requestId, new Failure(ErrorCode.Internal, "The server failed; the fault is in its log."));
        }
    }
}
