using Chat.Domain.Fanout;

namespace Chat.Micro.Fanout;

/// <summary>Does a pump's part for many subscribers: reads what each is to get, consumes it and moves the cursor. One thread.</summary>
internal sealed class SinkPump
{
    private readonly GatherBuffer _gathered = new();
    private Subscription? _first;
    private Subscription? _last;

    /// <summary>Of all bytes consumed; keeps the reading from being optimised away.</summary>
    public long Checksum { get; private set; }

    public int Gaps { get; private set; }

    public void Add(Subscription subscription)
    {
        if (_last is null) _first = subscription;
        else _last.NextReady = subscription;
        _last = subscription;
    }

    /// <summary>Until nobody has anything to get.</summary>
    /// <returns>How many subscriptions got bytes.</returns>
    public int Drain()
    {
        int served = 0;
        while (_first is { } subscription)
        {
            (_first, subscription.NextReady) = (subscription.NextReady, null);
            if (_first is null) _last = null;
            SubscriptionRead read = subscription.Read(_gathered, out long to);
            if (read == SubscriptionRead.Gap) Gaps++;
            if (read != SubscriptionRead.Bytes) continue;

            Checksum += Consume(_gathered.Bytes);
            served++;
            if (subscription.Advance(to)) subscription.Wake();
        }

        return served;
    }

    /// <summary>Touches each cache line once, as handing the bytes to the kernel would.</summary>
    public static long Consume(ReadOnlySpan<byte> bytes)
    {
        const int CacheLineBytes = 64;
        long sum = bytes.Length;
        for (int i = 0; i < bytes.Length; i += CacheLineBytes) sum += bytes[i];
        return sum;
    }
}
