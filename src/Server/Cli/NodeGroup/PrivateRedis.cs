using System.Text;
using Chat.Storage.Managed;

namespace Chat.Server.Cli.NodeGroup;

/// <summary>
/// A Redis of the group's own, behind a socket that only this user reaches: nothing is stored, because nodes only speak through it (architecture
/// decision D8).
/// </summary>
internal static class PrivateRedis
{
    private const string Program = "redis-server";

    private const string SocketName = "redis.sock";

    /// <summary>Without the zero behind it; Linux takes four more.</summary>
    private const int MaxSocketPathBytes = 103;

    /// <summary>Redis logs them as warnings, as it does what goes wrong.</summary>
    private static readonly string[] Notices =
    [
        "Redis is starting", "just started", "Reading config from stdin", "Configuration loaded", "Server initialized", "Memory overcommit must be enabled",
        "overcommit_memory is set to 0", "Transparent Huge Pages", "Received SIGTERM", "User requested shutdown", "ready to exit",
    ];

    /// <summary>
    /// Where the socket goes: below the data directory, or in a new folder of the system's for such when that path does not do for a socket, or
    /// not for <see cref="Cluster.ClusterOptions.Redis"/>.
    /// </summary>
    public static string MakeSocketPath(string dataDirectory)
    {
        string folder = Path.Combine(Path.GetFullPath(dataDirectory), "redis");
        string socket = Path.Combine(folder, SocketName);
        if (Encoding.UTF8.GetByteCount(socket) > MaxSocketPathBytes || socket.AsSpan().ContainsAny(",\"\\"))
            return Path.Combine(Directory.CreateTempSubdirectory("chat-redis-").FullName, SocketName);
        Directory.CreateDirectory(folder);
        return socket;
    }

    /// <exception cref="NodeGroupException">Redis is not installed.</exception>
    public static SupervisedProcess Create(string socket)
    {
        if (SearchPath.Find(Program) is not { } program)
            throw new NodeGroupException(
                "Redis is not installed, and several nodes speak through it. Install it (Debian, Ubuntu: sudo apt-get install "
                    + "redis-server), name one of your own with --set Cluster:Redis=host:port, or start one node: ./chat up.");

        string configuration = $"""
            port 0
            unixsocket "{socket}"
            unixsocketperm 700
            save ""
            appendonly no
            loglevel warning
            """;
        return new SupervisedProcess(
            "redis", print => ChildProcess.Start([program, "-"], new Dictionary<string, string>(), line => PrintFault(line, print), configuration),
            TimeSpan.FromSeconds(2));
    }

    /// <summary>Whether a line of its log is one that every start and stop brings, or a warning about memory for what is stored.</summary>
    internal static bool IsNotice(string line) => Notices.Any(notice => line.Contains(notice, StringComparison.Ordinal));

    private static void PrintFault(string line, Action<string> print)
    {
        if (!IsNotice(line)) print(line);
    }
}
