using System.Collections.Concurrent;
using Chat.Domain.Wire;
using Chat.Protocol.Framing;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage;

namespace Chat.Domain.Fanout;

/// <summary>
/// Brings what is committed to the sessions of this node, in the order of each chat's log: encodes a push once, puts it into the
/// chat's ring and wakes the subscriptions. Membership events change the subscriptions at their place in that order (promise P9).
/// </summary>
/// <remarks>Thread-safe. <see cref="OnCommitted"/> runs on the batch writer's loop and must stay short.</remarks>
public sealed class ChatFanout(HoleRepairer repairer, TimeProvider time) : ICommittedEvents, IEphemeralFanout
{
    /// <summary>A hub without a push for this long goes back to a slim entry.</summary>
    public static readonly TimeSpan HubIdle = TimeSpan.FromSeconds(30);

    private readonly ChatTable _table = new();
    private readonly ConcurrentDictionary<long, SessionSubscriptions[]> _byPrincipal = new();

    /// <summary>Makes a session known before its memberships are read, so that no change in between is missed.</summary>
    public SessionSubscriptions Register(ISubscriber subscriber)
    {
        SessionSubscriptions session = new(subscriber);
        _byPrincipal.AddOrUpdate(subscriber.PrincipalId, static (_, added) => [added], static (_, present, added) => [.. present, added], session);
        return session;
    }

    /// <summary>
    /// Enters a session in the chats that it was found to be a member of. May be called again with a newer reading; ends with <see cref="SessionSubscriptions.Entered"/>.
    /// </summary>
    /// <param name="heads">Filled with each chat's head as known here, never below the seed's: what the welcome compares positions with.</param>
    public void Enter(SessionSubscriptions session, IReadOnlyList<Storage.Accounts.SessionMembership> seed, Dictionary<long, long> heads)
    {
        session.Reserve(seed.Count);
        foreach (Storage.Accounts.SessionMembership membership in seed)
        {
            ChatTable.Shard shard = _table.ShardOf(membership.ChatId);
            lock (shard.Gate)
            {
                if (session.TryAdd(membership.ChatId, fromSeed: true))
                    heads[membership.ChatId] = shard.Enter(session.Subscriber, membership.ChatId, membership.HeadSequence);
            }
        }
    }

    /// <summary>Takes a session out of everything it is in; the cost is its own number of chats.</summary>
    public void Remove(SessionSubscriptions session)
    {
        foreach (long chatId in session.RemoveAll())
        {
            ChatTable.Shard shard = _table.ShardOf(chatId);
            lock (shard.Gate) shard.Leave(session.Subscriber, chatId);
        }

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

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        long nowMs = NowMs();
        for (int i = 0; i < events.Count; i++) Apply(events[i], nowMs);
    }

