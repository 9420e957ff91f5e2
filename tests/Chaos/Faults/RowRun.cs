using System.Diagnostics;
using System.Globalization;

using Chat.Chaos.Checker;
using Chat.Chaos.Cluster;
using Chat.Chaos.History;
using Chat.Chaos.Report;
using Chat.Chaos.Workload;
using Chat.Load.Processes;

namespace Chat.Chaos.Faults;

/// <summary>One run of one row: its cluster, its load, what was measured and what was broken. Used by the row's own flow only.</summary>
internal sealed class RowRun : IAsyncDisposable
{
    /// <summary>
    /// W1 of the promises is 2,000 connections in 200 chats of 10 at 500 messages/s. Here PostgreSQL, Redis, three nodes and all clients
    /// share two cores, so a row has a hundredth of the connections and a tenth of the rate.
    /// </summary>
    private const double MessagesPerSecond = 50;

    private const int MaxViolationsTold = 6;
    private const double OwnLoad = 4; // seen with nothing else running
    private const double ShortFormPatience = 4;

    private readonly double _busy = Math.Max(1, (ReadLoad() - OwnLoad) / Environment.ProcessorCount);
    private readonly List<RowFigure> _figures = [];
    private readonly List<string> _faults = [];
    private readonly List<string> _notes = [];
    private ChaosCluster? _cluster;
    private ChaosWorkload? _workload;
    private IReadOnlyList<HistoryEntry>? _history;

    public RowRun(RowOptions options, int seed)
    {
        (Options, Seed, Random) = (options, seed, new Random(seed));
        if (_busy > 1)
        {
            _notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the machine is busy with other things, {_busy:0.0} times what its cores can do: bounds in time are as much longer"));
        }
        Directory = TemporaryDirectory.Create("chat-chaos-");
    }

    public RowOptions Options { get; }

    public int Seed { get; }

    public Random Random { get; }

    /// <summary>Everything of this run lies below it.</summary>
    public string Directory { get; }

    public string HistoryDirectory => Path.Combine(Directory, "history");

    public ChaosCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not started.");

    public ChaosWorkload Workload => _workload ?? throw new InvalidOperationException("The load has not started.");

    /// <summary>Chats of the load.</summary>
    public int Chats { get; private set; }

    public IReadOnlyList<RowFigure> Figures => _figures;

    public IReadOnlyList<string> Faults => _faults;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>
    /// By how much bounds in time are longer. 1 in the full form on a machine of one's own. When others compute on it too: what waits to run
    /// beyond what a run of this suite makes by itself, for each core. The short form runs wherever the tests run, on machines of any
    /// speed, and only means to find what hangs. What is lost, doubled or out of order is judged the same everywhere.
    /// </summary>
    public double Stretch => _busy * (Options.IsShort ? ShortFormPatience : 1);

    /// <summary>A bound in time on this machine.</summary>
    public TimeSpan Within(TimeSpan bound) => bound * Stretch;

    /// <summary>How often the row does what it does: fewer in the short form.</summary>
    public int Count(int full, int shortForm) => Options.IsShort ? shortForm : full;

    /// <summary>Starts a cluster as planned, and no load.</summary>
    public async Task StartClusterAsync(ClusterPlan plan, CancellationToken ct)
    {
        _cluster = await ChaosCluster.StartAsync(plan, Directory, ct);
    }

    /// <summary>Ends the cluster and starts another one, from nothing.</summary>
    public async Task RestartClusterAsync(ClusterPlan plan, CancellationToken ct)
    {
        await Cluster.DisposeAsync();
        _cluster = null;
        _cluster = await ChaosCluster.StartAsync(plan, Path.Combine(Directory, "second"), ct);
    }

    /// <summary>Starts the cluster with as many nodes as the run has, then the load.</summary>
    public async Task StartAsync(ClusterPlan plan, CancellationToken ct, Func<WorkloadOptions, WorkloadOptions>? change = null)
    {
        await StartClusterAsync(plan with { Nodes = Options.Nodes }, ct);
        await StartLoadAsync(ct, change);
    }

    public async Task StartLoadAsync(CancellationToken ct, Func<WorkloadOptions, WorkloadOptions>? change = null)
    {
        var options = new WorkloadOptions
        {
            Seed = Seed,
            People = Options.IsShort ? 8 : 16,
            Chats = Options.IsShort ? 6 : 10,
            MembersPerChat = Options.IsShort ? 4 : 8,
            MessagesPerSecond = MessagesPerSecond,
            Nodes = Cluster.Urls,
            HistoryDirectory = HistoryDirectory,
        };
        options = options with { CatchUp = Within(options.CatchUp) };
        options = change?.Invoke(options) ?? options;
        Chats = options.Chats;
        _workload = await ChaosWorkload.StartAsync(options, ct);
    }

