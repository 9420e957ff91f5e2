using System.Collections.Concurrent;
using Chat.Domain;
using Chat.Domain.Fanout;
using Chat.Domain.Presence;
using Chat.Protocol.Codes;

namespace Chat.Server.Sessions;

/// <summary>All connections of this node that speak our protocol, by id and by principal.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SessionRegistry(ChatFanout fanout, PresenceRegistry presence, ILogger<SessionRegistry> log) : ISessions
{
    private readonly ConcurrentDictionary<long, Session> _all = new();
    private readonly ConcurrentDictionary<long, Session[]> _byPrincipal = new();

    public int Count => _all.Count;

    /// <summary>The sessions at this moment; no copy.</summary>
    internal IEnumerable<KeyValuePair<long, Session>> All => _all;

    internal bool Contains(Session session) => _all.ContainsKey(session.SessionId);

    /// <summary>Signed-in connections of a principal to this node.</summary>
    internal int CountOf(long principalId) => _byPrincipal.TryGetValue(principalId, out Session[]? sessions) ? sessions.Length : 0;

    internal void Add(Session session) => _all[session.SessionId] = session;

    /// <summary>Notes a session under its principal, and tells presence.</summary>
    internal void SignIn(Session session, string clientName)
    {
        SessionLog.Online(log, session.SessionId, session.PrincipalId, clientName);
        _byPrincipal.AddOrUpdate(session.PrincipalId, static (_, added) => [added], static (_, present, added) => [.. present, added], session);
        presence.Online(session);
        if (session.HasEnded) SignOut(session); // it ended while it was signing in
    }

    internal void Remove(Session session)
    {
        _all.TryRemove(session.SessionId, out _);
        if (session.Subscriptions is { } subscriptions) fanout.Remove(subscriptions);
        if (session.PrincipalId != 0) SignOut(session);
    }

    /// <summary>Ends the live sessions of a principal, or of one of its devices.</summary>
    public void Disconnect(long principalId, long deviceId, DisconnectCode code)
    {
        if (!_byPrincipal.TryGetValue(principalId, out Session[]? sessions)) return;
        foreach (Session session in sessions)
            if (deviceId == 0 || session.DeviceId == deviceId) session.Disconnect(code, "asked for by the account");
    }

    public bool IsConnected(long principalId, long deviceId) =>
        _byPrincipal.TryGetValue(principalId, out Session[]? sessions) && Array.Exists(sessions, session => session.DeviceId == deviceId);

    private void SignOut(Session session)
    {
        while (_byPrincipal.TryGetValue(session.PrincipalId, out Session[]? present))
        {
            if (!present.Contains(session)) return;
            Session[] left = [.. present.Where(other => other != session)];
            bool done = left.Length == 0
                ? _byPrincipal.TryRemove(new(session.PrincipalId, present))
                : _byPrincipal.TryUpdate(session.PrincipalId, left, present);
            if (!done) continue;
            presence.Offline(session);
            return;
        }
    }
}
