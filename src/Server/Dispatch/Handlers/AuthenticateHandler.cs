using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

/// <summary>Takes a fresh token of the same principal and device on the living connection (protocol-spec.md §6.2).</summary>
internal sealed class AuthenticateHandler(AccessTokens tokens) : IRequestHandler<AuthenticateRequest>
{
    public ValueTask HandleAsync(Session session, uint requestId, AuthenticateRequest request)
    {
        TokenVerdict verdict = tokens.Verify(request.Token, out Caller caller, out DateTimeOffset expiresAt);
        if (verdict == TokenVerdict.Valid && (caller.PrincipalId, caller.DeviceId) == (session.PrincipalId, session.DeviceId))
        {
            session.Renew(caller, expiresAt);
            session.Reply(new OkReply(), requestId);
        }
        else
        {
            session.ReplyError(requestId, new Failure(ErrorCode.TokenInvalid, "The token is not a valid one of this principal and device; the session goes on with the old one."));
        }

        return default;
    }
}
