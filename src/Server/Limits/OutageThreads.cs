using Chat.Server.Hosting;

namespace Chat.Server.Limits;

/// <summary>
/// Lets the pool start more threads while PostgreSQL is silent. A statement that is given up holds a thread then: Npgsql asks the server to
/// cancel it before it lets go, synchronously, and a server that stands still does not even take that connection, so that the thread waits
/// for the connection's timeout. The pool, which starts with a thread a core, adds one in half a second, and all who are to be refused at
/// once would wait for it. At all other times more threads than cores would only get in each other's way. The pool
/// is the process's: each host in it adds its own, and takes back no more than that. Not thread-safe.
/// </summary>
internal sealed class OutageThreads : IDisposable
{
    /// <summary>What was given up while it was silent holds its thread for a connection's timeout longer.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(10);

    /// <summary>Reading the pool's number and setting another is not one step.</summary>
    private static readonly Lock Pool = new();

    private readonly int _spare;
    private readonly TimeProvider _time;
    private bool _isRaised;
    private long _silentAt;

    public OutageThreads(Settings settings, TimeProvider time)
        : this(settings.Database.MaxConnections, time)
    {
    }

    /// <param name="spare">As many as there may be connections to PostgreSQL, each with a statement to give up.</param>
    internal OutageThreads(int spare, TimeProvider time) => (_spare, _time) = (spare, time);

    /// <summary>Called several times a second.</summary>
    public void Follow(bool isStorageSilent)
    {
        if (isStorageSilent)
        {
            _silentAt = _time.GetTimestamp();
            if (!_isRaised) _isRaised = TryAdd(_spare); // refused where it would be more than the pool may have: tried again
        }
        else if (_isRaised && _time.GetElapsedTime(_silentAt) >= Echo)
        {
            _isRaised = !TryAdd(-_spare);
        }
    }

    /// <summary>A host that ends in an outage leaves the pool as it was.</summary>
    public void Dispose()
    {
        if (_isRaised) _isRaised = !TryAdd(-_spare);
    }

    private static bool TryAdd(int workers)
    {
        lock (Pool)
        {
            ThreadPool.GetMinThreads(out int present, out int completionPorts);
            return ThreadPool.SetMinThreads(present + workers, completionPorts);
        }
    }
}
