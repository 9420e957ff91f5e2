using Chat.Domain;
using Chat.Domain.Chats;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;
using Chat.Storage.Chats;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class GetChatHandler(GetChat useCase) : IRequestHandler<GetChatRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, GetChatRequest request)
    {
        Result<ChatRow> answer = await useCase.ExecuteAsync(session.Caller, request.ChatId, CancellationToken.None);
        if (answer.IsOk) session.Reply(answer.Value.ToReply(), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
