using Chat.Load.Dialects;
using Chat.Load.Engine;

namespace Chat.Load.Scenarios;

/// <summary>Lets sessions come until all are welcomed, a bounded number at a time; one that is turned away comes again.</summary>
internal sealed class Arrival(SocketLoop loop, ChatSessions sessions, LoadConnection[] connections, int opening, TextWriter progress)
{
    private static readonly long Timeout = 120 * Clock.Second;
    private static readonly long PauseBeforeAgain = Clock.Second / 10;

    public int Repeated { get; private set; }

    /// <returns>Seconds until the last welcome, or until it gave up.</returns>
    public double Run(CancellationToken ct)
    {
        long began = Clock.Now;
        long told = began;
        int next = 0;
        Queue<(LoadConnection Connection, long At)> again = new();
        while (sessions.Ready < connections.Length)
        {
            ct.ThrowIfCancellationRequested();
            long now = Clock.Now;
            if (now - began > Timeout) break;

            while (sessions.TryTakeEnded(out LoadConnection ended))
            {
                Repeated++;
                again.Enqueue((ended, now + PauseBeforeAgain));
            }

            while (again.TryPeek(out (LoadConnection Connection, long At) due) && due.At <= now && HasRoom(next, again.Count))
                sessions.Arrive(again.Dequeue().Connection);
            while (next < connections.Length && HasRoom(next, again.Count)) sessions.Arrive(connections[next++]);
            loop.Poll(Clock.Second / 1_000);
            if (now - told < Clock.Second) continue;

            told = now;
            progress.WriteLine($"  {sessions.Ready} of {connections.Length} sessions are welcomed");
        }

        return Clock.Seconds(Clock.Now - began);
    }

    private bool HasRoom(int begun, int waiting) => begun - waiting - sessions.Ready < opening;
}
