using System.Net.Sockets;
using Npgsql;

namespace Chat.Storage;

/// <summary>
/// Tells a database that is away for now (it restarts, is full, does not answer) from one that will never serve us as it is asked.
/// </summary>
public static class DatabaseOutage
{
    /// <summary>Whether the same may succeed later with nothing changed but PostgreSQL's state.</summary>
    public static bool IsPassing(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || IsGoingAway(postgres.SqlState),
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is TimeoutException or SocketException or IOException,
        TimeoutException or SocketException => true,
        _ => exception.InnerException is { } inner && IsPassing(inner),
    };

    /// <summary>Class 08 connection, 57 operator intervention (shutdown, cancel by timeout), 25006 read-only after a fail-over.</summary>
    private static bool IsGoingAway(string sqlState) =>
        sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("57", StringComparison.Ordinal) || sqlState == "25006";
}
