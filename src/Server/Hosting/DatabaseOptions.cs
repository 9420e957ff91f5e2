using Npgsql;

namespace Chat.Server.Hosting;

/// <summary>Which PostgreSQL. Section <c>Database</c>.</summary>
public sealed record DatabaseOptions
{
    /// <summary>Npgsql connection string. Empty in development: a managed PostgreSQL in the data directory. Required in production. Also from <c>DATABASE_URL</c> (postgres://…).</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Start although the database may lose acked messages (<c>fsync</c>, <c>full_page_writes</c> or <c>synchronous_commit</c> off). Default false.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>Bring the schema up to this build at the start. False refuses to start on an older schema; then run <c>migrate up</c> by hand. Default true.</summary>
    public bool Migrate { get; init; } = true;

    /// <summary>Connections for reads and rare writes; the log and the receipts have one each of their own. Default 12.</summary>
    public int MaxConnections { get; init; } = 12;

    /// <summary>Folder with <c>initdb</c> and <c>postgres</c> for the managed one. Default: searched for.</summary>
    public string? BinariesDirectory { get; init; }

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxConnections is < 2 or > 200) yield return $"Database:MaxConnections is {MaxConnections}: set 2 to 200.";
        if (ConnectionString is not null && !IsReadable(ConnectionString, out string fault))
            yield return $"Database:ConnectionString (environment: CHAT__Database__ConnectionString or DATABASE_URL) cannot be read ({fault}): set something like "
                + "Host=db;Database=chat;Username=chat;Password=…, in DATABASE_URL postgres://chat:password@db:5432/chat too.";
    }

    private static bool IsReadable(string connectionString, out string fault)
    {
        fault = "";
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
            return true;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            fault = wrong.Message.ReplaceLineEndings(" ");
            return false;
        }
    }
}
