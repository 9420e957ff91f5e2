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
    private readonly HashSet<long> _chats = [];
    private HashSet<long>? _leftWhileEntering = [];
    private bool _removed;

    internal SessionSubscriptions(ISubscriber subscriber) => Subscriber = subscriber;

    public ISubscriber Subscriber { get; }

    /// <summary>Notes a chat. False when the session is gone, or left this chat while it was entering.</summary>
    internal bool TryAdd(long chatId, bool fromSeed)
    {
        lock (_gate)
        {
            if (_removed) return false;
            if (fromSeed && _leftWhileEntering is not null && _leftWhileEntering.Contains(chatId)) return false;
            if (!fromSeed) _leftWhileEntering?.Remove(chatId);
            _chats.Add(chatId);
            return true;
        }
    }

    internal void Remove(long chatId)
    {
        lock (_gate)
        {
            _chats.Remove(chatId);
            _leftWhileEntering?.Add(chatId);
        }
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
            long[] chats = [.. _chats];
            _chats.Clear();
            return chats;
        }
    }
}
