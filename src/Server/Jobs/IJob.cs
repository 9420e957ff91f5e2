namespace Chat.Server.Jobs;

/// <summary>Work that is done now and then by one node for all.</summary>
internal interface IJob
{
    /// <summary>Key of its row in <c>jobs</c>: never changed, or it would run twice.</summary>
    string Name { get; }

    /// <summary>From the end of one run to the next.</summary>
    TimeSpan Interval { get; }

    /// <summary>
    /// Does what is due. May be run again after half of it: a node may die, or lose its lease and be told so through
    /// <paramref name="ct"/>.
    /// </summary>
    /// <returns>What was done, in a few words, for the table.</returns>
    Task<string> RunAsync(CancellationToken ct);
}
