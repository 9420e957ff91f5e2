using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;
using Chat.Storage.Messages;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class GetHistoryHandler(ReadHistory useCase) : IRequestHandler<GetHistoryRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, GetHistoryRequest request)
    {
        Result<HistoryPage> answer = await useCase.ExecuteAsync(session.Caller, request.ChatId, request.After, request.Before, request.Limit, CancellationToken.None);
        if (answer.IsOk) session.Reply(WireMapping.ToReply(request.ChatId, answer.Value), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
