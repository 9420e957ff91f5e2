using System.Net;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Server.Limits;

namespace Chat.Server.Sessions;

/// <summary>Decides whether a sign-in is looked at at all, before it costs the database anything (promise P12). Thread-safe.</summary>
internal sealed class HelloGate(HelloBounds bounds, HelloBatcher hellos, SessionRegistry sessions, LiveSettings settings)
{
    /// <summary>
    /// Sign-ins that may wait for the database: a storm that one node can bear, and no more than some seconds of its work.
    /// </summary>
    public const int MaxWaiting = 25_000;

    /// <summary>Why nobody is let in now; null when the hello is to be judged.</summary>
    /// <param name="address">Where it comes from, null if that is not known.</param>
    public DisconnectCode? FindRefusal(IPAddress? address)
    {
        if (bounds.Drain.IsDraining) return Refuse(DisconnectCode.Draining, "draining");
        if (bounds.Overload.Level >= LoadLevel.Full) return Refuse(DisconnectCode.Overloaded, "memory");
        if (bounds.Addresses.FindGuestRefusal(address) is not null) return Refuse(DisconnectCode.Overloaded, "address");
        return hellos.Count >= MaxWaiting ? Refuse(DisconnectCode.Overloaded, "waiting") : null;
    }

    /// <summary>The hello's token is none of ours: counts against its address, which is not looked at for a while after too many.</summary>
    public DisconnectCode NoteInvalid(IPAddress? address)
    {
        _ = bounds.Addresses.JudgeGuest(address); // refused or not, this one is over
        return DisconnectCode.TokenInvalid;
    }

    /// <summary>Why this principal is not let in now; null when it is.</summary>
    public DisconnectCode? FindRefusal(long principalId) => FindExcess(principalId, room: 1);

    /// <summary>The same once a session is counted: of many that asked at the same time, each found room.</summary>
    public DisconnectCode? FindExcess(long principalId) => FindExcess(principalId, room: 0);

    private DisconnectCode? FindExcess(long principalId, int room)
    {
        int most = settings.Limits.ConnectionsPerPrincipal;
        return most > 0 && sessions.CountOf(principalId) + room > most ? Refuse(DisconnectCode.Overloaded, "connections") : null;
    }

    private static DisconnectCode Refuse(DisconnectCode code, string reason)
    {
        OverloadMetrics.RefuseHello(reason);
        return code;
    }
}

/// <summary>What a sign-in is judged by before it is known whose it is.</summary>
internal sealed record HelloBounds(DrainState Drain, Overload Overload, AddressLimits Addresses);
