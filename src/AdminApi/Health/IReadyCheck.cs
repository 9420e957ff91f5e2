namespace Chat.AdminApi.Health;

/// <summary>
/// One reason why this process might not be ready for traffic, e.g. the database or a drain under way. Register as many as there are.
/// </summary>
public interface IReadyCheck
{
    /// <summary>A short name for the answer, e.g. <c>database</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Null when ready, else the fault in a few words that a stranger may read. What it throws counts as a fault and goes to the log only.
    /// </summary>
    ValueTask<string?> FindFaultAsync(CancellationToken ct);
}
