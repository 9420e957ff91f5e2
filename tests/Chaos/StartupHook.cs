using System.Runtime.InteropServices;

/// <summary>
/// What .NET calls at the start of a process whose DOTNET_STARTUP_HOOKS names this assembly: on SIGUSR1 it blocks threads of the pool for a
/// while, as code that waits where it should not does. The server itself holds no hook. The runtime wants this name and no namespace.
/// </summary>
internal static class StartupHook
{
    private const int BlockedThreads = 64;
    private const int User1 = 10;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    private static PosixSignalRegistration? _registration; // held for the life of the process

    public static void Initialize() => _registration = PosixSignalRegistration.Create((PosixSignal)User1, context =>
    {
        context.Cancel = true;
        long until = Environment.TickCount64 + (long)Length.TotalMilliseconds; // of all of them: the pool has fewer threads at first
        for (int i = 0; i < BlockedThreads; i++) ThreadPool.UnsafeQueueUserWorkItem(_ => Block(until), null);
    });

    private static void Block(long until)
    {
        using var never = new ManualResetEventSlim();
        never.Wait((int)Math.Max(0, until - Environment.TickCount64));
    }
}
