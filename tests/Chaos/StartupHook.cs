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
        for (int i = 0; i < BlockedThreads; i++) ThreadPool.UnsafeQueueUserWorkItem(_ => Block(), null);
    });

    private static void Block()
    {
        using var never = new ManualResetEventSlim();
        never.Wait(Length);
    }
}
