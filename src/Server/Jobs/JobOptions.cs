namespace Chat.Server.Jobs;

/// <summary>Pace of the jobs. Not configurable; tests run them faster.</summary>
internal sealed record JobOptions
{
    /// <summary>How long a node that fell silent keeps its job. Default 60 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Shortest pause between two looks for what is due. Default 10 s.</summary>
    public TimeSpan ShortestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause. Default 15 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>When a job that failed is due again, if its own interval is not shorter. Default 1 minute.</summary>
    public TimeSpan AfterFailure { get; init; } = TimeSpan.FromMinutes(1);
}
