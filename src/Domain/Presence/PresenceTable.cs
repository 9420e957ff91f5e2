using Chat.Domain.Fanout;

namespace Chat.Domain.Presence;

/// <summary>
/// Who is here and who watches whom, indexed both ways, so that a session that ends walks only what is its own. Not thread-safe: the
/// registry's gate is held around every call.
/// </summary>
internal sealed class PresenceTable
{
    private readonly Dictionary<long, Person> _people = [];
    private readonly Dictionary<long, Session> _sessions = [];
    private readonly Queue<Person> _changed = new();
    private readonly Queue<Departure> _departures = new();
    private long _lastTicket;

    public int PeopleCount => _people.Count;

    public bool HasChanges => _changed.Count > 0;

    /// <summary>The session counts from now on. Entering twice changes nothing.</summary>
    public void Enter(ISubscriber subscriber)
    {
        if (!_sessions.TryAdd(subscriber.SessionId, new Session(subscriber))) return;

        Person person = GetOrAdd(subscriber.PrincipalId);
        person.Sessions++;
        SetOnline(person, true, null);
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

    /// <summary>True from the first session to the end of the grace; the time of the last departure if it is remembered here.</summary>
    public (bool Online, DateTimeOffset? LastSeen) Read(long principalId) =>
        _people.TryGetValue(principalId, out Person? person) ? (person.Online, person.LastSeen) : (false, null);

    /// <summary>When the oldest waiting departure happened, in the clock's timestamps; null when none waits.</summary>
    public long? OldestDeparture => _departures.TryPeek(out Departure departure) ? departure.Timestamp : null;

    /// <summary>Takes the oldest departure and, unless its principal came back meanwhile, makes them offline.</summary>
    public bool TryDepart(out long principalId, out DateTimeOffset at)
    {
        Departure departure = _departures.Dequeue();
        Person person = departure.Person;
        (principalId, at) = (person.Id, departure.At);
        if (person.Sessions > 0 || person.DepartureTicket != departure.Ticket) return false;

        SetOnline(person, false, departure.At);
        RemoveIfUnused(person);
        return true;
    }

    /// <summary>All principals with a session here, for the end of the process.</summary>
    public IEnumerable<long> Online()
    {
        foreach (Person person in _people.Values)
        {
            if (person.Sessions > 0) yield return person.Id;
        }
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

        (person.Online, person.LastSeen) = (online, lastSeen);
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
        if (!_people.TryGetValue(id, out Person? person)) _people[id] = person = new Person(id);
        return person;
    }

    private void RemoveIfUnused(Person person)
    {
        if (person is { Sessions: 0, Online: false, Watchers.Count: 0 }) _people.Remove(person.Id);
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

        public bool Online { get; set; }

        public DateTimeOffset? LastSeen { get; set; }

        public long DepartureTicket { get; set; }

        public bool IsQueued { get; set; }

        public HashSet<ISubscriber> Watchers { get; } = [];
    }
}
