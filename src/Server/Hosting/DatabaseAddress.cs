using Npgsql;

namespace Chat.Server.Hosting;

/// <summary>The way to the database of this process, and the same without its password for people to read.</summary>
internal sealed class DatabaseAddress(string connectionString)
{
    public string ConnectionString => connectionString;

    /// <summary>Host, port and database.</summary>
    public string Shown { get; } = Show(connectionString);

    public static string Show(string connectionString)
    {
        NpgsqlConnectionStringBuilder given = new(connectionString);
        return $"{given.Host}:{given.Port}, database {given.Database ?? given.Username}";
    }
}
