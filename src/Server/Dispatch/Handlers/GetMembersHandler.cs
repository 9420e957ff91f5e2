using Chat.Domain;
using Chat.Domain.Chats;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;
using Chat.Storage.Chats;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class GetMembersHandler(ListMembers useCase) : IRequestHandler<GetMembersRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, GetMembersRequest request)
    {
        Result<MemberPage> answer = await useCase.ExecuteAsync(session.Caller, request.ChatId, request.AfterPrincipalId, request.Limit, CancellationToken.None);
        if (answer.IsOk) session.Reply(WireMapping.ToReply(request.ChatId, answer.Value), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
