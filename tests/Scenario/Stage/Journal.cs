using System.Collections.Concurrent;

namespace Chat.Scenario.Stage;

/// <summary>What was done in the day and how it ended. Thread-safe.</summary>
internal sealed class Journal
{
    private const int SlowestKept = 3;

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<StoredMessage> _acked = new();
    private readonly ConcurrentQueue<PlannedMessage> _planned = new();
    private readonly PriorityQueue<string, TimeSpan> _slowest = new();
    private int _done;
    private int _refused;
    private int _repeated;

    /// <summary>What must not have happened.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Every message that was acked.</summary>
    public IReadOnlyCollection<StoredMessage> Acked => _acked;

    public void Ack(StoredMessage message) => _acked.Enqueue(message);

    /// <summary>Every message that was written for later.</summary>
    public IReadOnlyCollection<PlannedMessage> Planned => _planned;

    public void Plan(PlannedMessage message) => _planned.Enqueue(message);

    public void Fault(string what) => _faults.Enqueue(what);

    public void Done(string what, TimeSpan took)
    {
        Interlocked.Increment(ref _done);
        lock (_slowest)
        {
            _slowest.Enqueue($"{what} took {took.TotalSeconds:0.0} s", took);
            if (_slowest.Count > SlowestKept) _slowest.Dequeue();
        }
    }

    /// <summary>What took longest.</summary>
    public IReadOnlyList<string> Slowest
    {
        get { lock (_slowest) return [.. _slowest.UnorderedItems.OrderByDescending(one => one.Priority).Select(one => one.Element)]; }
    }

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Repeated() => Interlocked.Increment(ref _repeated);

    public override string ToString() => $"{_done} things done, {_refused} refused as they should be, {_repeated} tried again; {_acked.Count} messages acked";
}
