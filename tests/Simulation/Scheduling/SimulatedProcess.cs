namespace Chat.Simulation.Scheduling;

/// <summary>
/// One process of the simulated world: a node, a client, the database. Continuations of its code come back to it through the
/// synchronization context, its timers through <see cref="Clock"/>. It can be stopped for a while (SIGSTOP: everything of it waits, timers
/// are late) and killed (nothing of it ever runs again).
/// </summary>
internal sealed class SimulatedProcess : SynchronizationContext
{
    /// <summary>How often work of a process waits for a thread while the world goes on.</summary>
    private const int LatePercent = 12;

    private readonly Scheduler _scheduler;
    private readonly Queue<(SendOrPostCallback? Callback, object Work)> _parked = new();
    private bool _isCatchingUp;

    public SimulatedProcess(Scheduler scheduler, int number, TimeSpan clockSkew)
    {
        (_scheduler, Number) = (scheduler, number);
        Clock = new ProcessClock(scheduler, this, clockSkew);
    }

    /// <summary>Small and unique in the schedule.</summary>
    public int Number { get; }

    public TimeProvider Clock { get; }

    public bool IsDead { get; private set; }

    public bool IsPaused { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        TimeSpan late = _scheduler.Random.Chance(LatePercent) ? _scheduler.Random.Between(0, 1.5) : TimeSpan.Zero;
        _scheduler.After(late, this, d, state);
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing in the simulation may wait for another thread: there is none.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs code of this process as soon as it has a thread.</summary>
    public void Start(Action action) => _scheduler.After(TimeSpan.Zero, this, action);

    public void Kill()
    {
        IsDead = true;
        _parked.Clear();
    }

    /// <summary>It is stopped, or has not yet caught up with what came while it was.</summary>
    public bool IsHeld => IsPaused || _parked.Count > 0;

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        if (!IsPaused) return;
        IsPaused = false;
        CatchUp();
    }

    /// <summary>What comes now waits behind what came before: bytes of one connection must not change places.</summary>
    internal void Park(SendOrPostCallback? callback, object work) => _parked.Enqueue((callback, work));

    private void CatchUp()
    {
        if (_isCatchingUp || _parked.Count == 0) return;
        _isCatchingUp = true;
        _scheduler.After(TimeSpan.FromTicks(1), () =>
        {
            _isCatchingUp = false;
            if (IsDead || IsPaused) return;
            (SendOrPostCallback? callback, object work) = _parked.Dequeue();
            _scheduler.RunAs(this, callback, work);
            CatchUp();
        });
    }

    /// <summary>Virtual time, as one process sees it: its wall clock may be wrong, its monotonic clock is not.</summary>
    private sealed class ProcessClock(Scheduler scheduler, SimulatedProcess process, TimeSpan skew) : TimeProvider
    {
        private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Start + skew + TimeSpan.FromTicks(scheduler.Now);

        // Not 0 at the start: some of the product's fields take 0 for "never".
        public override long GetTimestamp() => scheduler.Now + TimeSpan.TicksPerSecond;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ProcessTimer timer = new(scheduler, process, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class ProcessTimer(Scheduler scheduler, SimulatedProcess process, TimerCallback callback, object? state) : ITimer
    {
        private int _version;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _version++;
            _period = period;
            if (dueTime >= TimeSpan.Zero) Arm(dueTime);
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Arm(TimeSpan due)
        {
            int armed = _version;
            scheduler.After(due > TimeSpan.Zero ? due : TimeSpan.FromTicks(1), process, () =>
            {
                if (_version != armed) return;
                if (_period > TimeSpan.Zero) Arm(_period);
                callback(state);
            });
        }
    }
}
