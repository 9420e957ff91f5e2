using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class EditMessageHandler(EditMessage useCase) : IRequestHandler<EditMessageRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, EditMessageRequest request)
    {
        Result<SentMessage> answer = await useCase.ExecuteAsync(
            session.Caller, request.ChatId, request.ClientMessageId, request.Sequence, request.Text, CancellationToken.None);
        if (answer.IsOk) session.Reply(new SentReply(answer.Value.ChatId, answer.Value.Sequence, answer.Value.CreatedAtMs), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
