using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.Storage.Managed;

/// <summary>
/// A private PostgreSQL in the data directory, for one machine with nothing configured (D13): a child process, reachable over a unix
/// socket only, that goes when this process goes and whose data stay. Thread-safe.
/// </summary>
public sealed partial class ManagedPostgres : IAsyncDisposable
{
    private const string DatabaseName = "chat";
    private const string UserName = "chat";
    private const string InstalledRoot = "/usr/lib/postgresql";

    private readonly PostgresDirectory _directory;
    private readonly PostgresProcess _process;
    private readonly string _socketFolder;

    private ManagedPostgres(
        PostgresDirectory directory,
        PostgresProcess process,
        string dataDirectory,
        string socketFolder,
        string connectionString,
        Version version)
    {
        (_directory, _process, _socketFolder) = (directory, process, socketFolder);
        (DataDirectory, ConnectionString, Version) = (dataDirectory, connectionString, version);
    }

    /// <summary>To the database <c>chat</c>, as its owner.</summary>
    public string ConnectionString { get; }

    /// <summary>Of the PostgreSQL that runs.</summary>
    public Version Version { get; }

    /// <summary>The folder of this major version below the server's data directory.</summary>
    public string DataDirectory { get; }

    /// <summary>
    /// Ends when PostgreSQL has ended; before <see cref="DisposeAsync"/> that is a fault, and the server should stop too.
    /// </summary>
    public Task Exited => _process.Exited;

    /// <summary>Says which programs a start would take, for instance <c>15.18 in /usr/lib/postgresql/15/bin</c>. Starts nothing.</summary>
    /// <exception cref="ManagedPostgresException">There are none; the message says what to do.</exception>
    public static async Task<string> DescribeBinariesAsync(ManagedPostgresOptions options, CancellationToken ct)
    {
        IReadOnlyList<PostgresBinaries> found = await PostgresBinaries.FindAsync(options, InstalledRoot, ct);
        return $"{found[0].Version} in {found[0].Directory}";
    }

    /// <summary>Whether a start would find a database there, or make one.</summary>
    public static bool HasData(string dataDirectory)
    {
        string root = Path.Combine(Path.GetFullPath(dataDirectory), "postgres");
        return Directory.Exists(root) && Directory.GetDirectories(root).Any(folder => Directory.Exists(Path.Combine(folder, "data")));
    }

    /// <summary>The way to the managed PostgreSQL that another process runs on this data directory now; null when none runs. Starts nothing.</summary>
    /// <exception cref="ManagedPostgresException">This user may not look into the directory.</exception>
    public static string? FindRunning(string dataDirectory)
    {
        string root = Path.Combine(Path.GetFullPath(dataDirectory), "postgres");
        if (!Directory.Exists(root)) return null;
        try
        {
            string? socket = Directory.GetDirectories(root)
                .Select(folder => PostgresDirectory.FindSocketFolder(Path.Combine(folder, "data")))
                .FirstOrDefault(folder => folder is not null);
            return socket is null ? null : ConnectionStringTo(socket).ConnectionString;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ManagedPostgresException(
                $"DataDirectory '{dataDirectory}' is closed to user '{Environment.UserName}': run this as the user that runs the server.", exception);
        }
    }

