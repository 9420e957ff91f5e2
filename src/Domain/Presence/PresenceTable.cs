using Chat.Domain.Cluster;
using Chat.Domain.Fanout;

namespace Chat.Domain.Presence;

/// <summary>
/// Who is here, or online on another node, and who watches whom, indexed both ways, so that a session that ends walks only what is its own.
/// Not thread-safe: the registry's gate is held around every call.
/// </summary>
internal sealed class PresenceTable
{
    private readonly Dictionary<long, Person> _people = [];
    private readonly Dictionary<long, Session> _sessions = [];
    private readonly Queue<Person> _changed = new();
    private readonly Queue<Departure> _departures = new();
    private readonly RemotePresence _remote = new();
    private long _lastTicket;

    public int PeopleCount => _people.Count;

    public bool HasChanges => _changed.Count > 0;

    /// <summary>The session counts from now on. Entering twice changes nothing.</summary>
    /// <returns>True when its principal was not online here before.</returns>
    public bool Enter(ISubscriber subscriber)
    {
        if (!_sessions.TryAdd(subscriber.SessionId, new Session(subscriber))) return false;

        Person person = GetOrAdd(subscriber.PrincipalId);
        person.Sessions++;
        if (person.IsHere) return false;

        person.IsHere = true;
        SetOnline(person, true, null);
        return true;
    }

    /// <summary>The session ends. True when it was the principal's last one, whose departure now waits for its grace.</summary>
    public bool Leave(long sessionId, long timestamp, DateTimeOffset now)
    {
        if (!_sessions.Remove(sessionId, out Session? session)) return false;

        Unwatch(session);
        Person person = _people[session.Subscriber.PrincipalId];
        if (--person.Sessions > 0) return false;

        person.DepartureTicket = ++_lastTicket;
        _departures.Enqueue(new Departure(person, _lastTicket, timestamp, now));
        return true;
    }

    /// <summary>Replaces what the session watches. A session that has ended watches nobody.</summary>
    public void Watch(long sessionId, IReadOnlyList<long> principalIds)
    {
        if (!_sessions.TryGetValue(sessionId, out Session? session)) return;

        Unwatch(session);
        foreach (long id in principalIds)
        {
            Person person = GetOrAdd(id);
            if (person.Watchers.Add(session.Subscriber)) session.Watched.Add(person);
        }
    }

    /// <summary>The principals who watch this one, each once.</summary>
    public List<long> WatchersOf(long principalId) => _people.TryGetValue(principalId, out Person? person)
        ? [.. person.Watchers.Select(watcher => watcher.PrincipalId).Distinct()]
        : [];

    /// <summary>Ends the watches of all but these.</summary>
    /// <returns>The sessions that watch no longer.</returns>
    public List<ISubscriber> KeepWatchers(long principalId, HashSet<long> viewers)
    {
        if (!_people.TryGetValue(principalId, out Person? person)) return [];

        List<ISubscriber> dropped = [.. person.Watchers.Where(watcher => !viewers.Contains(watcher.PrincipalId))];
        foreach (ISubscriber watcher in dropped)
        {
            person.Watchers.Remove(watcher);
            if (_sessions.TryGetValue(watcher.SessionId, out Session? session)) session.Watched.Remove(person);
        }

        RemoveIfUnused(person);
        return dropped;
    }

    /// <summary>True from the first session to the end of the grace, on any node; the time of the last departure if it is remembered here.</summary>
    public (bool Online, DateTimeOffset? LastSeen) Read(long principalId) =>
        _people.TryGetValue(principalId, out Person? person) ? (person.Online, person.LastSeen) : (_remote.IsOnline(principalId), null);

    public bool IsOnlineElsewhere(long principalId) => _remote.IsOnline(principalId);

    /// <summary>When the oldest waiting departure happened, in the clock's timestamps; null when none waits.</summary>
    public long? OldestDeparture => _departures.TryPeek(out Departure departure) ? departure.Timestamp : null;

