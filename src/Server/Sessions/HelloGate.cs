using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Server.Limits;

namespace Chat.Server.Sessions;

/// <summary>Decides whether a sign-in is looked at at all, before it costs the database anything (promise P12). Thread-safe.</summary>
internal sealed class HelloGate(DrainState drain, Overload overload, HelloBatcher hellos, SessionRegistry sessions, LiveSettings settings)
{
    /// <summary>
    /// Sign-ins that may wait for the database: a storm that one node can bear, and no more than some seconds of its work.
    /// </summary>
    public const int MaxWaiting = 25_000;

    /// <summary>Why nobody is let in now; null when the hello is to be judged.</summary>
    public DisconnectCode? FindRefusal()
    {
        if (drain.IsDraining) return Refuse(DisconnectCode.Draining, "draining");
        if (overload.Level >= LoadLevel.Full) return Refuse(DisconnectCode.Overloaded, "memory");
        return hellos.Count >= MaxWaiting ? Refuse(DisconnectCode.Overloaded, "waiting") : null;
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
