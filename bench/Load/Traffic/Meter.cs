using Chat.Load.Engine;
using Chat.Load.Report;

namespace Chat.Load.Traffic;

/// <summary>Counts deliveries and acks, and while <see cref="IsMeasuring"/> their latencies, interval by interval. Engine thread only.</summary>
internal sealed class Meter
{
    private readonly LatencyHistogram _deliveries = new();
    private readonly LatencyHistogram _acks = new();
    private long _intervalBegan;
    private long _measuringBegan;

    public bool IsMeasuring { get; private set; }

    /// <summary>Of the whole run.</summary>
    public long Delivered { get; private set; }

    /// <summary>Of the whole run.</summary>
    public long Acked { get; private set; }

    /// <summary>Of the measured time, up to the last interval's end.</summary>
    public LatencyHistogram Deliveries { get; } = new();

    /// <summary>Of the measured time, up to the last interval's end.</summary>
    public LatencyHistogram Acks { get; } = new();

    public List<TimelinePoint> Timeline { get; } = [];

    public void OnDelivered(long nanoseconds)
    {
        Delivered++;
        if (IsMeasuring) _deliveries.Record(nanoseconds);
    }

    public void OnAcked(long nanoseconds)
    {
        Acked++;
        if (IsMeasuring) _acks.Record(nanoseconds);
    }

    public void Begin(long now)
    {
        IsMeasuring = true;
        _measuringBegan = _intervalBegan = now;
    }

    public void End(long now)
    {
        EndInterval(now);
        IsMeasuring = false;
    }

    /// <summary>Adds what came since the last call to the totals and to the timeline.</summary>
    public void EndInterval(long now)
    {
        double seconds = Clock.Seconds(now - _intervalBegan);
        if (seconds <= 0) return;

        Timeline.Add(new TimelinePoint(
            Math.Round(Clock.Seconds(now - _measuringBegan), 2), Math.Round(_acks.Count / seconds), Math.Round(_deliveries.Count / seconds),
            _deliveries.Milliseconds(0.5), _deliveries.Milliseconds(0.99), _deliveries.Milliseconds(1)));
        Deliveries.Add(_deliveries);
        Acks.Add(_acks);
        _deliveries.Clear();
        _acks.Clear();
        _intervalBegan = now;
    }
}
