namespace Chat.Chaos.Faults;

/// <summary>What a run of rows was asked for.</summary>
internal sealed record RowOptions
{
    /// <summary>Reduced counts, for every run of the tests.</summary>
    public bool IsShort { get; init; }

    /// <summary>Nodes of the clusters, 1 to 5. Default 3.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Decides all that is random. Printed with each result.</summary>
    public required int Seed { get; init; }

    /// <summary>Keep histories and logs also of rows that passed.</summary>
    public bool Keeps { get; init; }

    /// <summary>Where progress is told.</summary>
    public required TextWriter Progress { get; init; }
}
