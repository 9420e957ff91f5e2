using System.Net.Sockets;
using Chat.Domain;
using Chat.Protocol.Codes;
using Npgsql;

namespace Chat.AdminApi.Problems;

/// <summary>Tells an outage that passes (the database restarts, is full, does not answer) from a fault of ours.</summary>
internal static class Outage
{
    public static readonly Failure Failure = new(
        ErrorCode.Unavailable, "Storage does not answer; try again with the same ids.", TimeSpan.FromSeconds(1));

    public static readonly Failure OurFault = new(ErrorCode.Internal, "The server failed; its log has the reason under this request id.");

    public static bool IsTransient(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || IsGoingAway(postgres.SqlState),
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is TimeoutException or SocketException or IOException,
        TimeoutException or SocketException => true,
        _ => exception.InnerException is { } inner && IsTransient(inner),
    };

    /// <summary>Class 08 connection, 57 operator intervention (shutdown, cancel by timeout), 25006 read-only after a fail-over.</summary>
    private static bool IsGoingAway(string sqlState) =>
        sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("57", StringComparison.Ordinal) || sqlState == "25006";
}
