namespace Chat.Sdk.Connection;

/// <summary>Full-jitter back-off: a random time between nothing and a bound that doubles with each attempt. Thread-safe.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(20);

    /// <summary>The pause before the attempt after <paramref name="failures"/> failed ones, 0-based.</summary>
    public TimeSpan Next(int failures)
    {
        // 0.25 s · 2^7 is over the cap already; the shift must not overflow.
        TimeSpan bound = failures >= 7 ? Cap : First * (1 << failures);
        return Within(bound);
    }

    /// <summary>A random time below a bound.</summary>
    public TimeSpan Within(TimeSpan bound)
    {
        lock (random) return bound * random.NextDouble(); // the parts of a client share it, and one with a seed is not thread-safe
    }
}
