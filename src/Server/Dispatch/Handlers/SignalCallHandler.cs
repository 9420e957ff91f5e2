using Chat.Domain;
using Chat.Domain.Calls;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class SignalCallHandler(SignalCall useCase) : IRequestHandler<SignalCallRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, SignalCallRequest request)
    {
        Result<Done> answer = await useCase.ExecuteAsync(session.Caller, request, CancellationToken.None);
        if (answer.IsOk) session.Reply(new OkReply(), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
