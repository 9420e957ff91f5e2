using System.Globalization;

using Chat.Chaos.Cluster;
using Chat.Chaos.History;
using Chat.Chaos.Proxy;
using Chat.Chaos.Workload;

using Npgsql;

namespace Chat.Chaos.Faults;

/// <summary>F-05: PostgreSQL ends without a checkpoint and recovers.</summary>
internal sealed class PostgresCrashRow : FaultRow
{
    private static readonly TimeSpan MaxFirstAck = TimeSpan.FromSeconds(3);

    public override string Id => "F-05";

    public override string Title => "PostgreSQL restarts with -m immediate";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan(), ct);
        int restarts = run.Count(20, 3);
        List<long> readyAt = [];
        for (int restart = 0; restart < restarts; restart++)
        {
            await run.GoOnAsync(TimeSpan.FromMilliseconds(run.Random.Next(300, 1_500)), ct);
            await run.FaultAsync("PostgreSQL restart", async () =>
            {
                await run.Cluster.Postgres.StopImmediatelyAsync(ct);
                await run.Cluster.Postgres.StartAgainAsync(ct);
                readyAt.Add(HistoryClock.Now());
                await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
            });
        }

        run.Figure("restarts", restarts, "");
        await run.JudgeAsync(ct);
        List<TimeSpan?> acks = [.. readyAt.Select(run.FirstAckAfter)];
        run.Figure("slowest first ack", acks.Max()?.TotalSeconds ?? double.NaN, "s");
        run.Require(acks.All(ack => ack <= run.Within(MaxFirstAck)), "after a restart of PostgreSQL the first ack took longer than 3 s");
    }
}

/// <summary>F-06: the backend that writes is terminated, again and again.</summary>
internal sealed class BackendKillRow : FaultRow
{
    private const string TerminateWriter =
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'chat log'";

    public override string Id => "F-06";

    public override string Title => "PostgreSQL backend of the writer killed";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan(), ct, load => load with { MessagesPerSecond = 100 });
        int rounds = run.Count(200, 40);
        long killed = 0;
        await run.FaultAsync("pg_terminate_backend", async () =>
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(run.Cluster.Postgres.ConnectionString + ";Maximum Pool Size=1");
            await using NpgsqlCommand terminate = source.CreateCommand(TerminateWriter);
            for (int round = 0; round < rounds; round++)
            {
                killed += (long)(await terminate.ExecuteScalarAsync(ct))!;
                await run.GoOnAsync(TimeSpan.FromMilliseconds(run.Random.Next(20, 200)), ct);
            }
        });
        run.Figure("backends killed", killed, "");
        await run.JudgeAsync(ct);
        int ambiguous = NodeLog.CountAmbiguousBatches(run.Cluster);
        run.Figure("ambiguous batches", ambiguous, "");
        run.Require(killed >= rounds / 2, "fewer backends were killed than the row needs");
        run.Require(ambiguous > 0, "no batch was ambiguous: the kills missed the commits");
    }
}

/// <summary>F-07: the commit went through and its reply is lost.</summary>
internal sealed class SwallowedCommitRow : FaultRow
{
    public override string Id => "F-07";

    public override string Title => "PostgreSQL's reply to a COMMIT is lost";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        var replies = new SwallowedReplies("chat log");
        await run.StartAsync(new ClusterPlan { ProxyPostgres = true, PostgresFilters = replies.Filters }, ct);
        int wanted = run.Count(100, 30);
        await run.FaultAsync("commit replies swallowed", async () =>
        {
            for (int i = 0; i < wanted; i++)
            {
                int before = replies.Count;
                replies.Arm();
                if (await Waiting.UntilAsync(() => new(replies.Count > before), TimeSpan.FromSeconds(10), ct) is null) break;
                // The batch is run again until its outcome is known: the next reply to be lost is that of another batch.
                int passed = replies.Passed;
                await Waiting.UntilAsync(() => new(replies.Passed > passed + run.Cluster.Nodes.Count), TimeSpan.FromSeconds(10), ct);
            }

            replies.Disarm();
        });
        run.Figure("replies swallowed", replies.Count, "");
        await run.JudgeAsync(ct);
        run.Figure("ambiguous batches", NodeLog.CountAmbiguousBatches(run.Cluster), "");
        run.Require(
            replies.Count >= wanted,
            string.Create(CultureInfo.InvariantCulture, $"only {replies.Count} of {wanted} replies could be swallowed"));
    }
}

/// <summary>F-08: PostgreSQL is there and does nothing.</summary>
internal sealed class PostgresHangRow : FaultRow
{
    private const double MaxGrowthMegabytes = 100;
    private static readonly TimeSpan MaxBusy = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan MaxRecovery = TimeSpan.FromSeconds(5);

    public override string Id => "F-08";

