using Chat.Domain;
using Chat.Server.Hosting;
using Chat.Storage;
using Chat.Storage.Managed;
using Npgsql;

namespace Chat.Server.Cli.Database;

/// <summary>
/// Lets a verb work on the nodes' database: the configured one, or the managed one that a server runs on the data directory now.
/// </summary>
internal static class VerbDatabase
{
    /// <summary>Runs <paramref name="work"/> on the database and tells what stands in its way.</summary>
    /// <returns>What the work returns; 2 when there is no database to work on.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<KeyValuePair<string, string?>> overrides,
        Func<VerbTarget, CancellationToken, Task<int>> work,
        CancellationToken ct)
    {
        try
        {
            Settings settings = SettingsReader.ReadForVerb(SettingsReader.Sources(overrides));
            if (Find(settings) is not { } connectionString)
            {
                await Console.Error.WriteLineAsync(
                    $"No server runs on the data directory {Path.GetFullPath(settings.Server.DataDirectory)}, and no database is named: "
                    + "start ./chat up, give --data DIR, or set Database:ConnectionString (CHAT__Database__ConnectionString or "
                    + "DATABASE_URL).");
                return 2;
            }

            await using NpgsqlDataSource source = ChatDataSource.Create(connectionString, "verb", 2);
            InstanceFile? server = FindServer(settings, connectionString);
            if (server?.ReadLimits() is { } limits) settings = settings with { Limits = limits };
            return await work(new VerbTarget(source, settings, server), ct);
        }
        catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            await Console.Error.WriteLineAsync(
                "The database's schema is older than this program: run ./chat migrate up, or start a server of this version.");
            return 2;
        }
        catch (Exception fault) when (fault is SettingsException or ManagedPostgresException or NpgsqlException)
        {
            await Console.Error.WriteLineAsync(fault is NpgsqlException refused ? DatabaseRefusal.Explain(refused) : fault.Message);
            return 2;
        }
    }

    /// <summary>Who works on it, as is kept with what they did.</summary>
    public static string Operator => $"{Environment.UserName}, command line";

    /// <summary>Tells why it was not done.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync(Failure failure)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 2;
    }

    /// <summary>The data directory may be of a server on another database than the one that is named.</summary>
    private static InstanceFile? FindServer(Settings settings, string connectionString) =>
        InstanceFile.FindRunning(settings.Server.DataDirectory) is { } server && server.Database == DatabaseAddress.Show(connectionString)
            ? server
            : null;

    private static string? Find(Settings settings) => string.IsNullOrEmpty(settings.Database.ConnectionString)
        ? ManagedPostgres.FindRunning(settings.Server.DataDirectory)
        : settings.Database.ConnectionString;
}

/// <summary>What a verb works on.</summary>
/// <param name="Source">The nodes' database.</param>
/// <param name="Settings">As <see cref="SettingsReader.ReadForVerb"/> reads them; the limits are those of <paramref name="Server"/>, if it is there.</param>
/// <param name="Server">The server of the data directory; null when none runs there on this database.</param>
internal sealed record VerbTarget(NpgsqlDataSource Source, Settings Settings, InstanceFile? Server);
