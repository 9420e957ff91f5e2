using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Fanout;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Sessions;
using Chat.Storage.Accounts;

namespace Chat.Server.Dispatch.Handlers;

/// <summary>Signs a connection in: token, memberships, subscriptions, resume, welcome (protocol-spec.md §6.1, §8.3).</summary>
internal sealed class HelloHandler(AccessTokens tokens, HelloBatcher batcher, ChatFanout fanout, SessionRegistry registry, ResumeReader resume)
{
    public async ValueTask HandleAsync(Session session, uint requestId, HelloRequest hello)
    {
        if (Judge(hello, out Caller caller, out DateTimeOffset expiresAt) is { } refusal)
        {
            session.Disconnect(refusal, "at hello");
            return;
        }

        // Known to the fan-out before its memberships are read: whatever changes in between is noted (promise P9).
        session.Identify(caller, expiresAt);
        session.Subscribe(fanout.Register(session));
        try
        {
            SessionSeed? seed = await batcher.ReadAsync(new SessionKey(caller.PrincipalId, caller.DeviceId));
            if (seed is null)
            {
                session.Disconnect(DisconnectCode.SessionRevoked, "the device is signed out");
                return;
            }

            await WelcomeAsync(session, requestId, hello, seed);
        }
        catch (SignInUnavailableException)
        {
            session.Disconnect(DisconnectCode.StorageUnavailable, "the database does not answer");
        }
        finally
        {
            if (session.HasEnded) fanout.Remove(session.Subscriptions!); // it may have ended before it was entered
        }
    }

    private async ValueTask WelcomeAsync(Session session, uint requestId, HelloRequest hello, SessionSeed seed)
    {
        Dictionary<long, long> heads = new(seed.Memberships.Count);
        fanout.Enter(session.Subscriptions!, seed.Memberships, heads);
        IReadOnlyList<WireResumed> resumed = await resume.JudgeAsync(session.PrincipalId, hello.Positions, seed, heads);
        if (session.HasEnded) return;
        session.GoOnline(resume.Welcome(session, seed, resumed), requestId);
        registry.SignIn(session, hello.ClientName);
    }

    private DisconnectCode? Judge(in HelloRequest hello, out Caller caller, out DateTimeOffset expiresAt)
    {
        (caller, expiresAt) = (default, default);
        if (hello.ProtocolVersion != ProtocolLimits.ProtocolVersion) return DisconnectCode.UnsupportedVersion;
        if (hello.ClientName.Length > ProtocolLimits.MaxClientNameBytes || hello.Positions.Count > ProtocolLimits.MaxPositions)
            return DisconnectCode.MalformedFrame;
        return tokens.Verify(hello.Token, out caller, out expiresAt) switch
        {
            TokenVerdict.Valid => null,
            TokenVerdict.Revoked => DisconnectCode.SessionRevoked,
            TokenVerdict.Expired => DisconnectCode.TokenExpired,
            _ => DisconnectCode.TokenInvalid,
        };
    }
}
