// Stands in for the PostgreSQL driver: the few names of it that the simulated code knows, over the simulated store.
using Chat.Simulation.Store;

namespace Npgsql;

/// <summary>One node's way to the database.</summary>
public sealed class NpgsqlDataSource
{
    internal NpgsqlDataSource(StoreLink link) => Link = link;

    internal StoreLink Link { get; }

    /// <summary>Forgets pooled connections; the simulated link has none.</summary>
    public void Clear()
    {
    }
}

public class NpgsqlException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>An answer of the server that says what is wrong.</summary>
public sealed class PostgresException(string message, string severity, string sqlState) : NpgsqlException(message)
{
    public string InvariantSeverity { get; } = severity;

    public string SqlState { get; } = sqlState;
}

internal static class PostgresErrorCodes
{
    public const string UniqueViolation = "23505";
}
