using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Presence;

/// <summary>
/// Knows who is online, here and as far as other nodes have said there, and tells those who watch them. A principal goes offline when
/// their last session has been gone for the grace period, so that a reconnect is not seen. Thread-safe; pushes leave outside of the gate, in
/// the order of the changes.
/// </summary>
public sealed class PresenceRegistry : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly PresenceTable _table = new();
    private readonly LastSeenWriter _lastSeen;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private ILocalPresence? _others;
    private bool _armed;
    private bool _armedForRetry;
    private bool _pushing;

    public PresenceRegistry(PrincipalStore principals, PresenceOptions options, TimeProvider time, ILogger<PresenceRegistry> log)
    {
        (_options, _time) = (options, time);
        _lastSeen = new LastSeenWriter(principals, log);
        _timer = time.CreateTimer(static state => ((PresenceRegistry)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The newest run of storing last-seen times, for tests.</summary>
    internal Task<bool> Saving => _lastSeen.Saving;

    /// <summary>Principals held in memory, watched ones included, for tests.</summary>
    internal int PeopleCount
    {
        get
        {
            lock (_gate) return _table.PeopleCount;
        }
    }

    /// <summary>Names who tells other nodes of those who come and go here. Before the first session; a node that is alone has none.</summary>
    internal void Attach(ILocalPresence others) => _others = others;

    /// <summary>A session came online. Call once it is signed in, before it can ask for anything.</summary>
    public void Online(ISubscriber session)
    {
        lock (_gate)
        {
            if (_table.Enter(session)) _others?.OnCame(session.PrincipalId);
        }

        PushChanges();
    }

    /// <summary>A session ended. Its watches end at once, its principal after the grace. Calling twice, or for one that never entered, is fine.</summary>
    public void Offline(ISubscriber session)
    {
        lock (_gate)
        {
            if (_table.Leave(session.SessionId, _time.GetTimestamp(), _time.GetUtcNow())) Arm();
        }
    }

    /// <summary>True from the first session to the end of the grace, on any node.</summary>
    public bool IsOnline(long principalId)
    {
        lock (_gate) return _table.Read(principalId).Online;
    }

    /// <summary>Replaces whom a session watches. The caller has checked that it may.</summary>
    internal void Watch(ISubscriber session, IReadOnlyList<long> principalIds)
    {
        lock (_gate) _table.Watch(session.SessionId, principalIds);
    }

    /// <summary>The principals whose sessions here watch this one.</summary>
    internal List<long> WatchersOf(long principalId)
    {
        lock (_gate) return _table.WatchersOf(principalId);
    }

    /// <summary>Ends the watches of all but these, and tells those who lose theirs that the principal is offline, and nothing else.</summary>
    internal void KeepWatchers(long principalId, HashSet<long> viewers)
    {
        List<ISubscriber> dropped;
        lock (_gate) dropped = _table.KeepWatchers(principalId, viewers);
        if (dropped.Count == 0) return;

        byte[] frame = FrameEncoder.EncodeWebSocket(new PresencePush(principalId, false, null));
        foreach (ISubscriber watcher in dropped) watcher.TryPush(frame, ephemeral: true);
    }

    /// <summary>The present state; <paramref name="storedLastSeenMs"/> is what storage knew, and may be older than what is known here.</summary>
    internal WirePresence Read(long principalId, long? storedLastSeenMs)
    {
        (bool online, DateTimeOffset? lastSeen) state;
        lock (_gate) state = _table.Read(principalId);
        if (state.online) return new WirePresence(principalId, true);

        DateTimeOffset? newest = state.lastSeen ?? _lastSeen.Find(principalId);
        return new WirePresence(principalId, false, newest?.ToUnixTimeMilliseconds() ?? storedLastSeenMs);
    }

    /// <summary>Everybody who is online by this node; <paramref name="atThatMoment"/> runs before anybody else comes or goes.</summary>
    internal List<long> ReadHere(Action atThatMoment)
    {
        lock (_gate)
        {
            atThatMoment();
            return _table.Here();
        }
    }

    /// <summary>Takes what another node says of those who came and went there.</summary>
    internal void ApplyRemote(NodeIdentity node, IReadOnlyList<PresenceChange> changes)
    {
        lock (_gate)
        {
            foreach (PresenceChange change in changes) _table.SetRemote(node, change.PrincipalId, change.Online, change.At);
        }

        PushChanges();
    }

    /// <summary>Takes the whole list of another node; an empty one forgets the node.</summary>
    /// <param name="storeLastSeen">True to store that those who are now offline everywhere were last seen now: their node could not.</param>
    internal void ReplaceRemote(NodeIdentity node, HashSet<long> principalIds, bool storeLastSeen)
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_gate)
        {
            foreach ((long id, bool online) in _table.RemoteDifferences(node, principalIds))
            {
                if (_table.SetRemote(node, id, online, now) && storeLastSeen) _lastSeen.Offer(id, now);
            }

            if (principalIds.Count == 0) _table.ForgetRemote(node);
        }

        PushChanges();
        if (storeLastSeen) _ = SaveAsync();
    }

    /// <summary>Stores when everybody who is still here was last seen, and stops the timer. For the end of the process.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            foreach (long principalId in _table.Online()) OfferLastSeen(principalId, now);
            while (_table.OldestDeparture is not null) Depart();
        }

        await _lastSeen.Saving; // a run that started before the last offers
        await _lastSeen.SaveAsync();
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            (_armed, _armedForRetry) = (false, false);
            while (_table.OldestDeparture is { } left && _time.GetElapsedTime(left) >= _options.OfflineGrace)
            {
                Depart();
            }

            Arm();
        }

        PushChanges();
        _ = SaveAsync();
    }

    /// <summary>Takes the oldest departure. The caller holds the gate.</summary>
    private void Depart()
    {
        if (!_table.TryDepart(out long principalId, out DateTimeOffset at)) return;
        OfferLastSeen(principalId, at);
        _others?.OnWent(principalId, at);
    }

    /// <summary>Whoever is online on another node has not been seen last; that node will say when.</summary>
    private void OfferLastSeen(long principalId, DateTimeOffset at)
    {
        if (!_table.IsOnlineElsewhere(principalId)) _lastSeen.Offer(principalId, at);
    }

    private async Task SaveAsync()
    {
        if (await _lastSeen.SaveAsync()) return;

        lock (_gate)
        {
            if (_armed) return; // the next departure saves too

            _armedForRetry = true;
            Arm(_options.SaveRetry);
        }
    }

    /// <summary>Sets the timer for the oldest departure. The caller holds the gate.</summary>
    private void Arm()
    {
        bool armedForDeparture = _armed && !_armedForRetry;
        if (armedForDeparture || _table.OldestDeparture is not { } left) return;

        _armedForRetry = false;
        TimeSpan wait = _options.OfflineGrace - _time.GetElapsedTime(left);
        Arm(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    private void Arm(TimeSpan wait)
    {
        _armed = true;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tells watchers what changed. One thread at a time does it, so that the last push of a principal is the last state.</summary>
    private void PushChanges()
    {
        lock (_gate)
        {
            if (_pushing || !_table.HasChanges) return;
            _pushing = true;
        }

        try
        {
            while (TryTakeChange(out PresencePush push, out ISubscriber[] watchers))
            {
                byte[] frame = FrameEncoder.EncodeWebSocket(push);
                foreach (ISubscriber watcher in watchers) watcher.TryPush(frame, ephemeral: true);
            }
        }
        catch
        {
            lock (_gate) _pushing = false;
            throw;
        }
    }

    private bool TryTakeChange(out PresencePush push, out ISubscriber[] watchers)
    {
        lock (_gate)
        {
            if (!_table.HasChanges)
            {
                (_pushing, push, watchers) = (false, default, []);
                return false;
            }

            (long id, bool online, DateTimeOffset? lastSeen, watchers) = _table.TakeChange();
            push = new PresencePush(id, online, lastSeen?.ToUnixTimeMilliseconds());
            return true;
        }
    }
}
