namespace Chat.Server.Limits;

/// <summary>
/// Lets the pool start more threads while PostgreSQL is silent. A statement that is given up holds a thread then: Npgsql asks the server to
/// cancel it before it lets go, synchronously, and a server that stands still does not even take that connection, so that the thread waits
/// for the connection's timeout. The pool, which starts with a thread a core, adds one in half a second, and all who are to be refused at
/// once would wait for it. At all other times more threads than cores would only get in each other's way. Not thread-safe.
/// </summary>
internal sealed class OutageThreads(TimeProvider time)
{
    /// <summary>As many as there may be connections to PostgreSQL, each with a statement to give up.</summary>
    private const int Spare = 16;

    /// <summary>What was given up while it was silent holds its thread for a connection's timeout longer.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(10);

    private int _usual;
    private long _silentAt;

    /// <summary>Called several times a second.</summary>
    public void Follow(bool isStorageSilent)
    {
        if (isStorageSilent)
        {
            _silentAt = time.GetTimestamp();
            if (_usual != 0) return;

            ThreadPool.GetMinThreads(out _usual, out int completionPorts);
            ThreadPool.SetMinThreads(_usual + Spare, completionPorts);
        }
        else if (_usual != 0 && time.GetElapsedTime(_silentAt) >= Echo)
        {
            ThreadPool.GetMinThreads(out _, out int completionPorts);
            ThreadPool.SetMinThreads(_usual, completionPorts);
            _usual = 0;
        }
    }
}
