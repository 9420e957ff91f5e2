using Chat.Domain;
using Chat.Domain.Chats;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;
using Chat.Storage.Chats;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class OpenDirectHandler(OpenDirectChat useCase) : IRequestHandler<OpenDirectRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, OpenDirectRequest request)
    {
        Result<ChatRow> answer = await useCase.ExecuteAsync(session.Caller, request.PrincipalId, CancellationToken.None);
        if (answer.IsOk) session.Reply(answer.Value.ToReply(), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
