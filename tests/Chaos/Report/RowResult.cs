namespace Chat.Chaos.Report;

/// <summary>How a row ended.</summary>
internal enum RowStatus : byte
{
    Pass,
    Fail,

    /// <summary>This machine cannot do it; the result says why.</summary>
    NotHere,
}

/// <summary>One measured value of a row, as it is to be read.</summary>
internal sealed record RowFigure(string Name, string Value);

/// <summary>A row of the table at the end.</summary>
internal sealed record RowResult
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required RowStatus Status { get; init; }

    /// <summary>What was broken: the row's own figures and the checker's violations; or why the row cannot be done here.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Where the row differs from what the matrix says, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<RowFigure> Figures { get; init; } = [];

    public int Seed { get; init; }

    public int Nodes { get; init; }

    public double Seconds { get; init; }

    /// <summary>Histories and logs, where they were kept.</summary>
    public string? Directory { get; init; }
}
