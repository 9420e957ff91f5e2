using System.Diagnostics;
using System.Globalization;

using Chat.Storage.Managed;
using Chat.TestKit;

using Npgsql;

namespace Chat.Chaos.Cluster;

/// <summary>
/// A private PostgreSQL on loopback, with the programs, the user and the durability of the product's managed one, but started without its
/// guard: what kills, stops and restarts it is the fault matrix. Data and port stay over restarts. Not thread-safe.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const int StopTimeoutSeconds = 15;
    private const string InstalledRoot = "/usr/lib/postgresql";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(40);

    private readonly string _folder;
    private readonly PostgresPlan _plan;
    private readonly PostgresBinaries _binaries;
    private readonly PostgresUser _user;
    private LoggedProcess? _process;

    private PostgresServer(string folder, PostgresPlan plan, PostgresBinaries binaries, PostgresUser user)
    {
        (_folder, _plan, _binaries, _user) = (folder, plan, binaries, user);
        Port = FreePort.Next();
    }

    public int Port { get; }

    /// <summary>Of the postmaster.</summary>
    public int ProcessId => _process!.Id;

    public string DataDirectory => Path.Combine(_folder, "data");

    public string LogFile => Path.Combine(_folder, "postgres.log");

    /// <summary>Past every proxy.</summary>
    public string ConnectionString => ConnectionStringFor("127.0.0.1", Port);

    /// <summary>Folder of initdb, postgres and, where they are installed, the client programs.</summary>
    public string ProgramDirectory => _binaries.Directory;

    public static string ConnectionStringFor(string host, int port) => new NpgsqlConnectionStringBuilder
    {
        Host = host,
        Port = port,
        Username = "chat",
        Database = "chat",
        SslMode = SslMode.Disable,
    }.ConnectionString;

    public bool HasExited => _process!.HasExited;

    /// <summary>Who must own PostgreSQL's files below that folder, as chown takes it.</summary>
    public static async Task<string> FindOwnerAsync(string folder, CancellationToken ct)
    {
        string trial = Path.Combine(folder, "owner-trial"); // the search gives its directory to the user that it finds
        Directory.CreateDirectory(trial);
        IReadOnlyList<PostgresBinaries> found = await PostgresBinaries.FindAsync(
            new ManagedPostgresOptions { DataDirectory = folder }, InstalledRoot, ct);
        PostgresUser user = await PostgresUser.FindAsync(trial, found[0], ct);
        Directory.Delete(trial);
        return user.Owner ?? "";
    }

    /// <param name="folder">For data and log; made if it is not there.</param>
    /// <exception cref="ManagedPostgresException">There are no programs, or nobody to run them as.</exception>
    public static async Task<PostgresServer> StartAsync(string folder, PostgresPlan plan, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        IReadOnlyList<PostgresBinaries> found = await PostgresBinaries.FindAsync(
            new ManagedPostgresOptions { DataDirectory = folder }, InstalledRoot, ct);
        PostgresUser user = await PostgresUser.FindAsync(folder, found[0], ct);
        var server = new PostgresServer(folder, plan, found[0], user);
        try
        {
            await server.InitializeAsync(ct);
            await server.StartAgainAsync(ct);
            await server.ExecuteAsync("postgres", "create database chat", ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on its data, and returns when it takes connections: how long that took.</summary>
    /// <exception cref="IOException">It ended instead; the end of its log is in the message.</exception>
    public async Task<TimeSpan> StartAgainAsync(CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        if (_process is not null) await _process.DisposeAsync();
        string addresses = string.Join(',', (string[])["127.0.0.1", .. _plan.Listen.Select(listen => listen.Address)]);
        string[] settings =
        [
            $"listen_addresses={addresses}", $"port={Port}", "unix_socket_directories=", "fsync=on", "full_page_writes=on",
            "synchronous_commit=on",
            "max_connections=100", "shared_buffers=128MB", "jit=off", "timezone=UTC", "logging_collector=off", "log_destination=stderr",
            "wal_sync_method=fdatasync", .. _plan.Settings,
        ];
        // Its own variables are set behind the change of user: what libfaketime shares belongs to who loads it first.
        string[] variables = [.. _plan.Environment.Select(variable => $"{variable.Key}={variable.Value}")];
        IReadOnlyList<string> command = Command(
            "env", [.. variables, _binaries.Postgres, "-D", DataDirectory, .. settings.SelectMany(setting => (string[])["-c", setting])]);
        _process = LoggedProcess.Start(LogFile, _folder, command, Variables());
        await WaitUntilReadyAsync(ct);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Ends it without a checkpoint, as <c>pg_ctl stop -m immediate</c> does: the next start recovers from the WAL.</summary>
    public async Task StopImmediatelyAsync(CancellationToken ct)
    {
        _process!.Signal(Signals.Continue);
        _process.Signal(Signals.Quit);
        await _process.ExitedAsync(ct).WaitAsync(TimeSpan.FromSeconds(StopTimeoutSeconds), ct);
    }

    /// <summary>kill -9 of the postmaster and of every backend.</summary>
    public async Task KillAsync()
    {
        foreach (int process in Processes().Reverse()) Signals.Send(process, Signals.Kill);
        await _process!.KillAsync();
    }

    /// <summary>Sends a signal to the postmaster and every backend.</summary>
    public void SignalAll(int signal)
    {
        foreach (int process in Processes()) Signals.Send(process, signal);
    }

    /// <summary>The postmaster and its children.</summary>
    public IReadOnlyList<int> Processes() => [ProcessId, .. Signals.ChildrenOf(ProcessId)];

    /// <summary>Runs a statement on a connection of its own, past every proxy.</summary>
    public async Task<object?> ExecuteAsync(string database, string sql, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, Pooling = false, Timeout = 5 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Whether it takes connections now.</summary>
    public async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await ExecuteAsync("postgres", "select 1", ct);
            return true;
        }
        catch (Exception no) when (no is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Runs one of PostgreSQL's programs as PostgreSQL's user.</summary>
    /// <exception cref="IOException">It failed; what it said is in the message.</exception>
    public async Task RunProgramAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ShellResult done = await ShellCommand.RunAsync(Command(program, arguments), ct);
        if (!done.Succeeded) throw new IOException($"{program} failed: {done.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        foreach (int process in Processes()) Signals.Send(process, Signals.Continue);
        _process.Signal(Signals.Quit); // its data are thrown away
        await _process.DisposeAsync();
    }

    private IReadOnlyList<string> Command(string program, IReadOnlyList<string> arguments) =>
        [.. _plan.Prefix, .. _user.Command([program, .. arguments])];

    // Variables such as PGHOST would change what PostgreSQL's programs do.
    private static Dictionary<string, string?> Variables()
    {
        var variables = new Dictionary<string, string?> { ["LC_ALL"] = "C" };
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
            if (name.StartsWith("PG", StringComparison.Ordinal)) variables[name] = null;
        return variables;
    }

    private async Task InitializeAsync(CancellationToken ct)
    {
        await _user.TakeOwnershipAsync(_folder, ct);
        await File.WriteAllTextAsync(LogFile, "", ct); // ours to append to, whoever PostgreSQL runs as
        await RunProgramAsync(
            _binaries.Initdb,
            [
                "-D", DataDirectory, "-U", "chat", "--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-sync",
                "--no-instructions"
            ],
            ct);
        if (_plan.Listen.Count == 0) return;
        string rules = string.Concat(_plan.Listen.Select(listen => $"host all all {listen.Network} trust\n"));
        await RunProgramAsync("sh", ["-c", "printf %s \"$1\" >>\"$2\"", "sh", rules, Path.Combine(DataDirectory, "pg_hba.conf")], ct);
    }

    private async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(ct))
        {
            if (_process!.HasExited) throw new IOException($"PostgreSQL ended at its start:\n{_process.Tail()}");
            if (Stopwatch.GetElapsedTime(began) > StartTimeout)
                throw new IOException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"PostgreSQL took no connections within {StartTimeout.TotalSeconds} s:\n{_process.Tail()}"));
            await Task.Delay(Poll, TimeProvider.System, ct);
        }
    }
}
