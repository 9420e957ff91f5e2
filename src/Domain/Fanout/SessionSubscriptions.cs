using System.Runtime.InteropServices;

namespace Chat.Domain.Fanout;

/// <summary>Which chats one session is entered in, so that leaving walks only its own entries.</summary>
/// <remarks>
/// A session is registered before its memberships are read. Who leaves in between is written down here and heeded on entering:
/// without that, someone removed in that moment would stay subscribed (promise P9). The same holds for a single membership that is read
/// later, between <see cref="BeginEntering"/> and <see cref="Entered"/>.
/// Lock order: a shard's lock first, then this one; never the other way round.
/// </remarks>
public sealed class SessionSubscriptions
{
    private readonly Lock _gate = new();
    private long[] _chats = []; // ascending: eight bytes a chat, where a set would take five times as many
    private int _count;
    private Dictionary<long, Departure>? _departures = [];
    private Dictionary<long, long>? _laterJoinings;
    private int _entering = 1;
    private bool _removed;

    internal SessionSubscriptions(ISubscriber subscriber) => Subscriber = subscriber;

    public ISubscriber Subscriber { get; }

    /// <summary>The session has ended: it enters nothing any more.</summary>
    internal bool IsGone
    {
        get
        {
            lock (_gate) return _removed;
        }
    }

    /// <summary>Makes room for this many chats at once.</summary>
    internal void Reserve(int chats)
    {
        lock (_gate)
        {
            if (_chats.Length < chats) Array.Resize(ref _chats, chats);
        }
    }

    /// <summary>Notes a chat. False when the session is gone, or the membership has ended since it was read.</summary>
    /// <param name="joinedAt">The event with which the membership began.</param>
    /// <param name="isToldByInbox">
    /// It is a channel's, and the inbox says that it began: what the inbox said before, that an earlier one is over, says nothing of this one,
    /// though both may begin at the same place.
    /// </param>
    internal bool TryAdd(long chatId, long joinedAt, bool isToldByInbox = false)
    {
        lock (_gate)
        {
            if (_removed) return false;
            if (Find(chatId) >= 0) return true;
            if (_departures is not null && _departures.TryGetValue(chatId, out Departure departure)
                && (joinedAt < departure.LeftAt || (joinedAt == departure.LeftAt && !(isToldByInbox && departure.IsSilent)))) return false;
            Add(chatId);
            return true;
        }
    }

    /// <param name="leftAt">The event that ended the membership, or the first that it does not reach.</param>
    /// <param name="isSilent">No event of the chat's own log says so.</param>
    /// <returns>False when the session is in by a membership that began later, and stays.</returns>
    internal bool Remove(long chatId, long leftAt, bool isSilent = false)
    {
        lock (_gate)
        {
            if (_laterJoinings is not null && _laterJoinings.TryGetValue(chatId, out long joinedAt))
            {
                if (leftAt < joinedAt) return false;
                _laterJoinings.Remove(chatId);
            }

            int at = Find(chatId);
            if (at >= 0) Array.Copy(_chats, at + 1, _chats, at, --_count - at);
            if (_departures is null) return true;
            ref Departure departure = ref CollectionsMarshal.GetValueRefOrAddDefault(_departures, chatId, out _);
            if (leftAt > departure.LeftAt || (leftAt == departure.LeftAt && !isSilent)) departure = new Departure(leftAt, isSilent);
            return true;
        }
    }

    /// <summary>
    /// It is in a channel by a membership that begins further on than the channel's log is applied here: that an earlier one ended is heard yet.
    /// </summary>
    internal void JoinedLater(long chatId, long joinedAt)
    {
        lock (_gate) (_laterJoinings ??= [])[chatId] = joinedAt;
    }

    /// <summary>Whether the session is entered in the chat.</summary>
    internal bool Contains(long chatId)
    {
        lock (_gate) return Find(chatId) >= 0;
    }

    /// <summary>A membership of it is about to be read; each call is followed by one of <see cref="Entered"/>.</summary>
    internal void BeginEntering()
    {
        lock (_gate)
        {
            _entering++;
            _departures ??= [];
        }
    }

    /// <summary>The session is entered in all that was found; from now on only events change its memberships.</summary>
    public void Entered()
    {
        lock (_gate)
        {
            if (--_entering == 0) _departures = null;
        }
    }

    /// <summary>Ends the session's interest in everything; later additions are refused.</summary>
    internal long[] RemoveAll()
    {
        lock (_gate)
        {
            _removed = true;
            long[] chats = _chats[.._count];
            (_chats, _count) = ([], 0);
            return chats;
        }
    }

    private int Find(long chatId) => Array.BinarySearch(_chats, 0, _count, chatId);

    private void Add(long chatId)
    {
        int at = _count > 0 && _chats[_count - 1] < chatId ? ~_count : Find(chatId);
        if (at >= 0) return;
        if (_count == _chats.Length) Array.Resize(ref _chats, Math.Max(4, _count * 2));
        Array.Copy(_chats, ~at, _chats, ~at + 1, _count++ - ~at);
        _chats[~at] = chatId;
    }

    /// <param name="LeftAt">No membership that began so far, or earlier, is still one.</param>
    /// <param name="IsSilent">Only the inbox said so: one that began right there may be a newer one.</param>
    private readonly record struct Departure(long LeftAt, bool IsSilent);
}