    /// <summary>A fault from its putting in to its healing. Both are marked in the history.</summary>
    public async Task FaultAsync(string name, Func<Task> breakAndHeal)
    {
        Workload.FaultWindows.Begin(name);
        try
        {
            await breakAndHeal();
        }
        finally
        {
            Workload.FaultWindows.End(name);
        }
    }

    /// <summary>Lets the load go on for that long.</summary>
    public Task GoOnAsync(TimeSpan time, CancellationToken ct) => Task.Delay(time, TimeProvider.System, ct);

    /// <summary>Runs a statement past every proxy; that PostgreSQL refuses or breaks down over it is what the row is about.</summary>
    public async Task TryOnPostgresAsync(string sql, CancellationToken ct)
    {
        try
        {
            await Cluster.Postgres.ExecuteAsync("chat", sql, ct);
        }
        catch (Exception refused) when (refused is Npgsql.NpgsqlException or TimeoutException)
        {
            await Options.Progress.WriteLineAsync($"  {sql}: {refused.Message}");
        }
    }

    /// <summary>The sum of a metric over all nodes, each since its start.</summary>
    public async Task<double> ReadMetricAsync(string name, CancellationToken ct)
    {
        double[] values = await Task.WhenAll(Cluster.Nodes.Select(node => node.ReadMetricAsync(name, ct)));
        return values.Sum();
    }

    public void Figure(string name, string value) => _figures.Add(new RowFigure(name, value));

    public void Figure(string name, double value, string unit) =>
        _figures.Add(new RowFigure(name, string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}").TrimEnd()));

    /// <summary>Says where this run differs from the matrix.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>The row's own pass criterion.</summary>
    public void Require(bool isKept, string whatWasBroken)
    {
        if (!isKept) _faults.Add(whatWasBroken);
    }

    /// <summary>
    /// With everything healed: ends the load, lets every client catch up, reads the truth and checks the history. Figures of the checker
    /// and its violations become the row's.
    /// </summary>
    /// <param name="renumbered">Every chat has got a new numbering on the way.</param>
    public async Task<Verdict> JudgeAsync(CancellationToken ct, bool renumbered = false)
    {
        await Workload.StopSendingAsync();
        FinalState final = await Workload.FinishAsync(new FinalSource(Cluster.Postgres.ConnectionString, Cluster.Nodes[0].Url), ct);
        await Workload.DisposeAsync();
        if (renumbered) final = final with { RenumberedChats = final.Chats.Select(chat => chat.Id).ToHashSet() };
        var bounds = new CheckerOptions();
        bounds = bounds with
        {
            Staleness = Within(bounds.Staleness),
            ProbeAck = Within(bounds.ProbeAck),
            Revocation = Within(bounds.Revocation),
        };
        Verdict verdict = ConsistencyChecker.Check(HistoryReader.FromDirectory(HistoryDirectory), final, bounds);
        Figure("acked", verdict.Counts.Acked, "");
        Figure("received", verdict.Counts.Received, "");
        Figure("resets", verdict.Counts.Resets, "");
        Figure("clients back p99", verdict.ClientsBack.P99, "ms");
        if (verdict.SignedOut.Count > 0) Figure("signed-out device cut after", verdict.SignedOut.Max, "ms");
        Figure("ack p99", string.Create(CultureInfo.InvariantCulture, $"{verdict.AckOutside.P99:0}/{verdict.AckInside.P99:0} ms"));
        Require(verdict.Counts.Acked > 0, "nothing was acked: the load did not run");
        foreach ((Invariant invariant, long count) in verdict.ViolationCounts)
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{invariant}: {count} violations"));
        _faults.AddRange(verdict.Violations.Take(MaxViolationsTold).Select(violation => violation.ToString()));
        return verdict;
    }

    /// <summary>The history, once it is closed.</summary>
    public IReadOnlyList<HistoryEntry> History() => _history ??= [.. HistoryReader.FromDirectory(HistoryDirectory).Entries()];

    /// <summary>How long after that moment the first message was acked that was sent by the load; null when none was.</summary>
    /// <param name="moment">As <see cref="HistoryClock.Now"/> tells it.</param>
    public TimeSpan? FirstAckAfter(long moment)
    {
        long first = History()
            .Where(entry => entry.Op is HistoryOp.Send or HistoryOp.Probe && entry.Outcome == HistoryOutcome.Ok && entry.Done >= moment)
            .Select(entry => entry.Done).DefaultIfEmpty(long.MaxValue).Min();
        return first == long.MaxValue ? null : TimeSpan.FromMicroseconds((first - moment) / 1_000.0);
    }

    // The average of the last minute: of processes that run or wait to.
    private static double ReadLoad() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Ends everything; what is on disk stays. May be called twice: by a row whose own things may go only when no process is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_workload is not null) await _workload.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
        _cluster = null;
    }
}
