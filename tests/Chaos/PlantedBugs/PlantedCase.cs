using Chat.Chaos.Checker;
using Chat.Chaos.Workload;

namespace Chat.Chaos.PlantedBugs;

/// <summary>One bug that the server (or a client) is given on purpose, and the fault that brings it to light.</summary>
/// <param name="Bug">Its name, as <c>CHAT_PLANTED_BUG</c> takes it.</param>
/// <param name="Fault">What is done to it, for the table.</param>
/// <param name="Expected">The invariants of which one must be seen broken; none: the run must be clean.</param>
internal sealed record PlantedCase(string Bug, string Fault, IReadOnlyList<Invariant> Expected)
{
    public int Nodes { get; init; } = 1;

    /// <summary>Whether Redis loses publications between the nodes.</summary>
    public bool LosesPublications { get; init; }

    /// <summary>How late every reply and push of the server comes to its clients.</summary>
    public TimeSpan SlowReplies { get; init; }

    /// <summary>Done to the database once the nodes are up.</summary>
    public string? Sql { get; init; }

    /// <summary>Kills of a node, each with a new start.</summary>
    public int Kills { get; init; }

    /// <summary>How long people write, kills apart.</summary>
    public TimeSpan Runs { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Changes the load.</summary>
    public Func<WorkloadOptions, WorkloadOptions> Load { get; init; } = static options => options;
}
