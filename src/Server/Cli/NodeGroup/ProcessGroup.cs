using System.Runtime.InteropServices;

namespace Chat.Server.Cli.NodeGroup;

/// <summary>
/// Takes a node out of the process group of the terminal that its group was started from, so that Ctrl-C reaches who starts and stops it, and
/// leaves it in the session. A session of its own would do the first too, but Linux shares processors out between sessions (autogroup,
/// sched(7)): each node, whatever it has to do, would get no more than each of PostgreSQL's processes, every one of which is a session (ADR 0041).
/// </summary>
internal static partial class ProcessGroup
{
    /// <summary>The variable that tells a process to leave.</summary>
    public const string Variable = "CHAT_OWN_PROCESS_GROUP";

    /// <summary>Does so if we were told to; children of ours are not.</summary>
    public static void LeaveIfTold()
    {
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable(Variable) is null) return;
        Environment.SetEnvironmentVariable(Variable, null);
        _ = setpgid(0, 0); // refused to one who leads a session: that has a group of its own
    }

    [LibraryImport("libc")]
    private static partial int setpgid(int process, int group);
}
