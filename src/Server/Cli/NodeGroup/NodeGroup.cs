using System.Diagnostics;
using Chat.Server.Hosting;

namespace Chat.Server.Cli.NodeGroup;

/// <summary>
/// Several nodes on one machine, as they would be on several: processes of their own on one PostgreSQL and one Redis, behind a balancer.
/// What ends by itself is started again (nodes, unless they are not to), so any of them may be killed to see what happens.
/// </summary>
internal sealed class NodeGroup : IAsyncDisposable
{
    public const int MaxNodes = 16;

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly NodeGroupPlan _plan;
    private readonly List<SupervisedProcess> _nodes = [];
    private readonly List<SupervisedProcess> _others = [];

    private NodeGroup(NodeGroupPlan plan) => _plan = plan;

    /// <summary>Starts everything and waits until the balancer answers.</summary>
    /// <param name="arguments">Of each node's own command line, behind the verb.</param>
    /// <exception cref="NodeGroupException">Something is not installed, or did not start; the message says what.</exception>
    public static async Task<NodeGroup> StartAsync(
        NodeGroupPlan plan, string connectionString, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        NodeGroup group = new(plan);
        try
        {
            await group.StartPartsAsync(connectionString, arguments, ct);
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    public NodeGroupPlan Plan => _plan;

    /// <summary>The nodes first, which drain and send their clients away in order; then what they need, the newest first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.StopAsync()));
        foreach (SupervisedProcess part in Enumerable.Reverse(_others)) await part.StopAsync();
        foreach (SupervisedProcess part in _nodes.Concat(_others)) await part.DisposeAsync();
        if (_plan.RedisSocket is { } socket && Path.GetDirectoryName(socket) is { } folder && Directory.Exists(folder)) // who tidies /tmp may have been here
            Directory.Delete(folder, recursive: true);
    }

    private async Task StartPartsAsync(string connectionString, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        SupervisedProcess balancer = Balancer.Create(_plan); // before anything runs: is it installed?
        if (_plan.RedisSocket is { } socket) Start(_others, PrivateRedis.Create(socket));
        for (int index = 0; index < _plan.NodePorts.Count; index++)
        {
            SupervisedProcess node = CreateNode(index, connectionString, arguments);
            File.Delete(InstanceFileOf(index)); // of a group that was killed
            Start(_nodes, node);
            if (index == 0) await WaitUntilServingAsync(index, ct); // the first makes the demo accounts, the others find them
        }

        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };
        for (int index = 0; index < _nodes.Count; index++)
        {
            await WaitUntilServingAsync(index, ct);
            await WaitUntilReadyAsync(http, _plan.NodeUrl(index), _nodes[index], ct); // its first answer is slower than the balancer waits
        }

        Start(_others, balancer);
        await WaitUntilReadyAsync(http, _plan.BalancerUrl, balancer, ct);
    }

    private static void Start(List<SupervisedProcess> parts, SupervisedProcess part)
    {
        parts.Add(part);
        part.Start();
    }

    private SupervisedProcess CreateNode(int index, string connectionString, IReadOnlyList<string> arguments)
    {
        Directory.CreateDirectory(_plan.NodeDirectory(index));
        IReadOnlyDictionary<string, string> environment = _plan.NodeEnvironment(index, connectionString);
        TimeSpan patience = _plan.Settings.Sessions.DrainTimeout + TimeSpan.FromSeconds(10);
        return new SupervisedProcess(
            NodeGroupPlan.NodeName(index),
            print => ChildProcess.Start([.. Self(), "up", .. arguments], environment, print, dropsOutput: true, leavesGroup: true),
            patience, _plan.RestartsNodes);
    }

    private string InstanceFileOf(int index) => Path.Combine(_plan.NodeDirectory(index), InstanceFile.Name);

    /// <summary>A node writes its instance file when it serves.</summary>
    private async Task WaitUntilServingAsync(int index, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        while (!File.Exists(InstanceFileOf(index)))
        {
            Judge(_nodes[index], start);
            await Task.Delay(Poll, TimeProvider.System, ct);
        }
    }

    private static async Task WaitUntilReadyAsync(HttpClient http, string url, SupervisedProcess part, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Judge(part, start);
            try
            {
                using HttpResponseMessage ready = await http.GetAsync($"{url}/health/ready", ct);
                if (ready.IsSuccessStatusCode) return;
            }
            catch (Exception notYet)
                when (notYet is HttpRequestException || (notYet is TaskCanceledException && !ct.IsCancellationRequested))
            {
                // not listening yet, or no node is known to be ready
            }

            await Task.Delay(Poll, TimeProvider.System, ct);
        }
    }

    /// <summary>A part that ends while the group starts would only end again.</summary>
    private static void Judge(SupervisedProcess part, long start)
    {
        if (part.Ends > 0) throw new NodeGroupException($"{part.Name} did not start:\n{part.LastLines}");
        if (Stopwatch.GetElapsedTime(start) > ReadyTimeout)
            throw new NodeGroupException($"{part.Name} was not ready within {ReadyTimeout.TotalSeconds:0} s:\n{part.LastLines}");
    }

    /// <summary>How this process was started: <c>dotnet Chat.Server.dll</c>, or the program itself.</summary>
    private static IReadOnlyList<string> Self()
    {
        string program = Environment.ProcessPath!;
        bool isHosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return isHosted ? [program, typeof(NodeGroup).Assembly.Location] : [program];
    }
}
