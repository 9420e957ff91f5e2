using Chat.Domain;
using Chat.Domain.Presence;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class SetTypingHandler(SetTyping useCase) : IRequestHandler<SetTypingRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, SetTypingRequest request)
    {
        Result<Done> answer = await useCase.ExecuteAsync(session.Caller, request.ChatId, request.Active, session.SessionId, CancellationToken.None);
        if (answer.IsOk) session.Reply(new OkReply(), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
