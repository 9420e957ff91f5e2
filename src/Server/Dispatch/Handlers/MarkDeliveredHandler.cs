using Chat.Domain;
using Chat.Domain.Receipts;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class MarkDeliveredHandler(MarkDelivered useCase) : IRequestHandler<MarkDeliveredRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, MarkDeliveredRequest request)
    {
        Result<Done> answer = await useCase.ExecuteAsync(session.Caller, request.ChatId, request.UpTo);
        if (answer.IsOk) session.Reply(new OkReply(), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
