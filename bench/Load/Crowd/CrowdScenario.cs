using System.Diagnostics;
using System.Text.Json;

using Chat.Load.Engine;
using Chat.Load.Processes;
using Chat.Load.Report;
using Chat.Load.Seed;

using Npgsql;

namespace Chat.Load.Crowd;

/// <summary>
/// Fills nodes up to what a process may open, in chats whose members are on different nodes, lets them talk, kills a node, and looks
/// whether everybody ends up with everything.
/// </summary>
internal sealed class CrowdScenario(CrowdSize size, IReadOnlyList<string> settings, TextWriter progress)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BackTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan QuietTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly List<CrowdPoint> _timeline = [];
    private long _timelineFrom;
    private long _deliveredBefore;

    public async Task<CrowdResult> RunAsync(CancellationToken ct)
    {
        await progress.WriteLineAsync($"starting {size.Nodes + size.Spare} nodes with a Redis between them");
        await using ChatServer server = await ChatServer.StartAsync(settings, ct, size.Nodes + size.Spare);
        LoadTarget target = server.Target;
        await progress.WriteLineAsync($"seeding {size.Sessions} accounts in {size.Chats} chats of {CrowdSize.Members}");
        SeededChats seeded = await new Seeder(target, TimeProvider.System).SeedAsync(
            size.Sessions, Membership.OneChatEach(size.Chats, CrowdSize.Members), ct);
        double before = Resident(target);
        List<WorkerProcess> workers = [];
        try
        {
            foreach (string plan in await WritePlansAsync(server, seeded, ct)) workers.Add(WorkerProcess.Start(plan));
            return await MeasureAsync(server, workers, before, ct);
        }
        finally
        {
            foreach (WorkerProcess worker in workers) await worker.DisposeAsync();
        }
    }

    private async Task<CrowdResult> MeasureAsync(ChatServer server, List<WorkerProcess> workers, double before, CancellationToken ct)
    {
        LoadTarget target = server.Target;
        _timelineFrom = Clock.Now;
        double connected = await WaitAsync(workers, () => Ready(workers) == size.Sessions, ConnectTimeout, ct);
        if (Ready(workers) < size.Sessions) throw new IOException($"Only {Ready(workers)} of {size.Sessions} sessions were welcomed.");

        await HoldAsync(workers, Settle, ct);
        double idle = Resident(target) - before;
        long began = Stopwatch.GetTimestamp();
        foreach (WorkerProcess worker in workers) await worker.OrderAsync(FormattableString.Invariant($"send {size.Rate / workers.Count}"));
        await HoldAsync(workers, size.Duration, ct);
        double busy = Resident(target) - before;
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;

        await progress.WriteLineAsync("  killing a node");
        foreach (WorkerProcess worker in workers) await worker.OrderAsync("disturbed");
        long killedAt = Clock.Now;
        using Process killed = Process.GetProcessById(target.Nodes[0].ProcessId);
        killed.Kill();
        Task<double> gone = GoneAsync(killed, killedAt, ct);
        await HoldAsync(workers, AfterKill, ct);
        await WaitAsync(workers, () => Ready(workers) == size.Sessions, BackTimeout, ct);
        foreach (WorkerProcess worker in workers) await worker.OrderAsync("stop");
        await HoldAsync(workers, Settle, ct);
        await WaitAsync(workers, () => workers.TrueForAll(worker => worker.Status.Pending == 0), QuietTimeout, ct);
        await HoldAsync(workers, Settle, ct);

        int notWhole = size.Sessions - Ready(workers);
        string heads = await WriteHeadsAsync(server, ct);
        foreach (WorkerProcess worker in workers) await worker.OrderAsync($"judge {heads}");
        CrowdFindings[] found = await Task.WhenAll(workers.Select(worker => worker.Findings));
        return Conclude(found, seconds, killedAt) with
        {
            ConnectSeconds = Math.Round(connected, 1),
            RssKbPerConnectionIdle = Math.Round(idle / size.Sessions, 2),
            RssKbPerConnection = Math.Round(busy / size.Sessions, 2),
            NotWhole = notWhole,
            GoneAfterS = Math.Round(await gone, 1),
            KilledAtS = Math.Round(Clock.Seconds(killedAt - _timelineFrom), 1),
            Timeline = [.. _timeline],
        };
    }

    private CrowdResult Conclude(CrowdFindings[] found, double seconds, long killedAt)
    {
        LatencyHistogram deliveries = Sum(found, one => one.SteadyDeliveries), acks = Sum(found, one => one.SteadyAcks);
        LatencyHistogram disturbed = Sum(found, one => one.DisturbedDeliveries);
        LatencyHistogram late = Sum(found, one => one.LateDeliveries);
        LatencyHistogram welcomes = Sum(found, one => one.Welcomes), returns = Sum(found, one => one.Returns);
        return new CrowdResult
        {
            Nodes = size.Nodes,
            Spare = size.Spare,
            Sessions = size.Sessions,
            ConnectSeconds = 0,
            Seconds = Math.Round(seconds, 1),
            Rate = size.Rate,
            Acked = found.Sum(one => one.Acked),
            Delivered = found.Sum(one => one.Delivered),
            AckP50Ms = acks.Milliseconds(0.5),
            AckP99Ms = acks.Milliseconds(0.99),
            DeliveryP50Ms = deliveries.Milliseconds(0.5),
            DeliveryP99Ms = deliveries.Milliseconds(0.99),
            DeliveryP999Ms = deliveries.Milliseconds(0.999),
            DeliveryP99AfterKillMs = disturbed.Milliseconds(0.99),
            DeliveryP99OfMovedMs = late.Milliseconds(0.99),
            Moved = found.Sum(one => one.Moved),
            WelcomeP50S = Math.Round(welcomes.Milliseconds(0.5) / 1_000, 2),
            WelcomeP99S = Math.Round(welcomes.Milliseconds(0.99) / 1_000, 2),
            ReturnP50S = Math.Round(returns.Milliseconds(0.5) / 1_000, 2),
            ReturnP99S = Math.Round(returns.Milliseconds(0.99) / 1_000, 2),
            ReturnMaxS = Math.Round(returns.Milliseconds(1) / 1_000, 2),
            AllBackS = Math.Round(Math.Max(0, Clock.Seconds(found.Max(one => one.LastBackAt) - killedAt)), 2),
            Missing = found.Sum(one => one.Missing),
            Corrupted = found.Sum(one => one.Corrupted),
            Unacked = found.Sum(one => one.Unacked),
            Unseen = found.Sum(one => one.Unseen),
            Refused = found.Sum(one => one.Refused),
            Busy = found.Sum(one => one.Busy),
            BusyPages = found.Sum(one => one.BusyPages),
            Repeated = found.Sum(one => one.Repeated),
            Holes = found.Sum(one => one.Holes),
            NotWhole = 0,
            FirstClose = found.Select(one => one.FirstClose).FirstOrDefault(why => why is not null),
        };
    }

    private static LatencyHistogram Sum(CrowdFindings[] found, Func<CrowdFindings, long[]> counts)
    {
        LatencyHistogram sum = new();
        foreach (CrowdFindings one in found) sum.Add(counts(one));
        return sum;
    }

    private async Task<IReadOnlyList<string>> WritePlansAsync(ChatServer server, SeededChats seeded, CancellationToken ct)
    {
        string[] servers = [.. (await server.Target.EndPointsAsync(ct)).Select(endPoint => endPoint.ToString())];
        int[] spare = [.. Enumerable.Range(size.Nodes, size.Spare)];
        LoadChat[] chatOf = new LoadChat[seeded.Accounts.Length];
        foreach (LoadChat chat in seeded.Chats)
            foreach (int account in chat.Members) chatOf[account] = chat;

        uint run = (uint)Random.Shared.Next();
        List<string> files = [];
        for (int worker = 0; worker < size.Nodes; worker++)
        {
            List<CrowdSession> sessions = [];
            for (int account = 0; account < seeded.Accounts.Length; account++)
            {
                // a chat's members are on different nodes
                if (((account % size.Chats) + (account / size.Chats)) % size.Nodes != worker) continue;
                sessions.Add(
                    new CrowdSession(seeded.Accounts[account].Token, chatOf[account].ChatId, chatOf[account].Epoch, chatOf[account].Head));
            }

            int[] refuges = spare.Length > 0 ? spare : [.. Enumerable.Range(0, size.Nodes).Where(node => node != worker)];
            CrowdPlan plan = new(worker, servers, worker, refuges, run, sessions);
            files.Add(Path.Combine(server.Directory, $"crowd-{worker}.json"));
            await plan.WriteAsync(files[^1], ct);
        }

        return files;
    }

    /// <summary>How far each chat's log goes in the database, which is the truth that sessions are judged by.</summary>
    private static async Task<string> WriteHeadsAsync(ChatServer server, CancellationToken ct)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.Target.ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand("select id, head_sequence from chats where kind = 2");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        Dictionary<long, long> heads = [];
        while (await reader.ReadAsync(ct)) heads[reader.GetInt64(0)] = reader.GetInt64(1);
        string path = Path.Combine(server.Directory, "heads.json");
        await using FileStream file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, heads, CrowdJson.Default.DictionaryInt64Int64, ct);
        return path;
    }

    private static double Resident(LoadTarget target) => ProcessUsage.Read(target.ProcessIds)?.ResidentKilobytes
        ?? throw new IOException("A node's memory cannot be read: this needs Linux, and every node running.");

    /// <summary>Once a second: workers tell their state as often.</summary>
    private void NotePoint(List<WorkerProcess> workers)
    {
        double at = Clock.Seconds(Clock.Now - _timelineFrom), last = _timeline.Count > 0 ? _timeline[^1].S : 0;
        if (at - last < 1) return;
        long delivered = workers.Sum(worker => worker.Status.Delivered);
        _timeline.Add(new CrowdPoint(Math.Round(at, 1), Ready(workers), Math.Round((delivered - _deliveredBefore) / (at - last))));
        _deliveredBefore = delivered;
    }

    /// <returns>Seconds from the kill until there is no such process any more.</returns>
    private static async Task<double> GoneAsync(Process killed, long killedAt, CancellationToken ct)
    {
        await killed.WaitForExitAsync(ct);
        return Clock.Seconds(Clock.Now - killedAt);
    }

    private static int Ready(List<WorkerProcess> workers) => workers.Sum(worker => worker.Status.Ready);

    private async Task HoldAsync(List<WorkerProcess> workers, TimeSpan time, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        await WaitAsync(workers, () => Stopwatch.GetElapsedTime(start) >= time, time + Settle, ct);
    }

    /// <returns>Seconds that it took.</returns>
    private async Task<double> WaitAsync(List<WorkerProcess> workers, Func<bool> isReached, TimeSpan timeout, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        for (long told = start; !isReached() && Stopwatch.GetElapsedTime(start) < timeout;)
        {
            if (workers.Find(worker => worker.Findings.IsFaulted) is { } ended) await ended.Findings;
            await Task.Delay(Poll, TimeProvider.System, ct);
            NotePoint(workers);
            if (Stopwatch.GetElapsedTime(told) < TimeSpan.FromSeconds(5)) continue;

            told = Stopwatch.GetTimestamp();
            await progress.WriteLineAsync(
                $"  {Ready(workers)} sessions, {workers.Sum(worker => worker.Status.Acked)} acked, "
                    + $"{workers.Sum(worker => worker.Status.Delivered)} delivered");
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
