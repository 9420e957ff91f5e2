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
internal sealed class HelloHandler(TokenVerifier tokens, HelloParts parts)
{
    /// <summary>Readings of the memberships before a sign-in is put off: each repeats only if the inbox grew during the one before.</summary>
    private const int MaxReadings = 5;

    public async ValueTask HandleAsync(Session session, uint requestId, HelloRequest hello)
    {
        if (Judge(session, hello) is { } refusal)
        {
            session.Disconnect(refusal, "at hello");
            return;
        }

        try
        {
            VerifiedToken token = await tokens.VerifyAsync(hello.Token);
            if (Judge(session, token) is { } unfit)
            {
                session.Disconnect(unfit, token.Why ?? "at hello");
                return;
            }

            // Known to the fan-out before its memberships are read: whatever changes in between is noted (promise P9).
            session.Identify(token.Caller, token.ExpiresAt);
            session.Subscribe(parts.Fanout.Register(session));
            Dictionary<long, long> heads = [];
            SessionSeed? seed = await EnterAsync(session, heads);
            if (seed is null) session.Disconnect(DisconnectCode.SessionRevoked, "the device is signed out");
            else await WelcomeAsync(session, requestId, hello, seed, heads);
        }
        catch (Exception fault) when (fault is SignInUnavailableException or Npgsql.NpgsqlException or TimeoutException)
        {
            session.Disconnect(DisconnectCode.StorageUnavailable, "the database does not answer");
        }
        finally
        {
            if (session is { HasEnded: true, Subscriptions: { } entered }) parts.Fanout.Remove(entered); // it may have ended before it was entered
        }
    }

    /// <summary>Reads the memberships and enters them; again if a chat was added while they were read, because only the inbox tells of it, or if one may have ended.</summary>
    private async ValueTask<SessionSeed?> EnterAsync(Session session, Dictionary<long, long> heads)
    {
        for (int reading = 1; ; reading++)
        {
            SessionSeed? seed = await parts.Batcher.ReadAsync(new SessionKey(session.PrincipalId, session.DeviceId));
            if (seed is null) return null;
            bool isCurrent = parts.Fanout.Enter(session.Subscriptions!, seed.Memberships, heads);
            SessionMembership inbox = seed.Memberships.First(membership => membership.ChatId == seed.InboxChatId);
            if (isCurrent && heads.GetValueOrDefault(inbox.ChatId) <= inbox.HeadSequence)
            {
                session.Subscriptions!.Entered();
                return seed;
            }

            if (reading == MaxReadings) throw new SignInUnavailableException("The memberships change faster than they can be read.");
        }
    }

    private async ValueTask WelcomeAsync(Session session, uint requestId, HelloRequest hello, SessionSeed seed, Dictionary<long, long> heads)
    {
#if PLANTED_BUGS
        if (PlantedBug.Is("resume-of-anyone"))
            parts.Fanout.Enter(session.Subscriptions!, [.. hello.Positions.Select(at => new SessionMembership(at.ChatId, 1, at.Epoch, at.Sequence, 1))], heads);
#endif
        IReadOnlyList<WireResumed> resumed = await parts.Resume.JudgeAsync(session.PrincipalId, hello.Positions, seed, heads);
        if (session.HasEnded) return;
        session.GoOnline(parts.Resume.Welcome(session, seed, resumed), requestId);
        parts.Registry.SignIn(session, hello.ClientName);
        if (parts.Gate.FindExcess(session.PrincipalId) is { } excess) session.Disconnect(excess, "too many connections at once");

        // A sign-out that came while this was under way found no session to cut; it has marked the device by now, so one of the two sees it.
        if (tokens.IsRevoked(session.DeviceId)) session.Disconnect(DisconnectCode.SessionRevoked, "signed out during hello");
    }

    private DisconnectCode? Judge(Session session, in HelloRequest hello)
    {
        if (parts.Gate.FindRefusal(session.Connection.RemoteAddress) is { } refusal) return refusal;
        if (!parts.Start.IsOpen) return DisconnectCode.StorageUnavailable;
        if (hello.ProtocolVersion != ProtocolLimits.ProtocolVersion) return DisconnectCode.UnsupportedVersion;
        if (hello.ClientName.Length > ProtocolLimits.MaxClientNameBytes || hello.Positions.Count > ProtocolLimits.MaxPositions)
            return DisconnectCode.MalformedFrame;
        return null;
    }

    private DisconnectCode? Judge(Session session, in VerifiedToken token) => token.Verdict switch
    {
        TokenVerdict.Valid => parts.Gate.FindRefusal(token.Caller.PrincipalId),
        TokenVerdict.Revoked or TokenVerdict.Blocked => DisconnectCode.SessionRevoked,
        TokenVerdict.Expired => DisconnectCode.TokenExpired,
        _ => parts.Gate.NoteInvalid(session.Connection.RemoteAddress),
    };
}

/// <summary>What a sign-in goes through.</summary>
internal sealed record HelloParts(
    HelloBatcher Batcher, ChatFanout Fanout, ResumeReader Resume, SessionRegistry Registry, HelloGate Gate, StartGate Start);