    /// <summary>Takes the oldest departure and, unless its principal came back meanwhile, ends their being here.</summary>
    public bool TryDepart(out long principalId, out DateTimeOffset at)
    {
        Departure departure = _departures.Dequeue();
        Person person = departure.Person;
        (principalId, at) = (person.Id, departure.At);
        if (person.Sessions > 0 || person.DepartureTicket != departure.Ticket) return false;

        person.IsHere = false;
        SetOnline(person, _remote.IsOnline(person.Id), departure.At);
        RemoveIfUnused(person);
        return true;
    }

    /// <summary>Another node says that a principal is online there, or no longer.</summary>
    /// <param name="at">When they were last seen there.</param>
    /// <returns>True when the principal is offline everywhere by it.</returns>
    public bool SetRemote(NodeIdentity node, long principalId, bool online, DateTimeOffset at)
    {
        if (!_remote.Set(node, principalId, online)) return false;
        if (!_people.TryGetValue(principalId, out Person? person)) return !online; // nobody here watches them
        SetOnline(person, online || person.IsHere, at);
        bool gone = !person.Online;
        RemoveIfUnused(person);
        return gone;
    }

    /// <inheritdoc cref="RemotePresence.Differences"/>
    public List<(long PrincipalId, bool Online)> RemoteDifferences(NodeIdentity node, HashSet<long> principalIds) =>
        _remote.Differences(node, principalIds);

    /// <inheritdoc cref="RemotePresence.Forget"/>
    public void ForgetRemote(NodeIdentity node) => _remote.Forget(node);

    /// <summary>All principals with a session here, for the end of the process.</summary>
    public IEnumerable<long> Online()
    {
        foreach (Person person in _people.Values)
        {
            if (person.Sessions > 0) yield return person.Id;
        }
    }

    /// <summary>All principals who are online by this node, those in their grace included.</summary>
    public List<long> Here()
    {
        List<long> here = [];
        foreach (Person person in _people.Values)
        {
            if (person.IsHere) here.Add(person.Id);
        }

        return here;
    }

    /// <summary>Takes one change that watchers have not been told of; the state is that of now, not of the change.</summary>
    public (long PrincipalId, bool Online, DateTimeOffset? LastSeen, ISubscriber[] Watchers) TakeChange()
    {
        Person person = _changed.Dequeue();
        person.IsQueued = false;
        return (person.Id, person.Online, person.LastSeen, [.. person.Watchers]);
    }

    private void SetOnline(Person person, bool online, DateTimeOffset? lastSeen)
    {
        if (person.Online == online) return;

        (person.Online, person.LastSeen) = (online, online ? null : lastSeen);
        if (person.Watchers.Count == 0 || person.IsQueued) return;

        person.IsQueued = true;
        _changed.Enqueue(person);
    }

    private void Unwatch(Session session)
    {
        foreach (Person person in session.Watched)
        {
            person.Watchers.Remove(session.Subscriber);
            RemoveIfUnused(person);
        }

        session.Watched.Clear();
    }

    private Person GetOrAdd(long id)
    {
        if (!_people.TryGetValue(id, out Person? person)) _people[id] = person = new Person(id) { Online = _remote.IsOnline(id) };
        return person;
    }

    private void RemoveIfUnused(Person person)
    {
        if (person is { Sessions: 0, IsHere: false, Watchers.Count: 0 }) _people.Remove(person.Id);
    }

    private readonly record struct Departure(Person Person, long Ticket, long Timestamp, DateTimeOffset At);

    private sealed class Session(ISubscriber subscriber)
    {
        public ISubscriber Subscriber { get; } = subscriber;

        public List<Person> Watched { get; } = [];
    }

    private sealed class Person(long id)
    {
        public long Id { get; } = id;

        public int Sessions { get; set; }

        /// <summary>From the first session here to the end of the grace.</summary>
        public bool IsHere { get; set; }

        /// <summary>Here, or on another node.</summary>
        public bool Online { get; set; }

        public DateTimeOffset? LastSeen { get; set; }

        public long DepartureTicket { get; set; }

        public bool IsQueued { get; set; }

        public HashSet<ISubscriber> Watchers { get; } = [];
    }
}