    /// <summary>Starts PostgreSQL, making its database at the first start, and returns when it accepts connections.</summary>
    /// <exception cref="ManagedPostgresException">It cannot run here; the message says why and what to do. Nothing is left
    /// running.</exception>
    public static async Task<ManagedPostgres> StartAsync(
        ManagedPostgresOptions options, TimeProvider time, ILogger log, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
            throw new ManagedPostgresException(
                "The managed PostgreSQL runs on Linux only. Give the server a connection string to a PostgreSQL of your own.");

        PostgresDirectory directory = PostgresDirectory.Open(options.DataDirectory);
        try
        {
            IReadOnlyList<PostgresBinaries> found = await PostgresBinaries.FindAsync(options, InstalledRoot, ct);
            PostgresBinaries binaries = Choose(found, directory.FindMajors(), options);
            string folder = directory.CreateVersionFolder(binaries.Version.Major);
            PostgresUser user = await PostgresUser.FindAsync(folder, binaries, ct);
            string data = Path.Combine(folder, "data");
            await InitializeAsync(folder, data, binaries, user, ct);
            await PostgresDirectory.WaitForOldServerAsync(data, options.OldServerTimeout, time, ct);
            string socket = await PostgresDirectory.CreateSocketFolderAsync(folder, user, ct);

            PostgresProcess process = PostgresProcess.Start(
                user, Path.Combine(folder, "server.log"), [binaries.Postgres, .. Arguments(data, socket, options)], time);
            try
            {
                await WaitUntilReadyAsync(process, folder, options, time, ct);
                string connectionString = await OpenDatabaseAsync(socket, ct);
                Started(log, binaries.Version, user.Description, folder);
                return new ManagedPostgres(directory, process, folder, socket, connectionString, binaries.Version);
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Shuts PostgreSQL down. Connections still open are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        // One below /tmp would stay for ever; it is made again at the next start.
        if (Directory.Exists(_socketFolder)) Directory.Delete(_socketFolder, recursive: true);
        _directory.Dispose();
    }

    /// <summary>Existing data decide the major version; without data the preferred programs do.</summary>
    private static PostgresBinaries Choose(IReadOnlyList<PostgresBinaries> found, IReadOnlyList<int> majors, ManagedPostgresOptions options)
    {
        if (majors.Count == 0) return found[0];
        foreach (int major in majors)
            if (found.FirstOrDefault(binaries => binaries.Version.Major == major) is { } match) return match;

        string have = string.Join(", ", found.Select(binaries => $"{binaries.Version} in {binaries.Directory}"));
        throw new ManagedPostgresException(
            $"DataDirectory '{options.DataDirectory}' holds a database of PostgreSQL {string.Join(" and ", majors)}, "
            + "but the programs found are of "
            + $"another major version ({have}). Install PostgreSQL {majors[0]} next to it (Debian, Ubuntu: apt-get install "
            + $"postgresql-{majors[0]}) or set "
            + $"{PostgresBinaries.EnvironmentVariable} to its bin folder; or move the data over with pg_upgrade or pg_dump; or "
            + "choose a new data directory. Nothing was changed.");
    }

    private static async Task InitializeAsync(
        string folder, string data, PostgresBinaries binaries, PostgresUser user, CancellationToken ct)
    {
        await user.TakeOwnershipAsync(folder, ct);
        if (Directory.Exists(data)) return;

        // A half-made database has another name and can go: it was never started. One that was started and lost its new name in a
        // power cut has postmaster.opts and is taken as it is. One sync of the file system does what a thousand of single files would
        // (40 ms for 600 here), the new name included.
        string unfinished = data + ".new";
        const string Initialize = """
            set -e
            if [ ! -e "$2/postmaster.opts" ]; then
                rm -rf "$2"
                "$1" -D "$2" -U chat --auth=trust --encoding=UTF8 --locale=C --data-checksums --no-sync --no-instructions >/dev/null
            fi
            mv "$2" "$3"
            sync -f "$4" || sync
            """;
        ShellResult made = await ShellCommand.RunAsync(
            user.Command("sh", "-c", Initialize, "sh", binaries.Initdb, unfinished, data, folder), ct);
        if (!made.Succeeded)
            throw new ManagedPostgresException(
                $"PostgreSQL {binaries.Version} could not make a database in '{folder}' (as {user.Description}): {made.Output}");
    }

    // Durability is named although it is the default: a postgresql.conf edited by hand must not take it away unseen.
    private static IEnumerable<string> Arguments(string data, string socket, ManagedPostgresOptions options)
    {
        string[] settings =
        [
            "listen_addresses=", $"unix_socket_directories=\"{socket}\"", "unix_socket_permissions=0700", "port=5432",
            "fsync=on", "full_page_writes=on", "synchronous_commit=on",
            // Sixteen nodes with all their pools full (ADR 0016).
            "max_connections=300", $"shared_buffers={SharedBuffersMegabytes()}MB", "max_wal_size=1GB", "random_page_cost=1.1", "jit=off", "autovacuum_naptime=15s",
            "timezone=UTC", "log_timezone=UTC", "logging_collector=off", "log_destination=stderr", "log_min_messages=warning",
            "cluster_name=chat",
            .. options.ExtraSettings,
        ];
        return ["-D", data, .. settings.SelectMany(setting => (string[])["-c", setting])];
    }

    /// <summary>
    /// An eighth of the machine's (or the container's) memory, from 128 MB to 1 GB. Each message touches a random leaf of two indexes: with
    /// 1.5 million messages, 512 MB instead of 128 took a message from 21 to 15 µs of PostgreSQL's time (ADR 0011).
    /// </summary>
    private static long SharedBuffersMegabytes() =>
        Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8 / (1 << 20), 128, 1_024);

    private static async Task WaitUntilReadyAsync(
        PostgresProcess process, string folder, ManagedPostgresOptions options, TimeProvider time, CancellationToken ct)
    {
        string data = Path.Combine(folder, "data");
        long started = time.GetTimestamp();
        while (!PostgresDirectory.IsReady(data))
        {
            if (process.Exited.IsCompleted)
                throw new ManagedPostgresException($"PostgreSQL ended at its start. {process.ReadEarlyErrors()} {TailOfLog(folder)}");
            if (time.GetElapsedTime(started) > options.StartTimeout)
                throw new ManagedPostgresException(
                    $"PostgreSQL did not accept connections within StartTimeout ({options.StartTimeout.TotalSeconds:0} s). "
                    + $"{TailOfLog(folder)}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, ct);
        }
    }

    private static async Task<string> OpenDatabaseAsync(string socket, CancellationToken ct)
    {
        NpgsqlConnectionStringBuilder builder = ConnectionStringTo(socket);
        string connectionString = builder.ConnectionString;
        builder.Pooling = false;
        try
        {
            await using var connection = new NpgsqlConnection(builder.ConnectionString);
            await connection.OpenAsync(ct);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            builder.Database = "postgres";
            await using var connection = new NpgsqlConnection(builder.ConnectionString);
            await connection.OpenAsync(ct);
            await using var create = new NpgsqlCommand("create database chat", connection);
            await create.ExecuteNonQueryAsync(ct);
        }
        return connectionString;
    }

    private static NpgsqlConnectionStringBuilder ConnectionStringTo(string socket) =>
        new() { Host = socket, Port = 5432, Username = UserName, Database = DatabaseName };

    private static string TailOfLog(string folder)
    {
        string path = Path.Combine(folder, "server.log");
        if (!File.Exists(path)) return "";
        return $"The end of '{path}': " + string.Join(" | ", File.ReadLines(path).TakeLast(5));
    }

    [LoggerMessage(EventId = EventIds.ManagedPostgresStarted, Level = LogLevel.Information, Message = "Managed PostgreSQL {Version} runs as {User} in {Folder}")]
    private static partial void Started(ILogger logger, Version version, string user, string folder);
}
