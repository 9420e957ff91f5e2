using Chat.Storage;
using Chat.Storage.Push;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Push;

/// <summary>
/// Hands notifications over to push services, away from whoever wants it: a few at a time to each host, so that one that hangs holds up no other,
/// and again later what one does not take now. Bounded, in memory. Thread-safe.
/// </summary>
public sealed class PushQueue(PushStore store, IEnumerable<IPushTransport> transports, TimeProvider time, ILogger<PushQueue> log) : IAsyncDisposable
{
    /// <summary>Notifications that wait at most; for one more the oldest goes.</summary>
    public const int MaxWaiting = 10_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly PushLanes _lanes = new();
    private readonly PriorityQueue<PushJob, DateTimeOffset> _later = new();
    private readonly IPushTransport[] _transports = [.. transports];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RefusalLog _refusals = new(time, log);
    private volatile bool _isStopped;

    /// <summary>Whether nothing is on its way or waits for its turn, for tests.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_gate) return _lanes is { Running: 0, Waiting: 0 };
        }
    }

    /// <summary>Takes a notification. It is on its way, or waits, when the call returns.</summary>
    public void Add(PushJob job)
    {
        lock (_gate)
        {
            if (_isStopped) return;
            if (_lanes.Waiting + _later.Count >= MaxWaiting) DropOldest();
            Enter(job);
            Pump();
        }
    }

    /// <summary>Lets what was put off be tried again when its time has come. Called now and then.</summary>
    public void Tick()
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            while (_later.TryPeek(out _, out DateTimeOffset due) && due <= now)
            {
                PushMetrics.Waiting.Add(-1);
                Enter(_later.Dequeue());
            }

            Pump();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isStopped) return;
            _isStopped = true;
            if (_lanes.Running == 0) _idle.TrySetResult();
        }

        await _stop.CancelAsync();
        try
        {
            await _idle.Task.WaitAsync(StopPatience, time);
        }
        catch (TimeoutException)
        {
            return; // whatever still hangs ends with the process
        }

        _stop.Dispose();
    }

    private void Enter(PushJob job)
    {
        if (Array.Find(_transports, one => (short)one.Kind == job.Target.Transport) is not { } transport)
        {
            PushMetrics.Count("dropped"); // it was on when the device subscribed
            return;
        }

        PushMetrics.Waiting.Add(1);
        _lanes.Add(transport.LaneOf(job.Target), transport, job);
    }

    private void DropOldest()
    {
        if (!_lanes.TryDropOldest()) _later.TryDequeue(out _, out _);
        PushMetrics.Waiting.Add(-1);
        PushMetrics.Count("dropped");
    }

    /// <summary>Starts what may run now. The caller holds the gate.</summary>
    private void Pump()
    {
        while (!_isStopped && _lanes.TryStart(out PushLanes.Lane? lane, out PushJob? job))
        {
            PushMetrics.Waiting.Add(-1);
            _ = Task.Run(() => RunAsync(lane, job));
        }
    }

    private async Task RunAsync(PushLanes.Lane lane, PushJob job)
    {
        bool isHeard = false;
        try
        {
            PushAnswer answer = await SendAsync(lane.Transport, job);
            isHeard = !answer.IsSilent;
            await SettleAsync(job, answer);
        }
        catch (OperationCanceledException) when (_isStopped)
        {
            // The process ends, and the notification with it.
        }
        catch (Exception fault)
        {
            PushMetrics.Count("failed");
            PushLog.Failed(log, fault); // one of ours; the next one is not to suffer from it
        }
        finally
        {
            lock (_gate)
            {
                _lanes.End(lane, isHeard);
                if (_isStopped && _lanes.Running == 0) _idle.TrySetResult();
                Pump();
            }
        }
    }

    private async Task<PushAnswer> SendAsync(IPushTransport transport, PushJob job)
    {
        if (job.WorthUntil <= time.GetUtcNow()) return new PushAnswer(PushOutcome.Later, Reason: "too late");
        try
        {
            return await transport.SendAsync(job.Target, job.Notice, _stop.Token);
        }
        catch (PushKeyException fault)
        {
            _refusals.NoteKey(fault);
            return new PushAnswer(PushOutcome.Later, Reason: "no key");
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            return new PushAnswer(PushOutcome.Later, Reason: "no database");
        }
    }

    private async Task SettleAsync(PushJob job, PushAnswer answer)
    {
        switch (answer.Outcome)
        {
            case PushOutcome.Taken:
                PushMetrics.Count("sent");
                if (job.Target.Faults > 0) await NoteAsync(() => store.ForgetFaultsAsync(job.Target, _stop.Token));
                break;
            case PushOutcome.Gone:
                PushMetrics.Count("gone");
                await NoteAsync(() => store.RemoveGoneAsync(job.Target, _stop.Token));
                break;
            case PushOutcome.TooLarge when job.Shorter is { } shorter:
                Add(job with { Notice = shorter, Shorter = null });
                break;
            case PushOutcome.Later:
                PutOff(job, answer.RetryAfter);
                break;
            case PushOutcome.TooLarge or PushOutcome.Refused:
                PushMetrics.Count("refused");
                bool isLast = false;
                await NoteAsync(async () => isLast = await store.CountFaultAsync(job.Target, _stop.Token));
                _refusals.Note(answer.Reason, isLast);
                break;
            case PushOutcome.Denied:
                PushMetrics.Count("refused");
                _refusals.Note(answer.Reason, isLast: false);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(answer), answer.Outcome, "There is no such outcome.");
        }
    }

    /// <summary>What cannot be noted because the database is away is found out by the next notification.</summary>
    private static async Task NoteAsync(Func<Task> note)
    {
        try
        {
            await note();
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            PushMetrics.Count("not_noted");
        }
    }

    private void PutOff(PushJob job, TimeSpan? retryAfter)
    {
        TimeSpan pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(job.Attempts, 10)) * (0.5 + Random.Shared.NextDouble()));
        if (pause > LongestPause) pause = LongestPause;
        if (retryAfter > pause) pause = retryAfter.Value;
        DateTimeOffset due = time.GetUtcNow() + pause;
        if (due >= job.WorthUntil)
        {
            PushMetrics.Count("expired");
            return;
        }

        lock (_gate)
        {
            if (_lanes.Waiting + _later.Count >= MaxWaiting) DropOldest();
            PushMetrics.Waiting.Add(1);
            _later.Enqueue(job with { Attempts = job.Attempts + 1 }, due);
        }
    }
}
