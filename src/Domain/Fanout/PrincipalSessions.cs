using System.Collections.Concurrent;

namespace Chat.Domain.Fanout;

/// <summary>The registered sessions of each principal on this node. Thread-safe.</summary>
internal sealed class PrincipalSessions
{
    private readonly ConcurrentDictionary<long, SessionSubscriptions[]> _byPrincipal = new();

    public void Add(SessionSubscriptions session) => _byPrincipal.AddOrUpdate(
        session.Subscriber.PrincipalId, static (_, added) => [added], static (_, present, added) => [.. present, added], session);

    public void Remove(SessionSubscriptions session)
    {
        long principalId = session.Subscriber.PrincipalId;
        while (_byPrincipal.TryGetValue(principalId, out SessionSubscriptions[]? present))
        {
            SessionSubscriptions[] left = [.. present.Where(other => other != session)];
            bool done = left.Length == 0
                ? _byPrincipal.TryRemove(new(principalId, present))
                : _byPrincipal.TryUpdate(principalId, left, present);
            if (done) return;
        }
    }

    /// <summary>Never changed once it was handed out.</summary>
    public SessionSubscriptions[] Of(long principalId) => _byPrincipal.GetValueOrDefault(principalId) ?? [];
}
