namespace Chat.Domain.Statuses;

/// <summary>
/// Statuses that came or went and whom they are for is not told yet: by author, the one who waits longest first, because whom an author tells
/// reads all of that author's again. Each status counts, for two of one author may be for different people. Thread-safe.
/// </summary>
/// <param name="most">Statuses that wait; what comes beyond is dropped and counted.</param>
internal sealed class WaitingStatuses(int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _authors = [];
    private readonly Dictionary<long, HashSet<long>> _byAuthor = [];
    private int _waiting;
    private int _dropped;

    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _waiting == 0;
        }
    }

    /// <summary>A status that waits already is no other one: posted and deleted at once is told once.</summary>
    public void Add(long authorId, long statusId)
    {
        lock (_gate)
        {
            bool isKnown = _byAuthor.TryGetValue(authorId, out HashSet<long>? statuses);
            if (statuses?.Contains(statusId) == true) return;
            if (_waiting >= most)
            {
                _dropped++;
                return;
            }

            if (!isKnown)
            {
                _byAuthor[authorId] = statuses = [];
                _authors.Enqueue(authorId);
            }

            statuses!.Add(statusId);
            _waiting++;
        }
    }

    /// <summary>Takes all that waits of one author.</summary>
    public bool TryTake(out long authorId, out long[] statusIds)
    {
        lock (_gate)
        {
            if (!_authors.TryDequeue(out authorId))
            {
                statusIds = [];
                return false;
            }

            _byAuthor.Remove(authorId, out HashSet<long>? statuses);
            statusIds = [.. statuses!];
            _waiting -= statusIds.Length;
            return true;
        }
    }

    /// <summary>How many were dropped since this was asked before.</summary>
    public int TakeDropped()
    {
        lock (_gate)
        {
            int dropped = _dropped;
            _dropped = 0;
            return dropped;
        }
    }
}
