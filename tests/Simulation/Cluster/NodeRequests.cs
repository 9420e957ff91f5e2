using System.Buffers;
using Chat.Domain;
using Chat.Domain.Chats;
using Chat.Domain.Messages;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Dispatch.Handlers;
using Chat.Server.Sessions;
using Chat.Simulation.Schedules;
using Chat.Simulation.Store;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Npgsql;

namespace Chat.Simulation.Cluster;

/// <summary>What a node answers: hello, sends and history by the server's own code, the rest from the store.</summary>
internal sealed class NodeRequests(HelloHandler hello, SendMessage send, ReadHistory history, StoreLink store, World world)
{
    public async ValueTask DispatchAsync(Session session, ReadOnlySequence<byte> body)
    {
        if (FrameHeader.TryReadRequest(body, out FrameHeader header) != FrameDecodeResult.Ok)
            throw new InvalidOperationException("The SDK sent what is no frame.");

        if (header.Type == FrameType.Hello)
        {
            HelloRequest.TryRead(body, out uint id, out HelloRequest request);
            session.Greet();
            if (world.Defect == PlantedDefect.PositionsForgotten) request = request with { Positions = [] };
            await hello.HandleAsync(session, id, request);
            return;
        }

        ValueTask answered = AnswerAsync(session, header, body);
        bool isInOrder = header.Type is FrameType.GetHistory or FrameType.GetChats or FrameType.GetMembers;
        if (isInOrder) await answered;
        else await session.TrackAsync(answered);
    }

    private async ValueTask AnswerAsync(Session session, FrameHeader header, ReadOnlySequence<byte> body)
    {
        try
        {
            switch (header.Type)
            {
                case FrameType.SendMessage:
                    await SendAsync(session, Read<SendMessageRequest>(body), header.RequestId);
                    break;
                case FrameType.GetHistory:
                    await ReadPageAsync(session, Read<GetHistoryRequest>(body), header.RequestId);
                    break;
                case FrameType.GetChat:
                    await GetChatAsync(session, Read<GetChatRequest>(body).ChatId, header.RequestId);
                    break;
                case FrameType.GetChats:
                    IReadOnlyList<ChatRow> rows = await store.ReadAsync(
                        reads => reads.ReadChats(session.PrincipalId), CancellationToken.None);
                    session.Reply(new ChatList(rows, null).ToReply(), header.RequestId);
                    break;
                case FrameType.GetMembers:
                    long of = Read<GetMembersRequest>(body).ChatId;
                    IReadOnlyList<MemberRow>? members = await store.ReadAsync(
                        reads => reads.ReadMembers(of, session.PrincipalId), CancellationToken.None);
                    if (members is null) session.ReplyError(header.RequestId, NotFound());
                    else session.Reply(WireMapping.ToReply(of, new MemberPage(of, members, HasMore: false)), header.RequestId);
                    break;
                default:
                    session.Reply(default(OkReply), header.RequestId);
                    break;
            }
        }
        catch (NpgsqlException)
        {
            session.ReplyError(header.RequestId, new Failure(ErrorCode.Unavailable, "Storage does not answer; try again."));
        }
    }

    private async Task SendAsync(Session session, SendMessageRequest request, uint requestId)
    {
        // The planted mistake of a client that makes a new id for a retry: each connection has its own.
        Guid id = world.Defect == PlantedDefect.RetriesWithNewId
            ? new Guid((int)session.SessionId, 0, 0, request.ClientMessageId.ToByteArray()[8..])
            : request.ClientMessageId;
        Result<SentMessage> sent = await send.ExecuteAsync(
            session.Caller, new SendMessageInput(request.ChatId, id, request.Text, request.ReplyTo));
        if (sent.IsOk) session.Reply(new SentReply(sent.Value.ChatId, sent.Value.Sequence, sent.Value.CreatedAtMs), requestId);
        else session.ReplyError(requestId, sent.Failure);
    }

    private async Task ReadPageAsync(Session session, GetHistoryRequest request, uint requestId)
    {
        Result<HistoryPage> page = await history.ExecuteAsync(
            session.Caller, request.ChatId, request.After, request.Before, request.Limit, CancellationToken.None);
        if (page.IsOk) session.Reply(WireMapping.ToReply(request.ChatId, page.Value), requestId);
        else session.ReplyError(requestId, page.Failure);
    }

    private async Task GetChatAsync(Session session, long chatId, uint requestId)
    {
        ChatRow? row = await store.ReadAsync(reads => reads.ReadChat(chatId, session.PrincipalId), CancellationToken.None);
        if (row is null) session.ReplyError(requestId, NotFound());
        else session.Reply(row.ToReply(), requestId);
    }

    private static Failure NotFound() => new(ErrorCode.ChatNotFound, "There is no such chat for you.");

    private static T Read<T>(ReadOnlySequence<byte> body)
        where T : struct, IFrame<T> =>
        T.TryRead(body, out _, out T frame) ? frame : throw new InvalidOperationException($"The SDK sent a malformed {T.Type}.");
}
