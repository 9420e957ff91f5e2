using Chat.Storage.Managed;

namespace Chat.Server.Cli.NodeGroup;

/// <summary>A Redis of the group's own: nothing is stored, because nodes only speak through it (architecture decision D8).</summary>
internal static class PrivateRedis
{
    private const string Program = "redis-server";

    /// <summary>Redis logs them as warnings, as it does what goes wrong.</summary>
    private static readonly string[] Notices =
    [
        "Redis is starting", "just started", "Reading config from stdin", "Configuration loaded", "Server initialized", "Memory overcommit must be enabled",
        "overcommit_memory is set to 0", "Transparent Huge Pages", "Received SIGTERM", "User requested shutdown", "ready to exit",
    ];

    /// <exception cref="NodeGroupException">Redis is not installed.</exception>
    public static SupervisedProcess Create(int port, string password)
    {
        if (SearchPath.Find(Program) is not { } program)
            throw new NodeGroupException(
                "Redis is not installed, and several nodes speak through it. Install it (Debian, Ubuntu: sudo apt-get install "
                    + "redis-server), name one of your own with --set Cluster:Redis=host:port, or start one node: ./chat up.");

        string configuration = $"""
            bind 127.0.0.1
            port {port}
            requirepass {password}
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
