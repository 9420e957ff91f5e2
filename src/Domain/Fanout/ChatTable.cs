using System.Runtime.InteropServices;

namespace Chat.Domain.Fanout;

/// <summary>
/// The node's table <i>chat → sessions</i>: one slim entry for a silent chat, a <see cref="ChatHub"/> only while the chat speaks
/// (architecture decision D6). Split in shards; a shard's lock covers its entries and their hubs.
/// </summary>
internal sealed class ChatTable
{
    /// <summary>Nobody said yet how far the chat's log goes.</summary>
    public const long UnknownHead = -1;

    private const int ShardCount = 256;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard())];

    public Shard ShardOf(long chatId) => _shards[(int)((ulong)chatId * 0x9E3779B97F4A7C15UL >> 56)];

    public ReadOnlySpan<Shard> Shards => _shards;

    /// <summary>One part of the table. Every member is to be used under <see cref="Gate"/>.</summary>
    internal sealed class Shard
    {
        private readonly Dictionary<long, Entry> _entries = [];
        private Dictionary<long, long> _recentHeads = [];
        private Dictionary<long, long> _olderHeads = [];

        public Lock Gate { get; } = new();

        /// <summary>Enters a session; nothing happens when it is in already.</summary>
        /// <param name="seedHead">Head of the chat as the session's memberships were read, or <see cref="UnknownHead"/>.</param>
        /// <returns>The chat's head as known here: at least <paramref name="seedHead"/>.</returns>
        /// <remarks>
        /// The head that is answered is for this session's welcome alone. What the entry itself remembers is how far events were
        /// applied <i>here</i>: raising it for a newcomer would make an event that is still on its way count as known, and nobody would get it.
        /// </remarks>
        public long Enter(ISubscriber subscriber, long chatId, long seedHead)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, chatId, out bool exists);
            long head = Math.Max(seedHead, RecentHead(chatId));
            if (!exists) entry.Head = head;
            if (entry.Hub is { } hub)
            {
                hub.Add(subscriber);
                return Math.Max(head, hub.Applied);
            }

            entry.Sessions.Add(subscriber);
            return Math.Max(head, entry.Head);
        }

        public void Leave(ISubscriber subscriber, long chatId)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, chatId);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry)) return;
            bool empty;
            if (entry.Hub is { } hub)
            {
                hub.Remove(subscriber.SessionId);
                empty = hub.Count == 0;
            }
            else
            {
                entry.Sessions.Remove(subscriber);
                empty = entry.Sessions.Count == 0;
            }

            if (empty) _entries.Remove(chatId); // the last one out takes the entry along
        }

        /// <summary>The hub of a chat that has sessions here, made if it was silent; null when nobody is here.</summary>
        /// <param name="sequence">The event that makes it speak, or 0 for an ephemeral push.</param>
        public ChatHub? HubFor(long chatId, long sequence)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, chatId);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry)) return null;
            if (entry.Hub is { } existing) return existing;

            long applied = entry.Head != UnknownHead || sequence == 0 ? entry.Head : sequence - 1;
            ChatHub hub = new(chatId, applied);
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

        /// <summary>The sessions of a chat, copied.</summary>
        public ISubscriber[] SessionsOf(long chatId)
        {
            if (!_entries.TryGetValue(chatId, out Entry entry)) return [];
            return entry.Hub is { } hub ? hub.Subscribers() : entry.Sessions.AsSpan().ToArray();
        }

        /// <summary>Remembers the head of a chat for a while, for sessions that are just reading theirs from the database.</summary>
        public void NoteHead(long chatId, long sequence)
        {
            ref long head = ref CollectionsMarshal.GetValueRefOrAddDefault(_recentHeads, chatId, out _);
            if (sequence > head) head = sequence;
        }

        /// <summary>Forgets heads noted before the previous call; called every 10 seconds, longer than a hello may take.</summary>
        public void AgeHeads()
        {
            (_recentHeads, _olderHeads) = (_olderHeads, _recentHeads);
            _recentHeads.Clear();
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
            }

            return left;
        }

        private long RecentHead(long chatId)
        {
            long recent = _recentHeads.GetValueOrDefault(chatId, UnknownHead);
            return Math.Max(recent, _olderHeads.GetValueOrDefault(chatId, UnknownHead));
        }
    }

    private struct Entry
    {
        public SubscriberSet Sessions;
        public ChatHub? Hub;
        public long Head;
    }
}
