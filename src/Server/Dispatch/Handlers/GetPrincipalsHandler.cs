using Chat.Domain;
using Chat.Domain.Presence;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class GetPrincipalsHandler(GetPrincipals useCase) : IRequestHandler<GetPrincipalsRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, GetPrincipalsRequest request)
    {
        Result<IReadOnlyList<WirePrincipal>> answer = await useCase.ExecuteAsync(session.Caller, request.PrincipalIds, CancellationToken.None);
        if (answer.IsOk) session.Reply(new PrincipalsReply(answer.Value), requestId);
        else session.ReplyError(requestId, answer.Failure);
    }
}
