using System.Runtime.InteropServices;

namespace Chat.Storage.ChatLog;

/// <summary>
/// Guesses whether a batch is plain (see <see cref="PlainAppendSql"/>). A wrong guess costs an attempt and a line in PostgreSQL's log,
/// never more: so a batch with an id that was stored here lately, which is what retries have, is not tried, and after a failure the next
/// batches are not, 1, 2, 4 … 64 of them. The loop only.
/// </summary>
internal sealed class PlainGuess
{
    private const int MaxCareful = 64;

    /// <summary>Ids in each of two generations: two thousand messages a second are remembered for 16 s, longer than an SDK's first retries take.</summary>
    private const int IdsPerGeneration = 32_768;

    // Clients choose these ids, and a Guid's own hash is a plain xor: many that collide would hold the log up (CVE-2020-5234 and its like).
    private HashSet<Guid> _young = new(SeededIds.Instance);
    private HashSet<Guid> _old = new(SeededIds.Instance);
    private int _careful;
    private int _nextCareful = 1;

    public bool IsPlain(List<Guid> clientMessageIds)
    {
        if (_careful > 0)
        {
            _careful--;
            return false;
        }
        foreach (ref readonly Guid id in CollectionsMarshal.AsSpan(clientMessageIds))
            if (_young.Contains(id) || _old.Contains(id)) return false;
        return true;
    }

    public void Failed()
    {
        _careful = _nextCareful;
        _nextCareful = Math.Min(2 * _nextCareful, MaxCareful);
    }

    public void Succeeded() => _nextCareful = 1;

    /// <summary>These are stored now.</summary>
    public void Remember(List<Guid> clientMessageIds)
    {
        foreach (ref readonly Guid id in CollectionsMarshal.AsSpan(clientMessageIds))
            _young.Add(id);
        if (_young.Count < IdsPerGeneration) return;
        (_old, _young) = (_young, _old);
        _young.Clear();
    }

    /// <summary>Hashes ids with a seed of this process.</summary>
    private sealed class SeededIds : IEqualityComparer<Guid>
    {
        public static readonly SeededIds Instance = new();

        public bool Equals(Guid x, Guid y) => x == y;

        public int GetHashCode(Guid id)
        {
            ReadOnlySpan<long> halves = MemoryMarshal.Cast<Guid, long>(new ReadOnlySpan<Guid>(in id));
            return HashCode.Combine(halves[0], halves[1]);
        }
    }
}
