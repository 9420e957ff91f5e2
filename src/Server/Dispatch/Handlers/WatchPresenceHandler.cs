using Chat.Domain;
using Chat.Domain.Presence;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class WatchPresenceHandler(WatchPresence useCase) : IRequestHandler<WatchPresenceRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, WatchPresenceRequest request)
    {
        Result<IReadOnlyList<WirePresence>> answer = await useCase.ExecuteAsync(session.Caller, session, request.PrincipalIds, CancellationToken.None);
        if (answer.IsOk) session.Reply(new PresencesReply(answer.Value), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
