namespace Chat.Load.Engine;

/// <summary>How many files, and so connections, this process may have open (RLIMIT_NOFILE).</summary>
internal static unsafe class FileLimit
{
    private const int OwnFiles = 200; // the runtime's, the database's and the reports'

    /// <summary>Raises the soft limit to the hard one; processes started afterwards inherit it.</summary>
    /// <returns>Null when it suffices, otherwise what to do.</returns>
    public static string? RaiseFor(int connections)
    {
        Libc.ResourceLimit limit;
        if (Libc.GetLimit(Libc.LimitOfFiles, &limit) != 0) return null; // no limit to be had: the sockets themselves will tell

        if (limit.Soft < limit.Hard)
        {
            limit.Soft = limit.Hard;
            _ = Libc.SetLimit(Libc.LimitOfFiles, &limit); // judged below by what holds afterwards
            _ = Libc.GetLimit(Libc.LimitOfFiles, &limit);
        }

        ulong wanted = (ulong)(connections + OwnFiles);
        return limit.Soft >= wanted
            ? null
            : $"--connections is {connections}, which needs {wanted} open files, and this process may have {limit.Soft}: "
                + $"run 'ulimit -n {wanted}' first (root may raise the hard limit), or give fewer connections.";
    }
}
