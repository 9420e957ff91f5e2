namespace Chat.Domain.Limits;

/// <summary>
/// A rate with a burst in one number: the time at which the bucket is full again (the generic cell rate algorithm, ITU-T I.371). A bucket
/// that is full needs no memory: a time in the past and none at all are the same.
/// </summary>
/// <param name="perSecond">Tokens a second; 0 is no limit.</param>
/// <param name="burst">Tokens that a full bucket has, at least 1.</param>
/// <param name="frequency">Ticks a second of the clock that the times come from.</param>
public readonly struct TokenBucket(double perSecond, double burst, long frequency)
{
    private readonly double _interval = perSecond > 0 ? frequency / perSecond : 0;

    public bool IsUnlimited => _interval == 0;

    /// <summary>Takes one token if there is one.</summary>
    /// <param name="fullAt">The bucket; 0 for a full one.</param>
    /// <param name="now">Timestamp of the clock.</param>
    /// <returns>Zero when it was taken, otherwise how long until there is one.</returns>
    public TimeSpan Take(ref long fullAt, long now)
    {
        if (IsUnlimited) return TimeSpan.Zero;
        fullAt = Bound(fullAt, now);
        double wait = WaitFor(fullAt, now);
        if (wait > 0) return Span(wait);
        fullAt = Math.Max(fullAt, now) + Step;
        return TimeSpan.Zero;
    }

    /// <summary>Takes one token in any case: of those that are not there yet, too.</summary>
    /// <returns>How long to wait until it would have been there; zero when it was.</returns>
    public TimeSpan Borrow(ref long fullAt, long now)
    {
        if (IsUnlimited) return TimeSpan.Zero;
        fullAt = Bound(fullAt, now);
        double wait = WaitFor(fullAt, now);
        fullAt = Math.Max(fullAt, now) + Step;
        return wait > 0 ? Span(wait) : TimeSpan.Zero;
    }

    /// <summary>Puts a token back that was taken for something that was not done.</summary>
    public void Return(ref long fullAt) => fullAt -= IsUnlimited ? 0 : Step;

    private long Step => Math.Max(1, (long)_interval);

    /// <summary>
    /// Ticks until there is a token; negative when there is one. Times are subtracted before they become fractions: a clock's count may be
    /// beyond 2^53.
    /// </summary>
    private double WaitFor(long fullAt, long now) => Math.Max(0, fullAt - now) - ((burst - 1) * _interval);

    /// <summary>
    /// The bucket as this rate could have left it, one borrowed token included: a slower rate that was in force before may have put the time
    /// hours ahead, and a limit that is mended must be felt at once.
    /// </summary>
    private long Bound(long fullAt, long now) => Math.Min(fullAt, now + (long)((burst + 1) * _interval) + 1);

    private TimeSpan Span(double ticks) => TimeSpan.FromSeconds(ticks / frequency);
}
