using Chat.Domain;
using Chat.Domain.Chats;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class GetChatsHandler(ListChats useCase) : IRequestHandler<GetChatsRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, GetChatsRequest request)
    {
        Result<ChatList> answer = await useCase.ExecuteAsync(session.Caller, request.Cursor, request.Limit, groupsOnly: false, ct: CancellationToken.None);
        if (answer.IsOk) session.Reply(WireMapping.ToReply(answer.Value), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
