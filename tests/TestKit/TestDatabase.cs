using System.Globalization;
using Chat.Storage;
using Chat.Storage.Managed;
using Chat.Storage.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.TestKit;

/// <summary>
/// A migrated database for one test. All databases of a test process live in one throw-away managed PostgreSQL below /tmp, which is
/// started with the first of them and goes with the process.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Template = "chat_template";
    private const string FolderPrefix = "chat-tests-";

    private static readonly Lock Gate = new();
    private static Task<ManagedPostgres>? _shared;
    private static int _count;

    private readonly string _name;

    private TestDatabase(string name, string connectionString)
    {
        (_name, ConnectionString) = (name, connectionString);
        Source = ChatDataSource.Create(connectionString, "test", maxConnections: 16);
    }

    public string ConnectionString { get; }

    /// <summary>A pool with the product's session settings.</summary>
    public NpgsqlDataSource Source { get; }

    public static async Task<TestDatabase> CreateAsync()
    {
        ManagedPostgres postgres = await SharedAsync();
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _count)}");
        await ExecuteOnServerAsync(postgres, $"create database {name} template {Template}");
        return new TestDatabase(name, WithDatabase(postgres, name));
    }

    /// <summary>An empty database, for tests of the migrations themselves.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync()
    {
        ManagedPostgres postgres = await SharedAsync();
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _count)}");
        await ExecuteOnServerAsync(postgres, $"create database {name}");
        return new TestDatabase(name, WithDatabase(postgres, name));
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await ExecuteOnServerAsync(await SharedAsync(), $"drop database {_name} with (force)");
    }

    private static Task<ManagedPostgres> SharedAsync()
    {
        lock (Gate) return _shared ??= StartSharedAsync();
    }

    private static async Task<ManagedPostgres> StartSharedAsync()
    {
        RemoveLeftovers();
        string folder = Path.Combine(Path.GetTempPath(), FolderPrefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        ManagedPostgres postgres = await ManagedPostgres.StartAsync(
            new ManagedPostgresOptions { DataDirectory = folder }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
#pragma warning disable VSTHRD002 // The process ends when this handler returns; there is nobody to await for.
            postgres.DisposeAsync().AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            Directory.Delete(folder, recursive: true);
        };

        await ExecuteOnServerAsync(postgres, $"create database {Template}");
        await using (NpgsqlDataSource source = ChatDataSource.Create(WithDatabase(postgres, Template), "template", maxConnections: 2))
            await new Migrator(source, NullLogger<Migrator>.Instance).UpAsync(CancellationToken.None);
        return postgres;
    }

    /// <summary>Folders of test processes that were killed. Their PostgreSQL ended with them.</summary>
    private static void RemoveLeftovers()
    {
        foreach (string folder in Directory.GetDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            if (!int.TryParse(Path.GetFileName(folder).AsSpan(FolderPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                || Directory.Exists($"/proc/{pid}")) continue;
            // Several test processes clean up at once: only one can rename it, and that one deletes.
            string mine = string.Create(CultureInfo.InvariantCulture, $"{folder}-gone-{Environment.ProcessId}");
            try
            {
                if (Directory.GetFiles(folder, "postmaster.pid", SearchOption.AllDirectories).Length > 0) continue;
                Directory.Move(folder, mine);
            }
            catch (DirectoryNotFoundException)
            {
                continue; // another one was faster
            }
            Directory.Delete(mine, recursive: true);
        }
    }

    private static async Task ExecuteOnServerAsync(ManagedPostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string WithDatabase(ManagedPostgres postgres, string name) =>
        new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = name }.ConnectionString;
}
