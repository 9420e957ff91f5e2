using Chat.Domain.Cluster;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;

namespace Chat.Domain.Fanout;

/// <summary>
/// Brings what is committed, here or on another node, to the sessions of this node, in the order of each chat's log: encodes a push once, puts
/// it into the chat's ring and wakes the subscriptions. Membership events change the subscriptions at their place in that order (promise P9).
/// </summary>
/// <remarks>
/// Thread-safe. <see cref="OnCommitted"/> runs on the batch writer's loop and must stay short. What other nodes tell is a hint: it is applied
/// only where it continues the log, and what is missing is read from the database (ADR 0015).
/// </remarks>
public sealed class ChatFanout(HoleRepairer repairer, CommitsInDoubt doubts, TimeProvider time, ChatRelay? relay = null)
    : ICommittedEvents, IEphemeralFanout, IDirectedFanout
{
    /// <summary>A hub without a push for this long goes back to a slim entry.</summary>
    public static readonly TimeSpan HubIdle = TimeSpan.FromSeconds(30);

    /// <summary>
    /// In place of the joining of a channel's reader: there is no event in front of which they could be entered, so they are at once.
    /// </summary>
    private const long FromTheStart = 1;

    private readonly ChatTable _table = new();
    private readonly PrincipalSessions _sessions = new();

    /// <summary>How long events of other nodes take to come here.</summary>
    internal TimeSpan BrokerDelay => relay?.Delay ?? TimeSpan.Zero;

    /// <summary>Makes a session known before its memberships are read, so that no change in between is missed.</summary>
    public SessionSubscriptions Register(ISubscriber subscriber)
    {
        SessionSubscriptions session = new(subscriber);
        _sessions.Add(session);
        return session;
    }

    /// <summary>
    /// Enters a session in the chats that it was found to be a member of. May be called again with a newer reading; ends with <see cref="SessionSubscriptions.Entered"/>.
    /// </summary>
    /// <param name="heads">Filled with each chat's head as known here, never below the seed's: what the welcome compares positions with.</param>
    /// <returns>
    /// False when a membership is over, or may be because it was read before something that was never applied here. Read again: the head
    /// that was read with it is older than the departure, which nobody pushes to a session that is not entered.
    /// </returns>
    public bool Enter(SessionSubscriptions session, IReadOnlyList<SessionMembership> seed, Dictionary<long, long> heads)
    {
        bool isCurrent = true;
        session.Reserve(seed.Count);
        foreach (SessionMembership membership in seed)
        {
            long chatId = membership.ChatId, head = membership.HeadSequence;
            bool isBehind = false;
            ChatTable.Shard shard = _table.ShardOf(chatId);
            lock (shard.Gate)
            {
                bool isSilent = membership.Kind == ChatKinds.Channel;
                switch (shard.Judge(chatId, head, isSilent ? FromTheStart : membership.JoinedAtSequence))
                {
                    case Admission.ReadAgain:
                        isCurrent = false;
                        break;
                    case Admission.AtTheJoining:
                        heads[chatId] = head;
                        isBehind = shard.MustReach(chatId, head);
                        break;
                    case Admission.Now when !session.TryAdd(chatId, membership.JoinedAtSequence):
                        isCurrent &= session.IsGone;
                        break;
                    case Admission.Now:
                        long applied = shard.Enter(session.Subscriber, chatId, head);
                        if (isSilent && applied < membership.JoinedAtSequence - 1) session.JoinedLater(chatId, membership.JoinedAtSequence);
                        ChatTable.RecentHead recent = shard.RecentHeadOf(chatId);
                        heads[chatId] = Math.Max(head, Math.Max(applied, recent.Committed));
                        if (Math.Max(head, recent.Heard) > applied) isBehind = shard.MustReach(chatId, Math.Max(head, recent.Heard));
                        break;
                }
            }

            if (isBehind) repairer.Schedule(chatId, this);
        }

        return isCurrent;
    }

    /// <summary>Takes a session out of everything it is in; the cost is its own number of chats.</summary>
    public void Remove(SessionSubscriptions session)
    {
        foreach (long chatId in session.RemoveAll())
        {
            ChatTable.Shard shard = _table.ShardOf(chatId);
            lock (shard.Gate) shard.Leave(session.Subscriber, chatId);
        }

        _sessions.Remove(session);
    }

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        long nowMs = NowMs();
        if (relay is null || relay.IsAlone)
        {
            for (int i = 0; i < events.Count; i++) ApplyCommitted(events, new SequencedPush(events[i]), nowMs);
            return;
        }

        SequencedPush[] pushes = relay.Encode(events);
        foreach (ref readonly SequencedPush push in pushes.AsSpan()) ApplyCommitted(events, push, nowMs);
        relay.Publish(pushes);
    }

    public void OnInDoubt(IReadOnlyCollection<long> chatIds) => doubts.Note(chatIds, this);

    public void PublishEphemeral(long chatId, byte[] webSocketFrame, long exceptSessionId = 0)
    {
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate) shard.HubFor(chatId)?.Publish(webSocketFrame, exceptSessionId, NowMs());
        if (relay is { IsAlone: false }) relay.PublishEphemeral(chatId, webSocketFrame);
    }

    public void PublishHere(long chatId, Func<long, byte[]> encode)
    {
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate)
        {
            if (shard.HubFor(chatId) is { } hub) hub.Publish(encode(chatId), 0, NowMs());
        }
    }

    public void PublishTo(long principalId, long deviceId, byte[] webSocketFrame)
    {
        PushTo(principalId, deviceId, webSocketFrame);
        if (relay is { IsAlone: false }) relay.PublishDirected(principalId, deviceId, webSocketFrame);
    }

    public bool IsMemberOnline(long chatId, long principalId)
    {
        foreach (SessionSubscriptions session in _sessions.Of(principalId))
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

    /// <summary>Takes an event that another node published, or that was read from the database.</summary>
    internal void Apply(in SequencedPush push, EventSource source) => Apply(push, source, NowMs());

    /// <summary>Passes on what another node sent to a chat without a sequence. Bytes are copied only if somebody is here.</summary>
    internal void PublishRelayed(long chatId, ReadOnlyMemory<byte> webSocketFrame)
    {
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate) shard.HubFor(chatId)?.Publish(webSocketFrame.ToArray(), 0, NowMs());
    }

    /// <summary>Passes on what is for one device, if it is connected here. A connection that is behind does not get it.</summary>
    internal void PushTo(long principalId, long deviceId, ReadOnlyMemory<byte> webSocketFrame)
    {
        foreach (SessionSubscriptions session in _sessions.Of(principalId))
            if (session.Subscriber.DeviceId == deviceId) session.Subscriber.TryPush(webSocketFrame, ephemeral: true);
    }

    /// <summary>Hears that a chat's log goes this far; if that is further than it is applied here and somebody waits for it, it is repaired.</summary>
    /// <param name="atOnce">The head was read from the database: nothing that is on its way is waited for.</param>
    internal void Reach(long chatId, long head, bool atOnce)
    {
        bool isBehind;
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate) isBehind = shard.MustReach(chatId, head);
        if (isBehind) repairer.Schedule(chatId, this, atOnce);
    }

    /// <summary>
    /// The database says how far a chat goes whose commit by this node was in doubt: what is new is read here, and announced to the others.
    /// </summary>
    internal void Settle(long chatId, long head)
    {
        Reach(chatId, head, atOnce: true);
        if (relay is { IsAlone: false }) relay.NoteHead(chatId, head);
    }

    /// <summary>This node ends without knowing how far chats go that it wrote: the others are to miss it.</summary>
    internal void OweHeads() => relay?.OweHeads();

    /// <summary>Every chat that somebody is in here, and how far it is applied.</summary>
    internal List<ChatHead> Watched()
    {
        List<ChatHead> watched = [];
        foreach (ChatTable.Shard shard in _table.Shards)
        {
            lock (shard.Gate) shard.CopyApplied(watched);
        }

        return watched;
    }

    /// <summary>The hole of a chat that still stands, for the repairer.</summary>
    internal LogHole? FindHole(long chatId)
    {
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate) return shard.TryGetHub(chatId, out ChatHub? hub) && hub!.HasHole ? hub.Hole : null;
    }

    /// <summary>The database says that the log ends here: whoever claimed more is no longer believed.</summary>
    internal void LogEndsAt(long chatId, long head)
    {
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate)
        {
            if (shard.TryGetHub(chatId, out ChatHub? hub)) hub!.LogEndsAt(head);
            shard.RemoveIfUnused(chatId);
        }
    }

    /// <summary>The registered sessions of whoever an inbox belongs to; empty when nobody is in it.</summary>
    internal SessionSubscriptions[] OwnersOf(long inboxChatId)
    {
        ISubscriber[] present;
        ChatTable.Shard shard = _table.ShardOf(inboxChatId);
        lock (shard.Gate) present = shard.SessionsOf(inboxChatId);
        return present.Length == 0 ? [] : _sessions.Of(present[0].PrincipalId);
    }

    /// <summary>Enters sessions of one principal in a chat, by a membership that was read while they were <see cref="SessionSubscriptions.BeginEntering">entering</see>.</summary>
    /// <returns>False when it must be read again.</returns>
    internal bool EnterJoined(SessionSubscriptions[] sessions, JoinedChat joined)
    {
        List<ISubscriber> late = [];
        bool isBehind;
        long applied = 0;
        ChatTable.Shard shard = _table.ShardOf(joined.ChatId);
        lock (shard.Gate)
        {
            Admission admission = shard.Judge(joined.ChatId, joined.HeadSequence, joined.IsSilent ? FromTheStart : joined.JoinedAtSequence);
            if (admission == Admission.ReadAgain) return false;
            foreach (SessionSubscriptions session in sessions)
            {
                if (admission != Admission.Now) continue;
                if (joined.IsSilent && shard.FindApplied(joined.ChatId) < joined.JoinedAtSequence - 1)
                    session.JoinedLater(joined.ChatId, joined.JoinedAtSequence);
                if (session.Contains(joined.ChatId) || !session.TryAdd(joined.ChatId, joined.JoinedAtSequence, joined.IsSilent)) continue;
                long startAt = joined.IsSilent ? joined.HeadSequence : joined.JoinedAtSequence - 1;
                applied = shard.Enter(session.Subscriber, joined.ChatId, startAt);
                if (!joined.IsSilent && applied >= joined.JoinedAtSequence) late.Add(session.Subscriber);
            }

            isBehind = shard.MustReach(joined.ChatId, Math.Max(joined.HeadSequence, shard.RecentHeadOf(joined.ChatId).Heard));
        }

        if (isBehind) repairer.Schedule(joined.ChatId, this, atOnce: true);
        foreach (ISubscriber subscriber in late) subscriber.TryPush(GapFrame(joined.ChatId, applied), ephemeral: false);
        return true;
    }

    /// <summary>Takes the sessions of one principal out of a channel that it left, which no event of the channel's log says.</summary>
    internal void LeaveSilently(SessionSubscriptions[] sessions, long chatId, long leftAt)
    {
        ChatTable.Shard shard = _table.ShardOf(chatId);
        lock (shard.Gate)
        {
            foreach (SessionSubscriptions session in sessions)
            {
                if (session.Remove(chatId, leftAt, isSilent: true)) shard.Leave(session.Subscriber, chatId);
            }
        }
    }

    private static byte[] GapFrame(long chatId, long head) =>
        Protocol.Framing.FrameEncoder.EncodeWebSocket(new Protocol.Frames.Pushes.GapPush(chatId, head));

    private long NowMs() => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <param name="transaction">All that was committed together with the event.</param>
    private void ApplyCommitted(IReadOnlyList<EventRow> transaction, in SequencedPush push, long nowMs)
    {
        bool isKnown = push.Kind switch
        {
            EventKinds.ChatAdded => TryEnterOwner(transaction, push),
            EventKinds.ChatRemoved => !push.IsSilentDeparture || !IsAwaited(push),
            _ => true,
        };
        if (isKnown) Apply(push, EventSource.Committed, nowMs);
        else Reach(push.ChatId, push.Sequence, atOnce: true);
    }

    private void Apply(in SequencedPush push, EventSource source, long nowMs)
    {
        // Who may see a chat is not taken from a publication: the inbox's entry is read, and the membership with it.
        bool isToRead = source == EventSource.Relayed && push.Kind is EventKinds.ChatAdded or EventKinds.ChatRemoved;
        ChatTable.Shard shard = _table.ShardOf(push.ChatId);
        bool hasHole, hadHole;
        lock (shard.Gate)
        {
            ChatHub? hub = shard.HubFor(push.ChatId) ?? MoveMembers(shard, push, source);
            shard.NoteHead(push.ChatId, push.Sequence, source == EventSource.Committed);
            if (hub is null) return;

            hadHole = hub.HasHole;
            if (isToRead) hub.MustReach(push.Sequence);
            else Accept(shard, hub, push, source, nowMs);
            hasHole = hub.HasHole;
            if (hub.Count == 0) shard.RemoveIfUnused(push.ChatId);
        }

        if (!hasHole) return;
        if (!hadHole) FanoutMetrics.GapsDetected.Add(1);
        repairer.Schedule(push.ChatId, this, atOnce: isToRead);
    }

    private void Accept(ChatTable.Shard shard, ChatHub hub, in SequencedPush push, EventSource source, long nowMs)
    {
        Acceptance acceptance = hub.Accept(push);
        if (acceptance == Acceptance.Known && source == EventSource.Relayed) FanoutMetrics.RelayDuplicates.Add(1);
        if (acceptance != Acceptance.Next) return;

        Publish(shard, hub, push, nowMs);
        while (hub.TryTakeNext(out SequencedPush next)) Publish(shard, hub, next, nowMs);
    }

    /// <summary>Takes the next event of a chat: who joins is entered in front of it, so it is the first one they get; who leaves gets it as the last.</summary>
    private void Publish(ChatTable.Shard shard, ChatHub hub, in SequencedPush push, long nowMs)
    {
        if (push.IsJoin) EnterJoiner(shard, push);
        if (hub.Count > 0) hub.Publish(push.ToFrame(), 0, nowMs);
        if (push.IsDeparture) LeaveAll(shard, push);
        if (push.IsEnd) LeaveEverybody(shard, hub, push);
    }

    /// <summary>
    /// A membership event of a chat that nobody is entered in here. Whoever joins by an event that this node committed is entered, unless
    /// more was heard of the chat since: then, and always when another node tells of it, the inbox lets them in. Whoever leaves may be
    /// signing in just now with a membership that was read before, and that is noted.
    /// </summary>
    /// <returns>The chat's hub, if somebody is in it now.</returns>
    private ChatHub? MoveMembers(ChatTable.Shard shard, in SequencedPush push, EventSource source)
    {
        if (push.IsDeparture) LeaveAll(shard, push);
        if (!push.IsJoin || source != EventSource.Committed || shard.RecentHeadOf(push.ChatId).Heard >= push.Sequence) return null;
        EnterJoiner(shard, push);
        return shard.HubFor(push.ChatId);
    }

    private void EnterJoiner(ChatTable.Shard shard, in SequencedPush push)
    {
        foreach (SessionSubscriptions session in _sessions.Of(push.SubjectId))
            if (session.TryAdd(push.ChatId, joinedAt: push.Sequence)) shard.Enter(session.Subscriber, push.ChatId, push.Sequence - 1);
    }

    private void LeaveAll(ChatTable.Shard shard, in SequencedPush push)
    {
        foreach (SessionSubscriptions session in _sessions.Of(push.SubjectId))
        {
            if (session.Remove(push.ChatId, leftAt: push.Sequence)) shard.Leave(session.Subscriber, push.ChatId);
        }
    }

    /// <summary>
    /// The chat is deleted. Who is signing in just now with a membership that was read before is entered behind it, and leaves when the event,
    /// which is above the head that was read, is read for them.
    /// </summary>
    private void LeaveEverybody(ChatTable.Shard shard, ChatHub hub, in SequencedPush push)
    {
        foreach (ISubscriber subscriber in hub.Subscribers()) // of one with two sessions the second finds nothing left to do
        {
            foreach (SessionSubscriptions session in _sessions.Of(subscriber.PrincipalId))
                if (session.Remove(push.ChatId, leftAt: push.Sequence)) shard.Leave(session.Subscriber, push.ChatId);
        }
    }

    /// <summary>False: nobody is here, or it is told again.</summary>
    private bool IsAwaited(in SequencedPush push)
    {
        ChatTable.Shard shard = _table.ShardOf(push.ChatId);
        lock (shard.Gate) return shard.FindApplied(push.ChatId) is { } taken && push.Sequence > taken;
    }

    /// <summary>
    /// The inbox says that its owner is in a chat now: for direct chats and new groups this comes before any of their events matters.
    /// Outside of the inbox's lock, because shards are never locked one inside the other; in front of the push that tells the client.
    /// </summary>
    /// <returns>False when the transaction alone does not tell enough: then the inbox's event is read, and the membership with it.</returns>
    private bool TryEnterOwner(IReadOnlyList<EventRow> transaction, in SequencedPush push)
    {
        if (!IsAwaited(push)) return true;

        SessionSubscriptions[] owners = OwnersOf(push.ChatId);
        if (owners.Length == 0) return true;
        if (!Joinings.TryFind(transaction, push.SubjectId, owners[0].Subscriber.PrincipalId, out JoinedChat joined)) return false;

        ChatTable.Shard shard = _table.ShardOf(joined.ChatId);
        lock (shard.Gate)
        {
            // Beyond the transaction there may be its undoing, and it may be applied here already.
            if (shard.FindApplied(joined.ChatId) > joined.HeadSequence) return false;
            if (shard.Judge(joined.ChatId, joined.HeadSequence, joined.JoinedAtSequence) != Admission.Now) return true;
            foreach (SessionSubscriptions session in owners)
                if (session.TryAdd(joined.ChatId, joined.JoinedAtSequence)) shard.Enter(session.Subscriber, joined.ChatId, joined.HeadSequence);
            if (!shard.MustReach(joined.ChatId, shard.RecentHeadOf(joined.ChatId).Heard)) return true;
        }

        repairer.Schedule(joined.ChatId, this);
        return true;
    }
}
