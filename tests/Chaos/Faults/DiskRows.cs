using System.Globalization;
using System.Net;

using Chat.Chaos.Cluster;
using Chat.Chaos.History;
using Chat.Chaos.Workload;

namespace Chat.Chaos.Faults;

/// <summary>
/// F-13: an ack waits for the disk. One sender, one node, nothing else: the shortest ack cannot be shorter than the sync.
/// </summary>
internal sealed class AckWaitsForSyncRow : FaultRow
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    public override string Id => "F-13";

    public override string Title => "ack waits for fdatasync";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        if (SystemCallFault.FindObstacle() is { } obstacle) throw new NotHereException(obstacle);
        TimeSpan safe, unsafely;
        await run.StartClusterAsync(new ClusterPlan(), ct);
        safe = await MeasureAsync(run, ct);
        await run.RestartClusterAsync(
            new ClusterPlan
            {
                Postgres = new PostgresPlan { Settings = ["synchronous_commit=off"] },
                Node = (_, plan) =>
                    plan with { Settings = new Dictionary<string, string>(plan.Settings) { ["Database:AllowUnsafe"] = "true" } },
            },
            ct);
        unsafely = await MeasureAsync(run, ct);
        run.Figure("shortest ack, fdatasync + 500 ms", safe.TotalMilliseconds, "ms");
        run.Figure("with synchronous_commit=off", unsafely.TotalMilliseconds, "ms");
        run.Require(safe >= Delay, "a message was acked before the disk had it");
        run.Require(unsafely < Delay, "with synchronous_commit=off acks waited too: the row does not measure what it should");
    }

    private static async Task<TimeSpan> MeasureAsync(RowRun run, CancellationToken ct)
    {
        using RestProbe probe = await RestProbe.CreateAsync(run.Cluster, ct);
        Uri node = run.Cluster.Nodes[0].Url;
        await probe.SendAsync(node, ct); // the writer's connection is there, its statements are prepared
        await using SystemCallFault slow = await SystemCallFault.DelayAsync(run.Cluster.Postgres, run.Directory, Delay, ct);
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int message = 0; message < run.Count(8, 4); message++)
        {
            ProbeAnswer answer = await probe.SendAsync(node, ct);
            if (answer.IsAck && answer.Took < shortest) shortest = answer.Took;
        }

        return shortest;
    }
}

/// <summary>F-14: the disk is slow.</summary>
internal sealed class SlowDiskRow : FaultRow
{
    private static readonly TimeSpan MaxRecovery = TimeSpan.FromSeconds(5);

    public override string Id => "F-14";

    public override string Title => "slow disk: fdatasync delayed";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        if (SystemCallFault.FindObstacle() is { } obstacle) throw new NotHereException(obstacle);
        run.Note("50, 150 and 300 ms for 6 s each, then 2 s of delay, because only beyond a second of queue the server says busy");
        await run.StartAsync(new ClusterPlan(), ct);
        using RestProbe probe = await RestProbe.CreateAsync(run.Cluster, ct);
        double memory = run.Cluster.Nodes.Max(node => node.ResidentMegabytes);
        List<ProbeAnswer> answers = [];
        long healedAt = 0;
        foreach (int milliseconds in (int[])[50, 150, 300, 2_000])
        {
            await run.FaultAsync(string.Create(CultureInfo.InvariantCulture, $"fdatasync + {milliseconds} ms"), async () =>
            {
                await using (SystemCallFault slow = await SystemCallFault.DelayAsync(
                    run.Cluster.Postgres, run.Directory, TimeSpan.FromMilliseconds(milliseconds), ct))
                {
                    for (int second = 0; second < run.Count(6, 2); second++)
                    {
                        Task<ProbeAnswer[]> round = Task.WhenAll(run.Cluster.Nodes.Select(node => probe.SendAsync(node.Url, ct)));
                        await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
                        answers.AddRange(await round);
                    }
                }

                healedAt = HistoryClock.Now();
                await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
            });
        }

