using Chat.Chaos.Cluster;
using Chat.Load.Dialects;
using Chat.Load.Engine;
using Chat.Load.Scenarios;
using Chat.Load.Seed;

namespace Chat.Chaos.Faults;

/// <summary>
/// Thousands of signed-in sessions that say nothing, on the load generator's engine: what a drain, a herd or vanished clients need. The
/// thread that polls it only.
/// </summary>
internal sealed class SilentSessions : IDisposable
{
    private const int Opening = 256;
    private const int ChatsEach = 2;

    private readonly ChatSessions _sessions;
    private readonly LoadConnection[] _connections;
    private SocketLoop _loop;

    private SilentSessions(SocketLoop loop, ChatSessions sessions, LoadConnection[] connections)
    {
        (_loop, _sessions, _connections) = (loop, sessions, connections);
        _sessions.Loop = loop;
    }

    /// <summary>Sessions that are welcomed.</summary>
    public int Ready => _sessions.Ready;

    public int Count => _connections.Length;

    /// <summary>When each session that got a goodbye was told to come back, in ms from then.</summary>
    public IReadOnlyList<int> ReconnectAfterMs => _sessions.ReconnectAfterMs;

    /// <summary>Sessions that the server ended.</summary>
    public int Ended => _sessions.Disconnected;

    /// <summary>From the beginning to connect to the welcome, at that share of the sessions.</summary>
    public double ArrivalMilliseconds(double share) => _sessions.Arrivals.Milliseconds(share);

    /// <summary>Welcomes that did not say what the position called for.</summary>
    public int WrongResumes => _sessions.WrongResumes;

    /// <summary>Makes the accounts and their chats directly in the database.</summary>
    /// <param name="count">A multiple of 10.</param>
    public static async Task<SilentSessions> SeedAsync(ChaosCluster cluster, ServerNode node, int count, CancellationToken ct)
    {
        var target = new LoadTarget(node.Url, cluster.Postgres.ConnectionString, cluster.SigningKey, ProcessId: null);
        var plan = new SessionPlan(count, ChatsEach);
        var sessions = new ChatSessions(await plan.SeedAsync(target, ct));
        LoadConnection[] connections = [.. Enumerable.Range(0, count).Select(i => new LoadConnection(i))];
        return new SilentSessions(new SocketLoop([node.EndPoint], connections, sessions), sessions, connections);
    }

    /// <summary>Connects all of them: how long that took.</summary>
    public TimeSpan Connect(CancellationToken ct)
    {
        double seconds = new Arrival(_loop, _sessions, _connections, Opening, TextWriter.Null).Run(ct);
        if (Ready < Count) throw new IOException($"Only {Ready} of {Count} sessions were welcomed; {_sessions.FirstClose}.");
        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Lets sessions come for at most that long, each once: how many were welcomed.</summary>
    public int ConnectFor(TimeSpan bound, CancellationToken ct)
    {
        int next = 0, ended = 0;
        for (long until = Clock.Now + Clock.Nanoseconds(bound); Clock.Now < until && Ready + ended < Count;)
        {
            ct.ThrowIfCancellationRequested();
            while (_sessions.TryTakeEnded(out _)) ended++;
            while (next < Count && next - Ready - ended < Opening) _sessions.Arrive(_connections[next++]);
            _loop.Poll(Clock.Second / 1_000);
        }

        return Ready;
    }

    /// <summary>
    /// Gives up all connections; the next <see cref="Connect"/> goes to that node, with the positions that each session holds.
    /// </summary>
    public void MoveTo(ServerNode node)
    {
        CloseAll();
        _loop.Dispose();
        _loop = _sessions.Loop = new SocketLoop([node.EndPoint], _connections, _sessions);
        _sessions.Forget();
    }

    /// <summary>Takes what comes for that long.</summary>
    public void Poll(TimeSpan time, CancellationToken ct)
    {
        for (long until = Clock.Now + Clock.Nanoseconds(time); Clock.Now < until;)
        {
            ct.ThrowIfCancellationRequested();
            _loop.Poll(Clock.Second / 50);
        }
    }

    public void Dispose()
    {
        CloseAll();
        _loop.Dispose();
    }

    private void CloseAll()
    {
        foreach (LoadConnection connection in _connections) _loop.Close(connection);
    }
}
