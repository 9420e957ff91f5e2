using Chat.Domain;
using Chat.Domain.Presence;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class SetTypingHandler(SetTyping useCase) : IRequestHandler<SetTypingRequest>
{
    public ValueTask HandleAsync(Session session, uint requestId, SetTypingRequest request)
    {
        ValueTask<Result<Done>> answer =
            useCase.ExecuteAsync(session.Caller, request.ChatId, request.Active, session.SessionId, CancellationToken.None);
        if (!answer.IsCompletedSuccessfully) return AwaitAsync(session, requestId, answer);

#pragma warning disable VSTHRD103 // completed: nothing blocks
        Answer(session, requestId, answer.Result);
#pragma warning restore VSTHRD103
        return default;
    }

    private static async ValueTask AwaitAsync(Session session, uint requestId, ValueTask<Result<Done>> answer) =>
        Answer(session, requestId, await answer);

    private static void Answer(Session session, uint requestId, in Result<Done> answer)
    {
        if (answer.IsOk) session.Reply(new OkReply(), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