    public override string Title => "SIGSTOP of all of PostgreSQL";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan(), ct);
        using RestProbe probe = await RestProbe.CreateAsync(run.Cluster, ct);
        await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
        double before = run.Cluster.Nodes.Max(node => node.ResidentMegabytes), during = before;
        List<ProbeAnswer> answers = [];
        long wokenAt = 0;
        await run.FaultAsync("PostgreSQL stopped", async () =>
        {
            run.Cluster.Postgres.SignalAll(Signals.Stop);
            try
            {
                // The batch in hand goes nowhere; whoever comes when it is a second old is to be sent away at once.
                await run.GoOnAsync(MaxBusy, ct);
                for (int second = 0; second < run.Count(18, 5); second++)
                {
                    ProbeAnswer[] round = await Task.WhenAll(run.Cluster.Nodes.Select(node => probe.SendAsync(node.Url, ct)));
                    answers.AddRange(round);
                    during = Math.Max(during, run.Cluster.Nodes.Max(node => node.ResidentMegabytes));
                    await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
                }
            }
            finally
            {
                run.Cluster.Postgres.SignalAll(Signals.Continue);
                wokenAt = HistoryClock.Now();
            }

            await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
        });
        await run.JudgeAsync(ct);
        TimeSpan? recovery = run.FirstAckAfter(wokenAt);
        TimeSpan slowest = answers.Max(answer => answer.Took);
        run.Figure(
            "answers while stopped",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{answers.Count(answer => answer.IsBusy)} of {answers.Count} busy, slowest {slowest.TotalMilliseconds:0} ms"));
        run.Figure("memory", string.Create(CultureInfo.InvariantCulture, $"{before:0} to {during:0} MB"));
        run.Figure("first ack after", recovery?.TotalSeconds ?? double.NaN, "s");
        run.Require(answers.All(answer => !answer.IsAck), "a message was acked while PostgreSQL was stopped");
        run.Require(
            answers.All(answer => answer.IsBusy && answer.Took <= run.Within(MaxBusy)),
            "while PostgreSQL was stopped, a send was not answered with busy within 1.5 s");
        run.Require(during - before <= MaxGrowthMegabytes, "a node's memory grew by more than 100 MB while PostgreSQL was stopped");
        run.Require(recovery <= run.Within(MaxRecovery), "the first ack came later than 5 s after PostgreSQL went on");
    }
}

/// <summary>F-09: PostgreSQL refuses: read-only, then no connection left.</summary>
internal sealed class PostgresRefusalRow : FaultRow
{
    private const int MaxConnections = 70;
    private const double MaxAttemptsPerSecond = 10;

    public override string Id => "F-09";

    public override string Title => "PostgreSQL read-only, then out of connections";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        var postgres = new PostgresPlan { Settings = [$"max_connections={MaxConnections}", "log_connections=on"] };
        await run.StartAsync(new ClusterPlan { Postgres = postgres }, ct);
        TimeSpan length = TimeSpan.FromSeconds(run.Count(8, 4));
        int attempts = CountConnections(run);
        await run.FaultAsync("read-only", async () =>
        {
            await SetReadOnlyAsync(run, isReadOnly: true, ct);
            await run.GoOnAsync(length, ct);
            await SetReadOnlyAsync(run, isReadOnly: false, ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        });
        double readOnlyRate = (CountConnections(run) - attempts) / length.TotalSeconds / run.Cluster.Nodes.Count;

        attempts = CountConnections(run);
        int loopLines = 0;
        await run.FaultAsync("no connection left", async () =>
        {
            await using (var all = new ConnectionHog(run.Cluster.Postgres.ConnectionString))
            {
                await all.TakeAllAsync(ct);
                await all.RunOnFirstAsync(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'chat %'", ct);
                await all.TakeAllAsync(ct);
                attempts = CountConnections(run);
                loopLines = CountLoopFailures(run);
                await run.GoOnAsync(length, ct);
                loopLines = CountLoopFailures(run) - loopLines;
            }

            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        });
        double fullRate = (CountConnections(run) - attempts) / length.TotalSeconds / run.Cluster.Nodes.Count;
        run.Figure(
            "connection attempts/s a node",
            string.Create(CultureInfo.InvariantCulture, $"{readOnlyRate:0.0} read-only, {fullRate:0.0} when full"));
        await run.JudgeAsync(ct);
        run.Require(
            readOnlyRate <= MaxAttemptsPerSecond, "a node tried to connect more than 10 times a second while PostgreSQL was read-only");
        double loops = loopLines / length.TotalSeconds / run.Cluster.Nodes.Count;
        run.Figure("tries/s of a node's own loops when full", loops, "");
        run.Note("requests of clients ask PostgreSQL each for itself, so only the tries of a node's own loops are judged when it is full");
        run.Require(
            loops <= MaxAttemptsPerSecond,
            "a node's own loops tried to connect more than 10 times a second while PostgreSQL had no connection left");
    }

    private static async Task SetReadOnlyAsync(RowRun run, bool isReadOnly, CancellationToken ct)
    {
        string on = isReadOnly ? "on" : "off";
        // The statement must itself be allowed to write.
        await run.Cluster.Postgres.ExecuteAsync("postgres", $"alter system set default_transaction_read_only = {on}", ct);
        await run.Cluster.Postgres.ExecuteAsync("postgres", "select pg_reload_conf()", ct);
    }

    private static int CountLoopFailures(RowRun run) =>
        NodeLog.Count(run.Cluster, "events failed (") + NodeLog.Count(run.Cluster, "receipts failed");

    private static int CountConnections(RowRun run) =>
        File.ReadLines(run.Cluster.Postgres.LogFile).Count(line => line.Contains("connection received", StringComparison.Ordinal));
}
