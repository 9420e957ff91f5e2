namespace Chat.Server.Cluster;

/// <summary>Probes of one connection that were sent and not heard yet. Thread-safe.</summary>
internal sealed class ProbeLog
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Number, long SentAt)> _unheard = new();
    private readonly TimeProvider _time;
    private readonly long _before;
    private long _last;

    public ProbeLog(TimeProvider time)
    {
        _time = time;
        _last = _before = time.GetTimestamp(); // later than any number of an earlier log of this process, whose probes may still come
    }

    /// <summary>Notes a probe that is about to be sent.</summary>
    /// <returns>Its number.</returns>
    public long Send()
    {
        lock (_gate)
        {
            _unheard.Enqueue((++_last, _time.GetTimestamp()));
            return _last;
        }
    }

    /// <summary>Whether a number was given by this log.</summary>
    public bool Knows(long number)
    {
        lock (_gate) return number > _before && number <= _last;
    }

    /// <summary>A probe came back. Those before it are over too: channels keep their order, so they were lost.</summary>
    /// <returns>How long it was on its way; null for one that nobody waits for.</returns>
    public TimeSpan? Hear(long number)
    {
        lock (_gate)
        {
            TimeSpan? took = null;
            while (_unheard.TryPeek(out (long Number, long SentAt) probe) && probe.Number <= number)
            {
                _unheard.Dequeue();
                if (probe.Number == number) took = _time.GetElapsedTime(probe.SentAt);
            }

            return took;
        }
    }

    /// <summary>For how long the oldest probe has not been heard; zero when none is missing.</summary>
    public TimeSpan LongestSilence()
    {
        lock (_gate) return _unheard.TryPeek(out (long Number, long SentAt) probe) ? _time.GetElapsedTime(probe.SentAt) : TimeSpan.Zero;
    }
}