        double grown = run.Cluster.Nodes.Max(node => node.ResidentMegabytes) - memory;
        await run.JudgeAsync(ct);
        TimeSpan? recovery = run.FirstAckAfter(healedAt);
        run.Figure(
            "busy answers", string.Create(CultureInfo.InvariantCulture, $"{answers.Count(answer => answer.IsBusy)} of {answers.Count}"));
        run.Figure("memory grown", grown, "MB");
        run.Figure("first ack after", recovery?.TotalSeconds ?? double.NaN, "s");
        run.Require(answers.Any(answer => answer.IsBusy), "no node said busy although a commit took two seconds");
        run.Require(recovery <= run.Within(MaxRecovery), "the first ack came later than 5 s after the disk was fast again");
    }
}

/// <summary>F-15: PostgreSQL's disk is full.</summary>
internal sealed class FullDatabaseDiskRow : FaultRow
{
    private const int DiskMegabytes = 300;
    private static readonly TimeSpan MaxRecovery = TimeSpan.FromSeconds(10);

    public override string Id => "F-15";

    public override string Title => "PostgreSQL's disk full, then freed";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await using MountNamespace mounts = await OpenAsync(run, ct);
        string data = Path.Combine(run.Directory, "postgres", "data");
        await mounts.MountAsync(data, DiskMegabytes, await PostgresServer.FindOwnerAsync(run.Directory, ct), ct);
        var postgres = new PostgresPlan
        {
            Prefix = mounts.Prefix,
            Settings = ["max_wal_size=64MB", "min_wal_size=32MB", "wal_recycle=off"],
        };
        await run.StartAsync(new ClusterPlan { Postgres = postgres }, ct, load => load with { MessagesPerSecond = 150 });
        await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
        long freedAt = 0;
        bool hadEnded = false;
        TimeSpan? back = null;
        await run.FaultAsync("disk full", async () =>
        {
            await mounts.FillAsync(data, ct);
            // WAL goes on in the segment that is there; a switch asks for a new one at once instead of megabytes of messages later.
            await run.TryOnPostgresAsync("select pg_switch_wal()", ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(run.Count(8, 4)), ct);
            await mounts.FreeAsync(data, ct);
            freedAt = HistoryClock.Now();
            hadEnded = run.Cluster.Postgres.HasExited; // it gives up when recovery finds no room either; a service manager starts it again
            if (hadEnded) await run.Cluster.Postgres.StartAgainAsync(ct);
            back = await Waiting.UntilAsync(() => new(run.Cluster.Postgres.AnswersAsync(ct)), run.Within(MaxRecovery), ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(3), ct);
        });
        await run.JudgeAsync(ct);
        TimeSpan? first = run.FirstAckAfter(freedAt);
        int noSpace = File.ReadLines(run.Cluster.Postgres.LogFile).Count(line => line.Contains("No space left", StringComparison.Ordinal));
        run.Figure("PostgreSQL", hadEnded ? "ended and was started again" : "went on");
        run.Figure("\"no space\" in its log", noSpace, "lines");
        run.Figure("first ack after", first?.TotalSeconds ?? double.NaN, "s");
        run.Require(noSpace > 0, "PostgreSQL never met the full disk");
        run.Require(back is not null && first <= run.Within(MaxRecovery), "no message was acked within 10 s after there was room again");
    }

    internal static async Task<MountNamespace> OpenAsync(RowRun run, CancellationToken ct)
    {
        try
        {
            return await MountNamespace.CreateAsync(run.Directory, ct);
        }
        catch (NotSupportedException why)
        {
            throw new NotHereException(why.Message);
        }
    }
}

/// <summary>F-16: the disk that nodes log to, and keep files on, is full.</summary>
internal sealed class FullLogDiskRow : FaultRow
{
    private const int DiskMegabytes = 8;
    private const int PictureBytes = 300_000;

    public override string Id => "F-16";

