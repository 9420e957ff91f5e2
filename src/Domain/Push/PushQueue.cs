using Chat.Storage;
using Chat.Storage.Push;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Push;

/// <summary>
/// Hands notifications over to push services, away from whoever wants it, and again later what one does not take now. What waited is made anew before
/// it goes. Bounded, in memory. Thread-safe.
/// </summary>
public sealed class PushQueue(PushStore store, RenewPush renew, IEnumerable<IPushTransport> transports, TimeProvider time, ILogger<PushQueue> log)
    : IAsyncDisposable
{
    /// <summary>Past so many that wait for services that answer, whoever makes more of them waits.</summary>
    internal const int Full = 5_000;

    /// <summary>A notification is sent as it was made for so long.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>A service that takes longer to answer gets no more at once than one that does not: it would hold the places of others as long.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly PushSlots _slots = new(transports, time);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RefusalLog _refusals = new(time, log);
    private TaskCompletionSource? _room;
    private volatile bool _isStopped;

    /// <summary>Whether nothing is on its way or waits for its turn, for tests.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_gate) return _slots is { Running: 0, WaitingHeard: 0, WaitingUnheard: 0 };
        }
    }

    /// <summary>Takes a notification. It is on its way, or waits, when the call returns.</summary>
    public void Add(PushJob job)
    {
        lock (_gate)
        {
            if (_isStopped) return;
            _slots.Add(job);
            Pump();
        }
    }

    /// <summary>Ends when there is room for many more.</summary>
    public Task WaitForRoomAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_slots.WaitingHeard <= Full || _isStopped) return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(ct);
        }
    }

    /// <summary>Lets what was put off be tried again when its time has come. Called now and then.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            _slots.Resume(time.GetUtcNow());
            Pump();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isStopped) return;
            _isStopped = true;
            _room?.TrySetResult();
            if (_slots.Running == 0) _idle.TrySetResult();
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

    /// <summary>Starts what may run now. The caller holds the gate.</summary>
    private void Pump()
    {
        while (!_isStopped && _slots.TryStart(out PushSlot? slot, out PushJob? job))
            ThreadPool.UnsafeQueueUserWorkItem(static next => _ = next.Queue.RunAsync(next.Slot, next.Job), (Queue: this, Slot: slot, Job: job), preferLocal: false);
        if (_room is null || _slots.WaitingHeard > Full) return;
        _room.TrySetResult();
        _room = null;
    }

    private async Task RunAsync(PushSlot slot, PushJob job)
    {
        bool? isHeard = null;
        PushJob? again = null;
        DateTimeOffset? due = null;
        try
        {
            if (await RefreshAsync(job) is { } fresh)
            {
                (PushAnswer? answer, isHeard) = await SendAsync(slot.Lane.Transport, fresh);
                if (answer is null or { Outcome: PushOutcome.Later }) (again, due) = PutOff(fresh, answer?.RetryAfter);
                else if (answer.Outcome == PushOutcome.TooLarge && fresh.Shorter is not null) again = fresh.Shorten();
                else await SettleAsync(fresh, answer);
            }
        }
        catch (OperationCanceledException) when (_isStopped)
        {
            // The process ends, and the notification with it.
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            (again, due) = PutOff(job, retryAfter: null);
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
                _slots.End(slot, isHeard, again, due);
                if (_isStopped && _slots.Running == 0) _idle.TrySetResult();
                Pump();
            }
        }
    }

    /// <summary>The notification as it is to be sent now; null when there is no point in it any more.</summary>
    private async Task<PushJob?> RefreshAsync(PushJob job)
    {
        if (job.WorthUntil <= time.GetUtcNow())
        {
            PushMetrics.Count("expired");
            return null;
        }

        PushJob? fresh = time.GetUtcNow() - job.MadeAt <= Fresh ? job : await renew.ExecuteAsync(job, _stop.Token);
        if (fresh is null) PushMetrics.Count("settled");
        return fresh is null ? null : fresh with { Notice = fresh.Notice with { TimeToLive = fresh.WorthUntil - time.GetUtcNow() } };
    }

    /// <summary>What the service said, and whether it was heard; neither when it was not asked.</summary>
    private async Task<(PushAnswer? Answer, bool? IsHeard)> SendAsync(IPushTransport transport, PushJob job)
    {
        long begun = time.GetTimestamp();
        try
        {
            PushAnswer answer = await transport.SendAsync(job.Target, job.Notice, _stop.Token);
            return (answer, !answer.IsSilent && time.GetElapsedTime(begun) <= Slow);
        }
        catch (PushKeyException fault)
        {
            _refusals.NoteKey(fault);
            return default;
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            return default;
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

    /// <summary>The service says when to come again within bounds: it may be anybody's. By then it is made anew.</summary>
    private (PushJob Again, DateTimeOffset Due) PutOff(PushJob job, TimeSpan? retryAfter)
    {
        TimeSpan pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(job.Attempts, 10)) * (0.5 + Random.Shared.NextDouble()));
        if (retryAfter > pause) pause = retryAfter.Value;
        if (pause > LongestPause) pause = LongestPause;
        return (job with { Attempts = job.Attempts + 1, MadeAt = DateTimeOffset.MinValue }, time.GetUtcNow() + pause);
    }
}
