using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Sync;

namespace Chat.Sdk.Presence;

/// <summary>What the client knows of people: names, and the presence of those it watches. Thread-safe.</summary>
internal sealed class PeopleBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, string> _names = [];
    private readonly Dictionary<long, PrincipalPresence> _presences = [];

    /// <summary>Whom the app watches; asked for again on each new session.</summary>
    public IReadOnlyList<long> Watched { get; private set; } = [];

    public string? Name(long principalId)
    {
        lock (_gate) return _names.GetValueOrDefault(principalId);
    }

    public void SetName(long principalId, string name)
    {
        lock (_gate) _names[principalId] = name;
    }

    public long[] Unknown(IEnumerable<long> ids)
    {
        lock (_gate) return [.. ids.Where(id => !_names.ContainsKey(id)).Distinct()];
    }

    public PrincipalPresence? Presence(long principalId)
    {
        lock (_gate) return _presences.GetValueOrDefault(principalId);
    }

    public void Watch(IReadOnlyList<long> principalIds)
    {
        lock (_gate)
        {
            Watched = [.. principalIds];
            foreach (long id in _presences.Keys.Except(principalIds).ToArray()) _presences.Remove(id);
        }
    }

    /// <summary>Who comes and goes while there is no connection is not told.</summary>
    public void ForgetPresences()
    {
        lock (_gate) _presences.Clear();
    }

    /// <summary>Takes a presence; null when it is not news.</summary>
    public PrincipalPresence? Set(in WirePresence wire)
    {
        PrincipalPresence presence = WireMapping.ToPresence(wire.PrincipalId, wire.Online, wire.LastSeenMs);
        lock (_gate)
        {
            if (_presences.TryGetValue(wire.PrincipalId, out PrincipalPresence? old) && old == presence) return null;

            _presences[wire.PrincipalId] = presence;
            return presence;
        }
    }
}
