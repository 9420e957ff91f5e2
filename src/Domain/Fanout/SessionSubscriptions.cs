namespace Chat.Domain.Fanout;

/// <summary>Which chats one session is entered in, so that leaving walks only its own entries.</summary>
/// <remarks>
/// A session is registered before its memberships are read. What changes in between is written down here and applied on entering:
/// without that, someone removed in that moment would stay subscribed (promise P9).
/// Lock order: a shard's lock first, then this one; never the other way round.
/// </remarks>
public sealed class SessionSubscriptions
{
    private readonly Lock _gate = new();
    private long[] _chats = []; // ascending: eight bytes a chat, where a set would take five times as many
    private int _count;
    private HashSet<long>? _leftWhileEntering = [];
    private bool _removed;

    internal SessionSubscriptions(ISubscriber subscriber) => Subscriber = subscriber;

    public ISubscriber Subscriber { get; }

    /// <summary>Makes room for this many chats at once.</summary>
    internal void Reserve(int chats)
    {
        lock (_gate)
        {
            if (_chats.Length < chats) Array.Resize(ref _chats, chats);
        }
    }

    /// <summary>Notes a chat. False when the session is gone, or left this chat while it was entering.</summary>
    internal bool TryAdd(long chatId, bool fromSeed)
    {
        lock (_gate)
        {
            if (_removed) return false;
            if (fromSeed && _leftWhileEntering is not null && _leftWhileEntering.Contains(chatId)) return false;
            if (!fromSeed) _leftWhileEntering?.Remove(chatId);
            Add(chatId);
            return true;
        }
    }

    internal void Remove(long chatId)
    {
        lock (_gate)
        {
            int at = Find(chatId);
            if (at >= 0) Array.Copy(_chats, at + 1, _chats, at, --_count - at);
            _leftWhileEntering?.Add(chatId);
        }
    }

    /// <summary>Whether the session is entered in the chat.</summary>
    internal bool Contains(long chatId)
    {
        lock (_gate) return Find(chatId) >= 0;
    }

    /// <summary>The session is entered in all that was found; from now on only events change its memberships.</summary>
    public void Entered()
    {
        lock (_gate) _leftWhileEntering = null;
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
