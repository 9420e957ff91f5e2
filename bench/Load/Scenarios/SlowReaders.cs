using System.Net;

using Chat.Load.Dialects;
using Chat.Load.Engine;
using Chat.Load.Seed;

namespace Chat.Load.Scenarios;

/// <summary>Sessions that sign in and read nothing from then on: their sockets fill, until the server ends them.</summary>
internal sealed class SlowReaders : IDisposable
{
    private const int Opening = 256;
    private static readonly long LongestLook = 10 * Clock.Second;

    private readonly SocketLoop _loop;
    private readonly ChatSessions _sessions;
    private readonly LoadConnection[] _connections;

    /// <param name="seeded">The first <paramref name="count"/> of its accounts have one each.</param>
    public SlowReaders(IReadOnlyList<IPEndPoint> servers, SeededChats seeded, int count)
    {
        _connections = [.. Enumerable.Range(0, count).Select(i => new LoadConnection(i)
        {
            Server = i % servers.Count,
            HasSmallBuffers = true,
        })];
        _sessions = new ChatSessions(seeded);
        _loop = new SocketLoop(servers, _connections, _sessions);
        _sessions.Loop = _loop;
    }

    /// <summary>Signs all of them in. Nobody looks at them any more once it has returned.</summary>
    /// <exception cref="IOException">Some were not welcomed in time.</exception>
    public void Open(TextWriter progress, CancellationToken ct)
    {
        double seconds = new Arrival(_loop, _sessions, _connections, Opening, progress).Run(ct);
        if (_sessions.Ready < _connections.Length)
            throw new IOException($"Only {_sessions.Ready} of {_connections.Length} slow readers were welcomed after {seconds:0} s: {_sessions.FirstClose}.");
        progress.WriteLine($"  {_connections.Length} slow readers are signed in");
    }

    /// <summary>Reads what waits for them, up to the end of those that the server ended.</summary>
    public int CountEnded()
    {
        long until = Clock.Now + LongestLook;
        for (int before = -1; before < _sessions.Disconnected && Clock.Now < until;)
        {
            before = _sessions.Disconnected;
            for (long quiet = Clock.Now + Clock.Second; Clock.Now < quiet;) _loop.Poll(Clock.Second / 20);
        }

        return _sessions.Disconnected;
    }

    public void Dispose() => _loop.Dispose();
}
