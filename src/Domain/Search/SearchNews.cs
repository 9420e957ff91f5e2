using Chat.Storage;
using Chat.Storage.Chats;

namespace Chat.Domain.Search;

/// <summary>
/// Chats of which this node knows that they have something to be indexed. Hears of commits in front of whoever else does: noting one costs an entry
/// in a table, and whatever is forgotten, because a node ends, is found by the walk through the chats. Thread-safe.
/// </summary>
/// <remarks>A chat whose commit is in doubt is looked at again until no statement of it can be under way any more.</remarks>
public sealed class SearchNews(ICommittedEvents next, TimeProvider time) : ICommittedEvents
{
    /// <summary>How long a commit in doubt may still come true; see <see cref="Fanout.CommitsInDoubt.LongestFlight"/>.</summary>
    private static readonly TimeSpan Doubt = Fanout.CommitsInDoubt.LongestFlight + TimeSpan.FromSeconds(10);

    /// <summary>Chats that are noted at most: some megabytes while the database does not answer.</summary>
    private const int MaxNoted = 100_000;

    private static readonly TimeSpan DoubtPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, long> _noted = [];
    private readonly Queue<long> _order = new(); // each noted chat once
    private readonly Dictionary<long, (long Since, long AskedAt)> _doubtful = [];

    /// <summary>Chats that are noted now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _order.Count;
        }
    }

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        lock (_gate)
        {
            for (int i = 0; i < events.Count; i++)
            {
                EventRow e = events[i];
                if (e.Kind is EventKinds.Message or EventKinds.Edited or EventKinds.Deleted) Note(e.ChatId, e.Sequence);
            }
        }

        next.OnCommitted(events);
    }

    public void OnInDoubt(IReadOnlyCollection<long> chatIds)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            foreach (long chatId in chatIds) _doubtful[chatId] = (now, now);
        }

        next.OnInDoubt(chatIds);
    }

    /// <summary>Notes chats with their first sequences that are new.</summary>
    public void Note(IEnumerable<ChatHead> chats)
    {
        lock (_gate)
        {
            foreach (ChatHead chat in chats) Note(chat.ChatId, chat.Sequence);
        }
    }

    /// <summary>Some of the chats, those first that have waited longest, which are no longer noted then.</summary>
    public List<ChatHead> Take(int most)
    {
        lock (_gate)
        {
            RenewDoubts();
            List<ChatHead> taken = [];
            while (taken.Count < most && _order.TryDequeue(out long chatId))
            {
                _noted.Remove(chatId, out long sequence);
                taken.Add(new ChatHead(chatId, sequence));
            }

            return taken;
        }
    }

    /// <summary>Inboxes are in doubt too; nothing in them is a text, and looking at one costs a row.</summary>
    private void RenewDoubts()
    {
        foreach ((long chatId, (long since, long askedAt)) in _doubtful)
        {
            if (time.GetElapsedTime(askedAt) < DoubtPause) continue;
            Note(chatId, long.MaxValue);
            if (time.GetElapsedTime(since) > Doubt) _doubtful.Remove(chatId);
            else _doubtful[chatId] = (since, time.GetTimestamp());
        }
    }

    private void Note(long chatId, long sequence)
    {
        if (_noted.TryGetValue(chatId, out long known))
        {
            _noted[chatId] = Math.Min(known, sequence);
        }
        else if (_noted.Count < MaxNoted) // the walk finds the others
        {
            _noted.Add(chatId, sequence);
            _order.Enqueue(chatId);
        }
    }
}
