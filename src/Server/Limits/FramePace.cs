using Chat.Domain.Limits;

namespace Chat.Server.Limits;

/// <summary>
/// Slows a connection that sends more frames than <see cref="LimitSettings.FramesPerSecond"/> allows: its next frame is read later, which
/// TCP passes on to the peer. No request fails of it.
/// </summary>
/// <remarks>Thread-safe; the bucket belongs to the connection's read loop.</remarks>
internal sealed class FramePace(LiveSettings settings, TimeProvider time)
{
    /// <summary>Counts a frame.</summary>
    /// <param name="fullAt">The connection's bucket; 0 for a full one.</param>
    /// <returns>How long to wait before it is handled.</returns>
    public TimeSpan Count(ref long fullAt)
    {
        LimitSettings limits = settings.Limits;
        if (limits.FramesPerSecond <= 0) return TimeSpan.Zero;
        TokenBucket bucket = new(limits.FramesPerSecond, limits.FramesBurst, time.TimestampFrequency);
        return bucket.Borrow(ref fullAt, time.GetTimestamp());
    }

    public Task WaitAsync(TimeSpan wait, CancellationToken ct)
    {
        OverloadMetrics.PacedFrames.Add(1);
        return Task.Delay(wait, time, ct);
    }
}