    public override string Title => "disk of the nodes' logs and files full";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        run.Note("8 MB, filled, under a log level that writes much");
        await using MountNamespace mounts = await FullDatabaseDiskRow.OpenAsync(run, ct);
        string disk = Path.Combine(run.Directory, "disk");
        await mounts.MountAsync(disk, DiskMegabytes, "0:0", ct);
        await run.StartAsync(
            new ClusterPlan
            {
                Node = (number, plan) => plan with
                {
                    LogFile = string.Create(CultureInfo.InvariantCulture, $"{mounts.FromOutside(disk)}/node-{number + 1}.log"),
                    Settings = new Dictionary<string, string>(plan.Settings)
                    {
                        ["Log:Level"] = "Debug",
                        ["Blobs:Directory"] = $"{mounts.FromOutside(disk)}/media",
                    },
                },
            },
            ct);
        using FileProbe files = await FileProbe.CreateAsync(run.Cluster, ct);
        byte[] picture = FileProbe.Picture(PictureBytes);
        (string? before, _) = await files.UploadAsync(run.Cluster.Nodes[1].Url, picture, ct);
        HttpStatusCode refusal = default;
        await run.FaultAsync("disk full", async () =>
        {
            await mounts.FillAsync(disk, ct);
            (_, refusal) = await files.UploadAsync(run.Cluster.Nodes[1].Url, picture, ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(run.Count(10, 4)), ct);
            await run.Cluster.Nodes[0].KillAsync(); // a start writes lines that matter, and must not fail for it
            await run.Cluster.Nodes[0].StartAgainAsync(ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
            await mounts.FreeAsync(disk, ct);
        });
        (string? after, _) = await files.UploadAsync(run.Cluster.Nodes[1].Url, picture, ct);
        await run.JudgeAsync(ct);
        run.Figure("upload meanwhile answered", ((int)refusal).ToString(CultureInfo.InvariantCulture));
        run.Require(run.Cluster.Nodes.All(node => !node.HasExited), "a node ended because it could not log");
        run.Require(before is not null && after is not null, "a file was refused while there was room");
        run.Require(refusal == HttpStatusCode.ServiceUnavailable, "an upload without room was not told to come again");
        foreach (string? blobId in (string?[])[before, after])
        {
            if (blobId is null) continue;
            byte[] read = await files.DownloadAsync(run.Cluster.Nodes[0].Url, blobId, ct);
            run.Require(read.SequenceEqual(picture), "a stored file is another one");
        }
    }
}

/// <summary>F-17: the disk fails a sync.</summary>
internal sealed class DiskErrorRow : FaultRow
{
    public override string Id => "F-17";

    public override string Title => "fdatasync fails with EIO";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        if (SystemCallFault.FindObstacle() is { } obstacle) throw new NotHereException(obstacle);
        await run.StartAsync(new ClusterPlan(), ct);
        int panics = 0;
        for (int round = 0; round < run.Count(3, 1); round++)
        {
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
            await run.FaultAsync("EIO", async () =>
            {
                await using (await SystemCallFault.FailAsync(run.Cluster.Postgres, run.Directory, fromCall: 5, ct))
                    await Waiting.UntilAsync(() => new(CountPanics(run) > panics), TimeSpan.FromSeconds(8), ct);
                panics = CountPanics(run);
                if (await Waiting.UntilAsync(() => new(run.Cluster.Postgres.AnswersAsync(ct)), TimeSpan.FromSeconds(10), ct) is null)
                    await run.Cluster.Postgres.StartAgainAsync(ct);
                await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
            });
        }

        run.Figure("panics of PostgreSQL", panics, "");
        await run.JudgeAsync(ct);
        run.Require(panics > 0, "PostgreSQL did not panic: the error was not met");
    }

    private static int CountPanics(RowRun run) =>
        File.ReadLines(run.Cluster.Postgres.LogFile).Count(line => line.Contains("PANIC", StringComparison.Ordinal));
}
