using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class ReactHandler(ReactToMessage useCase) : IRequestHandler<ReactRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, ReactRequest request)
    {
        Result<SentMessage> answer = await useCase.ExecuteAsync(
            session.Caller, request.ChatId, request.ClientMessageId, request.Sequence, request.Emoji, CancellationToken.None);
        if (answer.IsOk) session.Reply(new SentReply(answer.Value.ChatId, answer.Value.Sequence, answer.Value.CreatedAtMs), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