    public void PublishEphemeral(long chatId, byte[] webSocketFrame, long exceptSessionId = 0)
    {
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate) shard.HubFor(chatId, 0)?.Publish(webSocketFrame, exceptSessionId, NowMs());
    }

    public bool IsMemberOnline(long chatId, long principalId)
    {
        if (!_byPrincipal.TryGetValue(principalId, out SessionSubscriptions[]? sessions)) return false;
        foreach (SessionSubscriptions session in sessions)
            if (session.Contains(chatId)) return true;
        return false;
    }

    /// <summary>Housekeeping, to be called every 10 seconds: silent hubs dissolve, old heads are forgotten.</summary>
    /// <returns>How many hubs are left.</returns>
    public int Sweep()
    {
        long nowMs = NowMs();
        int hubs = 0;
        foreach (ChatTable.Shard shard in _table.Shards)
        {
            lock (shard.Gate)
            {
                hubs += shard.DissolveIdle(nowMs, (long)HubIdle.TotalMilliseconds);
                shard.AgeHeads();
            }
        }

        return hubs;
    }

    private long NowMs() => (long)time.GetElapsedTime(0).TotalMilliseconds;

    private void Apply(EventRow row, long nowMs)
    {
        if (row.Kind == EventKinds.ChatAdded && row.SubjectId is { } added) EnterOwner(row, added);

        ChatTable.Shard shard = _table.ShardOf(row.ChatId);
        bool hole = false;
        lock (shard.Gate)
        {
            ChatHub? hub = shard.HubFor(row.ChatId, row.Sequence);
            hub ??= MoveMembers(shard, row);
            shard.NoteHead(row.ChatId, row.Sequence);
            if (hub is null) return;
            if (hub.Accept(row))
            {
                for (EventRow? next = row; next is not null; next = hub.TakeNext()) Publish(shard, hub, next, nowMs);
            }

            hole = hub.HasHole;
        }

        if (hole) repairer.Schedule(row.ChatId, this);
    }

    /// <summary>
    /// A membership event of a chat that nobody is entered in here: whoever joins is entered; whoever leaves may be signing in just
    /// now with a membership that was read before, and that is noted.
    /// </summary>
    /// <returns>The chat's hub, if somebody is in it now.</returns>
    private ChatHub? MoveMembers(ChatTable.Shard shard, EventRow row)
    {
        if (row.SubjectId is not { } subject) return null;
        if (row.Kind == EventKinds.MemberAdded) EnterJoiner(shard, row, subject);
        else if (row.Kind is EventKinds.MemberRemoved or EventKinds.MemberLeft) LeaveAll(shard, row.ChatId, subject);
        return shard.HubFor(row.ChatId, row.Sequence);
    }

    /// <summary>Takes the next event of a chat: who joins is entered in front of it, so it is the first one they get; who leaves gets it as the last.</summary>
    private void Publish(ChatTable.Shard shard, ChatHub hub, EventRow row, long nowMs)
    {
        if (row.Kind == EventKinds.MemberAdded && row.SubjectId is { } joiner) EnterJoiner(shard, row, joiner);
        hub.Publish(FrameEncoder.EncodeWebSocket(new EventPush(WireMapping.ToWire(row))), 0, nowMs);
        if (row.Kind is EventKinds.MemberRemoved or EventKinds.MemberLeft && row.SubjectId is { } leaver) LeaveAll(shard, row.ChatId, leaver);
    }

    private void EnterJoiner(ChatTable.Shard shard, EventRow row, long principalId)
    {
        if (!_byPrincipal.TryGetValue(principalId, out SessionSubscriptions[]? sessions)) return;
        foreach (SessionSubscriptions session in sessions)
            if (session.TryAdd(row.ChatId, fromSeed: false)) shard.Enter(session.Subscriber, row.ChatId, row.Sequence - 1);
    }

    /// <summary>
    /// The inbox says that its owner is in a chat now: for direct chats and new groups this comes before any of their events matters.
    /// Outside of the inbox's lock, because shards are never locked one inside the other; in front of the push that tells the client.
    /// </summary>
    private void EnterOwner(EventRow row, long chatId)
    {
        ISubscriber[] owners;
        ChatTable.Shard inboxShard = _table.ShardOf(row.ChatId);
        lock (inboxShard.Gate)
        {
            if (inboxShard.HubFor(row.ChatId, row.Sequence) is not { } inbox || row.Sequence <= inbox.Applied) return; // nobody here, or told again
            owners = inboxShard.SessionsOf(row.ChatId);
        }

        if (owners.Length == 0 || !_byPrincipal.TryGetValue(owners[0].PrincipalId, out SessionSubscriptions[]? sessions)) return;
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate)
        {
            foreach (SessionSubscriptions session in sessions)
                if (session.TryAdd(chatId, fromSeed: false)) shard.Enter(session.Subscriber, chatId, ChatTable.UnknownHead);
        }
    }

    private void LeaveAll(ChatTable.Shard shard, long chatId, long principalId)
    {
        if (!_byPrincipal.TryGetValue(principalId, out SessionSubscriptions[]? sessions)) return;
        foreach (SessionSubscriptions session in sessions)
        {
            session.Remove(chatId);
            shard.Leave(session.Subscriber, chatId);
        }
    }

    /// <summary>The hole of a chat that still stands, for the repairer.</summary>
    internal (long From, long To)? FindHole(long chatId)
    {
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate) return shard.TryGetHub(chatId, out ChatHub? hub) && hub!.HasHole ? hub.Hole : null;
    }
}
