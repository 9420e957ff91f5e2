using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chat.Storage.Chats;

namespace Chat.Domain.Fanout;

/// <summary>
/// The node's table <i>chat → sessions</i>: one slim entry for a silent chat, a <see cref="ChatHub"/> only while the chat speaks
/// (architecture decision D6). Split in shards; a shard's lock covers its entries and their hubs.
/// </summary>
internal sealed class ChatTable
{
    private const int ShardCount = 256;

    private readonly Shard[] _shards;

    public ChatTable()
    {
        EarlyEventBudget budget = new();
        _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard(budget))];
    }

    public Shard ShardOf(long chatId) => _shards[(int)((ulong)chatId * 0x9E3779B97F4A7C15UL >> 56)];

    public ReadOnlySpan<Shard> Shards => _shards;

    /// <summary>One part of the table. Every member is to be used under <see cref="Gate"/>.</summary>
    internal sealed class Shard(EarlyEventBudget budget)
    {
        private readonly Dictionary<long, Entry> _entries = [];
        private Dictionary<long, RecentHead> _recentHeads = [];
        private Dictionary<long, RecentHead> _olderHeads = [];

        public Lock Gate { get; } = new();

        /// <summary>Whether someone whose membership was read may be entered now.</summary>
        /// <param name="readHead">The chat's head when the membership was read.</param>
        /// <param name="joinedAt">The event from which on the chat is theirs to see.</param>
        public Admission Judge(long chatId, long readHead, long joinedAt)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, chatId);
            if (Unsafe.IsNullRef(ref entry)) return Admission.Now;
            if (readHead < (entry.Hub?.Base ?? entry.Head)) return Admission.ReadAgain;
            return (entry.Hub?.Applied ?? entry.Head) < joinedAt - 1 ? Admission.AtTheJoining : Admission.Now;
        }

        /// <summary>Enters a session; nothing happens when it is in already.</summary>
        /// <param name="startAt">What has to be applied here begins after this, if nobody is in the chat yet. Not above the head that the session's membership was read at.</param>
        /// <returns>How far the log is applied here: what comes after it, the session gets.</returns>
        /// <remarks>
        /// An entry that is there already is never raised for a newcomer: an event that is still on its way would count as known, and nobody
        /// would get it, or would leave by it (promise P9).
        /// </remarks>
        public long Enter(ISubscriber subscriber, long chatId, long startAt)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, chatId, out bool exists);
            if (!exists) entry.Head = startAt;
            if (entry.Hub is { } hub)
            {
                hub.Add(subscriber);
                return hub.Applied;
            }

            entry.Sessions.Add(subscriber);
            return entry.Head;
        }

        public void Leave(ISubscriber subscriber, long chatId)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, chatId);
            if (Unsafe.IsNullRef(ref entry)) return;
            if (entry.Hub is { } hub) hub.Remove(subscriber.SessionId);
            else entry.Sessions.Remove(subscriber);
            RemoveIfUnused(chatId);
        }

        /// <summary>The last one out takes the entry along, unless events are awaited in it: one of them may let somebody in.</summary>
        public void RemoveIfUnused(long chatId)
        {
            if (_entries.TryGetValue(chatId, out Entry entry) && (entry.Hub is { } hub ? hub.Count == 0 && !hub.HasHole : entry.Sessions.Count == 0))
                _entries.Remove(chatId);
        }

        /// <summary>The hub of a chat that has sessions here, made if it was silent; null when nobody is here.</summary>
        public ChatHub? HubFor(long chatId)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, chatId);
            if (Unsafe.IsNullRef(ref entry)) return null;
            if (entry.Hub is { } existing) return existing;

            ChatHub hub = new(chatId, entry.Head, budget);
            foreach (ISubscriber subscriber in entry.Sessions.AsSpan()) hub.Add(subscriber);
            entry.Hub = hub;
            entry.Sessions = default;
            return hub;
        }

        public bool TryGetHub(long chatId, out ChatHub? hub)
        {
            hub = _entries.TryGetValue(chatId, out Entry entry) ? entry.Hub : null;
            return hub is not null;
        }

        /// <summary>How far the log is applied here; null when nobody is here.</summary>
        public long? FindApplied(long chatId) => _entries.TryGetValue(chatId, out Entry entry) ? entry.Hub?.Applied ?? entry.Head : null;

        /// <summary>Notes that the log goes at least so far.</summary>
        /// <returns>True when that is further than it was applied here, and somebody waits for it.</returns>
        public bool MustReach(long chatId, long sequence)
        {
            if (FindApplied(chatId) is not { } applied || sequence <= applied) return false;
            HubFor(chatId)!.MustReach(sequence);
            return true;
        }

        /// <summary>The sessions of a chat, copied.</summary>
        public ISubscriber[] SessionsOf(long chatId)
        {
            if (!_entries.TryGetValue(chatId, out Entry entry)) return [];
            return entry.Hub is { } hub ? hub.Subscribers() : entry.Sessions.AsSpan().ToArray();
        }

        /// <summary>Remembers the head of a chat for a while, for sessions that are just reading theirs from the database.</summary>
        /// <param name="committedHere">This node committed it; otherwise it is another's word.</param>
        public void NoteHead(long chatId, long sequence, bool committedHere)
        {
            ref RecentHead head = ref CollectionsMarshal.GetValueRefOrAddDefault(_recentHeads, chatId, out _);
            if (sequence > head.Heard) head.Heard = sequence;
            if (committedHere && sequence > head.Committed) head.Committed = sequence;
        }

        /// <summary>What was noted of a chat's head lately; zeros for nothing.</summary>
        public RecentHead RecentHeadOf(long chatId)
        {
            RecentHead recent = _recentHeads.GetValueOrDefault(chatId), older = _olderHeads.GetValueOrDefault(chatId);
            return new RecentHead { Heard = Math.Max(recent.Heard, older.Heard), Committed = Math.Max(recent.Committed, older.Committed) };
        }

        /// <summary>Forgets heads noted before the previous call; called every 10 seconds, longer than a hello may take.</summary>
        public void AgeHeads()
        {
            (_recentHeads, _olderHeads) = (_olderHeads, _recentHeads);
            _recentHeads.Clear();
        }

        /// <summary>Adds each chat that somebody is in, and how far it is applied here.</summary>
        public void CopyApplied(List<ChatHead> to)
        {
            foreach ((long chatId, Entry entry) in _entries) to.Add(new ChatHead(chatId, entry.Hub?.Applied ?? entry.Head));
        }

        /// <summary>Turns hubs that have been silent back into slim entries.</summary>
        /// <returns>How many hubs are left.</returns>
        public int DissolveIdle(long nowMs, long idleMs)
        {
            int left = 0;
            List<long>? idle = null;
            foreach ((long chatId, Entry entry) in _entries)
            {
                if (entry.Hub is not { } hub) continue;
                hub.ReleaseRead(nowMs);
                if (hub.IsIdle(nowMs, idleMs)) (idle ??= []).Add(chatId);
                else left++;
            }

            if (idle is null) return left;
            foreach (long chatId in idle)
            {
                ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, chatId);
                foreach (ISubscriber subscriber in entry.Hub!.Subscribers()) entry.Sessions.Add(subscriber);
                entry.Head = entry.Hub.Applied;
                entry.Hub = null;
                RemoveIfUnused(chatId);
            }

            return left;
        }
    }

    /// <summary>What is known of a chat's head from what went by.</summary>
    internal struct RecentHead
    {
        /// <summary>The highest sequence that anybody told of. Perhaps wrong: a reason to look, no more.</summary>
        public long Heard;

        /// <summary>The highest sequence that this node committed.</summary>
        public long Committed;
    }

    private struct Entry
    {
        public SubscriberSet Sessions;
        public ChatHub? Hub;
        public long Head;
    }
}

/// <summary>Whether a session may be entered in a chat by a membership that was read.</summary>
internal enum Admission : byte
{
    Now,

    /// <summary>The log is applied here only up to somewhere before the joining: the joining itself lets the session in, at its place.</summary>
    AtTheJoining,

    /// <summary>The membership was read before something that was never applied here: it may be over.</summary>
    ReadAgain,
}
