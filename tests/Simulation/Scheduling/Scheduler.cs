namespace Chat.Simulation.Scheduling;

/// <summary>
/// The one order of everything that happens in a schedule: a queue of events in virtual time, taken by one thread. Which of several things
/// that could be next is next, and how long each takes, comes from the seed; nothing else decides.
/// </summary>
internal sealed class Scheduler
{
    /// <summary>Work that is ready at the same moment is taken in any order within this many places, as a thread pool would.</summary>
    private const int ReadyWindow = 4;

    private readonly PriorityQueue<Entry, Place> _queue = new(256);
    private readonly List<Entry> _ready = new(32);
    private int _readyFrom;
    private long _order;

    [ThreadStatic]
    private static Scheduler? t_current;

    public Scheduler(Prng random)
    {
        Random = random;
        t_current = this;
    }

    /// <summary>The scheduler whose schedule runs on this thread.</summary>
    public static Scheduler Current => t_current!;

    public Prng Random { get; }

    /// <summary>Virtual time since the start, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    /// <summary>Events taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>A hash of the order of events: the same for two runs of one seed, or the simulation is not deterministic.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037UL;

    /// <summary>Runs something of no process after a while: the network, the faults, the judge.</summary>
    public void After(TimeSpan delay, Action action) => Enqueue(delay, new Entry(null, null, action));

    /// <summary>Runs something of a process after a while: not before it is awake again, and never after its death.</summary>
    public void After(TimeSpan delay, SimulatedProcess process, Action action) => Enqueue(delay, new Entry(process, null, action));

    public void After(TimeSpan delay, SimulatedProcess process, SendOrPostCallback callback, object? state) =>
        Enqueue(delay, new Entry(process, callback, state));

    /// <summary>Takes events until <paramref name="isOver"/> or until the time has come.</summary>
    /// <returns>False when the time came first.</returns>
    public bool RunUntil(TimeSpan deadline, Func<bool> isOver)
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        try
        {
            while (!isOver())
            {
                if (!TryTake(deadline.Ticks, out Entry entry)) return false;
                Run(in entry);
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs work now, as code of a process.</summary>
    public void RunAs(SimulatedProcess? process, SendOrPostCallback? callback, object? work)
    {
        SynchronizationContext.SetSynchronizationContext(process);
        if (callback is not null) callback(work);
        else ((Action)work!)();
    }

    private void Enqueue(TimeSpan delay, Entry entry)
    {
        // A way out to the thread pool that Simulated.targets does not know would spoil the queue, once in many runs and somewhere else.
        if (t_current != this) throw new InvalidOperationException("Something of a schedule runs on another thread than its scheduler.");
        if (delay <= TimeSpan.Zero) _ready.Add(entry);
        else _queue.Enqueue(entry, new Place(Now + delay.Ticks, ++_order));
    }

    private bool TryTake(long deadline, out Entry entry)
    {
        int ready = _ready.Count - _readyFrom;
        if (ready > 0)
        {
            int at = _readyFrom + (ready == 1 ? 0 : Random.Next(Math.Min(ready, ReadyWindow)));
            entry = _ready[at];
            _ready[at] = _ready[_readyFrom];
            _ready[_readyFrom++] = default;
            if (_readyFrom == _ready.Count)
            {
                _ready.Clear();
                _readyFrom = 0;
            }

            return true;
        }

        if (!_queue.TryPeek(out entry, out Place place) || place.At > deadline)
        {
            Now = deadline;
            return false;
        }

        _queue.Dequeue();
        Now = place.At;
        return true;
    }

    private void Run(in Entry entry)
    {
        if (entry.Process is { } process)
        {
            if (process.IsDead) return;
            if (process.IsHeld)
            {
                process.Park(entry.Callback, entry.Work!);
                return;
            }
        }

        Steps++;
        Fingerprint = (Fingerprint ^ (ulong)Now ^ ((ulong)(entry.Process?.Number ?? 0) << 56)) * 1099511628211UL;
        RunAs(entry.Process, entry.Callback, entry.Work);
    }

    /// <summary>When an event is, and its order among those of that moment.</summary>
    private readonly record struct Place(long At, long Order) : IComparable<Place>
    {
        public int CompareTo(Place other) => At != other.At ? At.CompareTo(other.At) : Order.CompareTo(other.Order);
    }

    private readonly record struct Entry(SimulatedProcess? Process, SendOrPostCallback? Callback, object? Work);
}
