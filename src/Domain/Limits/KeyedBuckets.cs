using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Chat.Domain.Limits;

/// <summary>
/// A bucket for each key, for a bounded number of keys: those that are full again are forgotten, which loses nothing. Known by principal or
/// chat and not by connection, so a limit outlives a reconnect.
/// </summary>
/// <remarks>Thread-safe. A call allocates only when the table grows.</remarks>
internal sealed class KeyedBuckets(int maxKeys)
{
    private const int ShardCount = 16;
    private const int FirstSweep = 64;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard())];

    /// <summary>Keys in memory now, full ones included.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (Shard shard in _shards)
            {
                lock (shard) count += shard.FullAt.Count;
            }

            return count;
        }
    }

    /// <summary>As <see cref="TokenBucket.Take"/>, of the key's bucket.</summary>
    public TimeSpan Take(long key, in TokenBucket bucket, long now)
    {
        if (bucket.IsUnlimited) return TimeSpan.Zero;
        Shard shard = ShardOf(key);
        lock (shard)
        {
            if (shard.FullAt.Count >= shard.SweepAt) Sweep(shard, now);
            return bucket.Take(ref CollectionsMarshal.GetValueRefOrAddDefault(shard.FullAt, key, out _), now);
        }
    }

    /// <summary>Puts a token back that was taken for something that was not done.</summary>
    public void Return(long key, in TokenBucket bucket)
    {
        Shard shard = ShardOf(key);
        lock (shard)
        {
            ref long fullAt = ref CollectionsMarshal.GetValueRefOrNullRef(shard.FullAt, key);
            if (!Unsafe.IsNullRef(ref fullAt)) bucket.Return(ref fullAt); // one that was forgotten is full
        }
    }

    /// <summary>Whether a token is there; takes none. Zero when it is, otherwise how long until then.</summary>
    public TimeSpan Peek(long key, in TokenBucket bucket, long now)
    {
        Shard shard = ShardOf(key);
        lock (shard)
        {
            if (!shard.FullAt.TryGetValue(key, out long fullAt)) return TimeSpan.Zero;
            return bucket.Take(ref fullAt, now); // of a copy
        }
    }

    private Shard ShardOf(long key) => _shards[(int)((ulong)key * 0x9E3779B97F4A7C15UL >> 60)];

    private void Sweep(Shard shard, long now)
    {
        foreach ((long key, long fullAt) in shard.FullAt)
            if (fullAt <= now) shard.FullAt.Remove(key);

        // More keys at work than are to be remembered: all of them start anew, which is lenient and bounded.
        if (shard.FullAt.Count >= maxKeys / ShardCount) shard.FullAt.Clear();
        shard.SweepAt = Math.Clamp(shard.FullAt.Count * 2, FirstSweep, Math.Max(FirstSweep, maxKeys / ShardCount));
    }

    private sealed class Shard
    {
        public Dictionary<long, long> FullAt { get; } = [];

        public int SweepAt { get; set; } = FirstSweep;
    }
}
