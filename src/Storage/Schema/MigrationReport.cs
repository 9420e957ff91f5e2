namespace Chat.Storage.Schema;

/// <param name="Version">The schema's version now.</param>
/// <param name="Applied">Names of the files landed by this call, in order; empty when there was nothing to do.</param>
public sealed record MigrationReport(int Version, IReadOnlyList<string> Applied);

/// <param name="CurrentVersion">Of the database; 0 for an empty one.</param>
/// <param name="TargetVersion">Of this program.</param>
/// <param name="Pending">Names of the files not landed yet, in order.</param>
public sealed record MigrationStatus(int CurrentVersion, int TargetVersion, IReadOnlyList<string> Pending);

/// <summary>The database cannot be used as it is; the message says why and what to do.</summary>
public sealed class MigrationException(string message) : Exception(message);
