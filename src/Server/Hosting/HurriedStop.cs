using System.Diagnostics;
using System.Runtime.InteropServices;
using Chat.Server.Sessions;

namespace Chat.Server.Hosting;

/// <summary>
/// A second SIGTERM or Ctrl-C means at once: nobody is waited for any more. What still does not end (a database that does not answer) is
/// cut off like a crash, which loses nothing that was acked.
/// </summary>
internal sealed class HurriedStop : IDisposable
{
    /// <summary>How long the end may take from the second signal on.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(3);

    private readonly SessionDrain _drain;
    private readonly ILogger _log;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly ManualResetEventSlim _ended = new();
    private int _signals;

    public HurriedStop(SessionDrain drain, ILogger log)
    {
        (_drain, _log) = (drain, log);
        PosixSignal[] signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    public void Dispose()
    {
        _ended.Set();
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // the first one is the command line's: it begins the drain
        if (Interlocked.Increment(ref _signals) != 2) return;
        HostLog.StopHurried(_log);
        _drain.Hurry();
        new Thread(CutOff) { IsBackground = true, Name = "hurried stop" }.Start();
    }

    private void CutOff()
    {
        if (_ended.Wait(LongestEnd)) return;
        using Process self = Process.GetCurrentProcess();
        self.Kill();
    }
}
