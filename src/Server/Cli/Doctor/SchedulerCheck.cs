namespace Chat.Server.Cli.Doctor;

/// <summary>Whether the kernel shares processors out by session (<c>sched(7)</c>, "The autogroup feature") where that starves a node.</summary>
/// <remarks>
/// Each backend of PostgreSQL is a session of its own, a node with all its threads is one: beside a busy PostgreSQL a node that thousands
/// of clients come to gets a tenth of a processor (figures in docs/scaling.md). Sessions count among those alone that are in no group of the
/// processor's controller, so it is PostgreSQL's group that matters: as one, it is weighed as one, wherever the node is.
/// </remarks>
internal static class SchedulerCheck
{
    private const string Check = "scheduler";

    /// <param name="connectionString">Of the database; empty when the node runs its own.</param>
    /// <returns>Null where there is nothing of the kind.</returns>
    public static Finding? Run(string? connectionString)
    {
        if (ControlGroups.TryRead("/proc/sys/kernel/sched_autogroup_enabled") is not { } setting) return null;
        bool isAutogrouping = setting.Trim() == "1", isHere = isAutogrouping && HostNames.OfThisMachine().Include(connectionString);
        return Judge(isAutogrouping, isHere, isHere && IsGrouped(new ControlGroups(), string.IsNullOrEmpty(connectionString)));
    }

    /// <param name="isHere">PostgreSQL is on this machine.</param>
    /// <param name="isGrouped">It is a group of its own for the processor's controller.</param>
    internal static Finding Judge(bool isAutogrouping, bool isHere, bool isGrouped)
    {
        if (!isAutogrouping) return new(Check, Verdict.Good, "shares processors out by thread");
        if (!isHere) return new(Check, Verdict.Good, "shares processors out by session; PostgreSQL is elsewhere");
        if (isGrouped) return new(Check, Verdict.Good, "shares processors out by session, and PostgreSQL is in a control group, which is weighed as one");
        return new(
            Check, Verdict.Warning, "shares processors out by session, and PostgreSQL with a session a backend is on this machine",
            "Set kernel.sched_autogroup_enabled = 0 with sysctl, or run both as services with CPU weights of their own.");
    }

    /// <param name="isChild">The node starts PostgreSQL, in its own group.</param>
    internal static bool IsGrouped(ControlGroups groups, bool isChild)
    {
        IReadOnlyList<string> databases = isChild ? [] : groups.OfProcesses("postgres", "postmaster");
        // One that is not seen is in another container, and this process as well, or hidden by the system.
        return databases.Count > 0 ? databases.All(groups.AreWeighed) : groups.OfThisProcess() is { } own && groups.AreWeighed(own);
    }
}
