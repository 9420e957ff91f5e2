namespace Chat.Server.Sessions;

/// <summary>Counts of all sessions at one moment, taken in one walk for all the gauges that ask in the same second. Thread-safe.</summary>
internal sealed class SessionCensus(SessionRegistry registry, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private SessionCounts _counts;
    private long _takenAt;

    public SessionCounts Counts
    {
        get
        {
            lock (_gate)
            {
                if (_takenAt != 0 && time.GetElapsedTime(_takenAt) < Fresh) return _counts;
                (_counts, _takenAt) = (Take(), Math.Max(1, time.GetTimestamp()));
                return _counts;
            }
        }
    }

    private SessionCounts Take()
    {
        SessionCounts counts = default;
        foreach ((_, Session session) in registry.All)
        {
            if (session.IsOnline) counts.Online++;
            else counts.Greeting++;
            if (session.Output.IsBehind) counts.Behind++;
            counts.QueuedBytes += session.Output.QueuedBytes;
        }

        return counts;
    }
}

/// <summary>What <see cref="SessionCensus"/> found.</summary>
internal record struct SessionCounts
{
    /// <summary>Signed in.</summary>
    public int Online { get; set; }

    /// <summary>Connected, and not signed in yet.</summary>
    public int Greeting { get; set; }

    /// <summary>Connections with a send that waits for the peer.</summary>
    public int Behind { get; set; }

    /// <summary>Bytes queued for all of them.</summary>
    public long QueuedBytes { get; set; }
}
