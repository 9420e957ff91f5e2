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
    private Dictionary<long, long>? _departures = [];
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
    internal bool TryAdd(long chatId, long joinedAt)
    {
        lock (_gate)
        {
            if (_removed) return false;
            if (_departures is not null && _departures.TryGetValue(chatId, out long leftAt) && joinedAt <= leftAt) return false;
            Add(chatId);
            return true;
        }
    }

    /// <param name="leftAt">The event that ended the membership.</param>
    internal void Remove(long chatId, long leftAt)
    {
        lock (_gate)
        {
            int at = Find(chatId);
            if (at >= 0) Array.Copy(_chats, at + 1, _chats, at, --_count - at);
            if (_departures is not null) _departures[chatId] = Math.Max(leftAt, _departures.GetValueOrDefault(chatId));
        }
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
}
