using Chat.Domain.Cluster;
using Chat.Server.Cluster;
using Chat.Storage.Jobs;

namespace Chat.Server.Jobs;

/// <summary>
/// Runs what is due, one job after the other, each under a lease in the database: every due run happens on one node. Who cannot renew its
/// lease stops its job before another node can have taken it.
/// </summary>
internal sealed class JobRunner(
    IEnumerable<IJob> jobs, JobStore store, JobParts parts, ILogger<JobRunner> log) : BackgroundService
{
    private readonly IJob[] _jobs = [.. jobs];
    private readonly string _owner = $"{parts.Node.Id}:{parts.Node.Incarnation}";
    private bool _entered; // loop only

    private TimeProvider Time => parts.Loop.Time;

    /// <summary>Runs a job if it is due and nobody runs it; false if not.</summary>
    internal async Task<bool> RunIfDueAsync(IJob job, CancellationToken ct)
    {
        long asked = Time.GetTimestamp(); // the lease counts from before the question
        if (await store.TryTakeAsync(job.Name, _owner, parts.Options.Lease, ct) is not { } run) return false;

        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using CancellationTokenSource ended = new();
        Task keeping = KeepAsync(job, run, asked, over, ended.Token);
        (string outcome, bool good) = await RunAsync(job, over.Token, ct);
        await ended.CancelAsync();
        await keeping;

        TimeSpan soon = job.Interval < parts.Options.AfterFailure ? job.Interval : parts.Options.AfterFailure;
        if (ct.IsCancellationRequested) soon = TimeSpan.Zero; // stopped with its node: at once, on another one
        TimeSpan next = good ? job.Interval : soon;
        bool noted = await store.EndAsync(job.Name, run, outcome, next, CancellationToken.None);
        KeyValuePair<string, object?> tag = new("job", job.Name);
        JobMetrics.Duration.Record(Time.GetElapsedTime(asked).TotalMilliseconds, tag);
        (good && noted ? JobMetrics.Done : JobMetrics.Failed).Add(1, tag);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await parts.Loop.Gate.Opened.WaitAsync(stoppingToken);
        Pace pace = new(parts.Options.ShortestPause, parts.Options.LongestPause, Time);
        pace.Wake(); // the first round is at once
        await pace.RunAsync(RunDueAsync, fault => JobLog.NotRead(log, fault), stoppingToken);
    }

    private async Task RunDueAsync(CancellationToken ct)
    {
        if (!_entered) await store.EnterAsync([.. _jobs.Select(job => job.Name)], ct);
        _entered = true;
        foreach (IJob job in _jobs) await RunIfDueAsync(job, ct);
    }

    private async Task<(string Outcome, bool Good)> RunAsync(IJob job, CancellationToken over, CancellationToken stopping)
    {
        try
        {
            string done = await job.RunAsync(over);
            JobLog.Done(log, job.Name, done);
            return (done, true);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            if (stopping.IsCancellationRequested) return ("stopped with its node", false);
            JobLog.LeaseLost(log, job.Name);
            return ("lost its lease", false);
        }
        catch (Exception fault)
        {
            JobLog.Failed(log, fault, job.Name);
            return ($"failed: {fault.GetType().Name}", false);
        }
    }

    /// <summary>
    /// Renews the lease every third of it, and ends the run when it is lost, or might be by this process's own monotonic clock.
    /// </summary>
    private async Task KeepAsync(IJob job, long run, long renewedAt, CancellationTokenSource over, CancellationToken ended)
    {
        TimeSpan lease = parts.Options.Lease;
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(lease / 3, Time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) return;
            long asked = Time.GetTimestamp();
            try
            {
                if (await store.RenewAsync(job.Name, run, lease, ended))
                {
                    renewedAt = asked;
                    continue;
                }

                await over.CancelAsync();
                return;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is Npgsql.NpgsqlException or TimeoutException)
            {
                // The next third asks again, and two lost thirds are the lease.
                if (Time.GetElapsedTime(renewedAt) < lease * 2 / 3) continue;
                await over.CancelAsync();
                return;
            }
        }
    }
}

/// <summary>What the runner goes by.</summary>
internal sealed record JobParts(NodeIdentity Node, JobOptions Options, LoopParts Loop);
