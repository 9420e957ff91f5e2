using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

/// <summary>Takes a fresh token of the same principal and device on the living connection (protocol-spec.md §6.2).</summary>
internal sealed class AuthenticateHandler(TokenVerifier tokens) : IRequestHandler<AuthenticateRequest>
{
    public async ValueTask HandleAsync(Session session, uint requestId, AuthenticateRequest request)
    {
        VerifiedToken token = await tokens.VerifyAsync(request.Token);
        if (token.Verdict == TokenVerdict.Valid && (token.Caller.PrincipalId, token.Caller.DeviceId) == (session.PrincipalId, session.DeviceId))
        {
            session.Renew(token.Caller, token.ExpiresAt);
            session.Reply(new OkReply(), requestId);
        }
        else
        {
            string why = token.Why ?? "The token is not a valid one of this principal and device.";
            session.ReplyError(requestId, new Failure(ErrorCode.TokenInvalid, $"{why} The session goes on with the old one."));
        }
    }
}
