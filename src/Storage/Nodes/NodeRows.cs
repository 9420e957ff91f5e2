namespace Chat.Storage.Nodes;

/// <summary>What a node writes about itself.</summary>
/// <param name="Incarnation">Random, new at each start.</param>
/// <param name="Address">Where this very node listens, for people.</param>
public sealed record NodeEntry(string Id, long Incarnation, string Version, int ProtocolVersion, int SchemaVersion, string Address);

/// <summary>A node as the registry has it. Times and ages are PostgreSQL's.</summary>
/// <param name="SilentFor">Since its row was last renewed.</param>
/// <param name="HoldsName">A connection to PostgreSQL holds the lock of its name: see <see cref="NodeLease"/>.</param>
public sealed record NodeRow(
    string Id, long Incarnation, string Version, int SchemaVersion, string Address,
    DateTimeOffset StartedAt, TimeSpan SilentFor, DateTimeOffset? EndedAt, bool HoldsName)
{
    /// <summary>After so long without a sign of life a node counts as dead: three renewals.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The same where nobody holds its name: a killed process lets go at once, and one that lives takes its name again with its next
    /// renewal, which comes every ten seconds, or two seconds later.
    /// </summary>
    public static readonly TimeSpan NamelessPatience = TimeSpan.FromSeconds(13);

    public bool IsRunning => EndedAt is null && SilentFor <= (HoldsName ? Patience : NamelessPatience);
}

/// <summary>The connection that holds a node's name.</summary>
/// <param name="ProcessId">PostgreSQL's process of that connection; for pg_terminate_backend.</param>
/// <param name="ClientAddress">Where it comes from; null over a Unix socket, or when this role may not see it.</param>
/// <param name="ConnectedAt">Likewise null.</param>
/// <param name="Entry">The row under that name, null when it was not written yet.</param>
public sealed record NodeHolder(int ProcessId, string? ClientAddress, DateTimeOffset? ConnectedAt, NodeHolderEntry? Entry);

/// <summary>What the holder of a name has written about itself.</summary>
public sealed record NodeHolderEntry(long Incarnation, string Address, DateTimeOffset StartedAt);
