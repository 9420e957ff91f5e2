namespace Chat.Protocol.Tests.Support;

/// <summary>Counts what an action allocates on this thread.</summary>
internal static class Allocation
{
    /// <summary>Promises 4.7: no hostile input may cost more.</summary>
    public const long HostileCeilingBytes = 64 * 1024;

    /// <summary>Bytes of one run; a first run, not counted, pays for what is made once.</summary>
    public static long Of(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
