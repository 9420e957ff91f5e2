using System.Globalization;

using Chat.Storage.Managed;

using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Load.Processes;

/// <summary>The PostgreSQL of a peer: the same programs with the same settings that a chat server runs for itself. Goes with its directory.</summary>
internal sealed class PeerDatabase : IAsyncDisposable
{
    private readonly string _directory;
    private readonly ManagedPostgres _postgres;

    private PeerDatabase(string directory, ManagedPostgres postgres) => (_directory, _postgres) = (directory, postgres);

    public string ConnectionString => _postgres.ConnectionString;

    /// <summary>Of its first process.</summary>
    public int ProcessId =>
        int.Parse(File.ReadLines(Path.Combine(_postgres.DataDirectory, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public static async Task<PeerDatabase> StartAsync(CancellationToken ct)
    {
        string directory = TemporaryDirectory.Create();
        try
        {
            var options = new ManagedPostgresOptions { DataDirectory = directory, ToolsDirectories = [Path.Combine(Repository.Root, ".tools/postgres")] };
            return new PeerDatabase(directory, await ManagedPostgres.StartAsync(options, TimeProvider.System, NullLogger.Instance, ct));
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
