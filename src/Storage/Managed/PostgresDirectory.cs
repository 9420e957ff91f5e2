using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Chat.Storage.Managed;

/// <summary>
/// PostgreSQL's part of the data directory: <c>postgres/lock</c>, held while a server lives, and <c>postgres/MAJOR/</c> with
/// <c>data</c>, <c>socket</c> and <c>server.log</c>. Nothing in <c>data</c> is ever deleted.
/// </summary>
internal sealed class PostgresDirectory : IDisposable
{
    // sun_path of Linux holds 108 bytes with the closing zero.
    private const int MaxSocketPathBytes = 107;

    private readonly FileStream _lock;

    private PostgresDirectory(string root, FileStream lockFile) => (Root, _lock) = (root, lockFile);

    public string Root { get; }

    /// <summary>
    /// Makes the directory if needed and takes its lock; another live server on it, or one not writable, is an exception.
    /// </summary>
    public static PostgresDirectory Open(string dataDirectory)
    {
        string root = Path.Combine(Path.GetFullPath(dataDirectory), "postgres");
        try
        {
            Directory.CreateDirectory(root);
            string path = Path.Combine(root, "lock");
            FileStream file;
            try
            {
                // FileShare.None is an flock: the kernel lets go of it when we die, whatever the way.
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                string owner = ReadFirstLine(Path.Combine(root, "owner")) is { } pid ? $"(process {pid}) " : "";
                throw new ManagedPostgresException(
                    $"DataDirectory '{dataDirectory}' is locked: another server {owner}is running on it. "
                    + "Stop that one, or give this one a data directory and a port of its own: --data DIR --port P.");
            }
            // Beside the lock: a locked file cannot be read. For the message above only.
            File.WriteAllText(Path.Combine(root, "owner"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new PostgresDirectory(root, file);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new ManagedPostgresException(
                $"DataDirectory '{dataDirectory}' is not writable for user '{Environment.UserName}': {exception.Message} "
                + "Choose another data directory or give this user the right to write there.", exception);
        }
    }

    /// <summary>Major versions that have data here, the newest first.</summary>
    public IReadOnlyList<int> FindMajors() =>
    [
        .. Directory.GetDirectories(Root)
            .Where(folder => Directory.Exists(Path.Combine(folder, "data")))
            .Select(folder => Path.GetFileName(folder))
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : 0)
            .Where(major => major > 0)
            .OrderDescending(),
    ];

    /// <summary>The folder of one major version, made if absent, closed to everybody but its owner.</summary>
    [UnsupportedOSPlatform("windows")]
    public string CreateVersionFolder(int major)
    {
        string folder = Path.Combine(Root, major.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>
    /// Where the socket goes: below the version's folder, or in a short private folder when that path does not do for a socket.
    /// </summary>
    public static async Task<string> CreateSocketFolderAsync(string versionFolder, PostgresUser user, CancellationToken ct)
    {
        string folder = Path.Combine(versionFolder, "socket");
        // A comma or a quote has a meaning in a list of hosts, and in PostgreSQL's list of folders.
        if (Encoding.UTF8.GetByteCount(folder + "/.s.PGSQL.5432") > MaxSocketPathBytes || folder.AsSpan().ContainsAny(",\"'"))
        {
            byte[] hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(versionFolder));
            folder = "/tmp/chat-postgres-" + Convert.ToHexStringLower(hash, 0, 8);
        }
        // Below /tmp somebody else may have made it first: it must be a real folder of ours.
        const string Make = "umask 077; mkdir -p \"$1\" && test ! -L \"$1\" && test -O \"$1\" && chmod 700 \"$1\"";
        ShellResult made = await ShellCommand.RunAsync(user.Command("sh", "-c", Make, "sh", folder), ct);
        if (made.Succeeded) return folder;
        throw new ManagedPostgresException(
            $"'{folder}' for PostgreSQL's socket is not a private directory of {user.Description}: {made.Output}. Remove it, or "
            + "choose a shorter data directory.");
    }

    /// <summary>
    /// Waits for the end of a PostgreSQL that still runs on <paramref name="dataFolder"/> although we hold the lock: its server
    /// crashed a moment ago and it is shutting down. Also clears away the pid file of one that is dead.
    /// </summary>
    public static async Task WaitForOldServerAsync(string dataFolder, TimeSpan timeout, TimeProvider time, CancellationToken ct)
    {
        string pidFile = Path.Combine(dataFolder, "postmaster.pid");
        long started = time.GetTimestamp();
        while (ReadFirstLine(pidFile) is { } line)
        {
            if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || !IsPostgresOf(pid, dataFolder))
            {
                // A number that now belongs to another program would keep PostgreSQL from starting for ever.
                File.Delete(pidFile);
                return;
            }
            if (time.GetElapsedTime(started) > timeout)
                throw new ManagedPostgresException(
                    $"PostgreSQL (process {pid}) still runs on '{dataFolder}' {timeout.TotalSeconds:0} s after its server ended. "
                    + $"End it with 'kill -INT {pid}' and start again.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, ct);
        }
    }

    /// <summary>Whether the server on <paramref name="dataFolder"/> says of itself that it accepts connections.</summary>
    public static bool IsReady(string dataFolder)
    {
        // Line 8 is the state, as pg_ctl reads it. The file is written in place: a line may be missing for a moment.
        string[] lines = ReadLines(Path.Combine(dataFolder, "postmaster.pid"));
        return lines.Length >= 8 && lines[7].Trim() == "ready";
    }

    /// <summary>The socket folder of the server that runs on <paramref name="dataFolder"/> and is ready; null if none is.</summary>
    public static string? FindSocketFolder(string dataFolder)
    {
        string[] lines = ReadLines(Path.Combine(dataFolder, "postmaster.pid")); // line 1 is the process, line 5 the folder of its socket
        bool runs = lines.Length >= 8 && lines[7].Trim() == "ready"
            && int.TryParse(lines[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && IsPostgresOf(pid, dataFolder);
        return runs ? lines[4].Trim() : null;
    }

    public void Dispose() => _lock.Dispose();

    private static bool IsPostgresOf(int pid, string dataFolder)
    {
        string process = $"/proc/{pid}";
        if (ReadFirstLine(process + "/comm") is not ("postgres" or "postmaster")) return false;
        if (ReadFirstLine(process + "/stat")?.Contains(" Z ", StringComparison.Ordinal) != false) return false; // dead, not yet reaped
        // The postmaster works in its data folder. Compared by its end: the path may lead through links.
        string tail = string.Join('/', dataFolder.Split('/')[^3..]);
        return new FileInfo(process + "/cwd").LinkTarget is not { } cwd || cwd.EndsWith(tail, StringComparison.Ordinal);
    }

    private static string? ReadFirstLine(string path) => ReadLines(path) is [var first, ..] ? first.Trim() : null;

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (IOException) when (path.StartsWith("/proc/", StringComparison.Ordinal))
        {
            return []; // the process ended while its file was read (ESRCH)
        }
    }
}
