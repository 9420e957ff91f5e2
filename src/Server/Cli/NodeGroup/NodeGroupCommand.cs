using System.Diagnostics;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Storage.Managed;
using Chat.Storage.Schema;

namespace Chat.Server.Cli.NodeGroup;

/// <summary>Runs <c>up --nodes N</c>: the database here, everything else as processes of their own.</summary>
internal static class NodeGroupCommand
{
    /// <param name="size">How many nodes, and whether they are started again.</param>
    /// <param name="pairs">The <c>--set</c> arguments, which every node gets too.</param>
    public static async Task<int> RunAsync(
        NodeGroupSize size, IReadOnlyList<KeyValuePair<string, string?>> overrides, IReadOnlyList<string> pairs, bool demo, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            IConfigurationRoot configuration = SettingsReader.Sources(overrides);
            Settings settings = SettingsReader.Read(configuration, isDevelopment: true);
            if (settings.Server.CertificatePath is not null)
                throw new NodeGroupException(
                    "Server:CertificatePath is set: nodes behind the balancer of --nodes speak plain TCP. Leave it out here, "
                        + "or run one node.");
            using Serilog.Core.Logger log = ServerLog.Create(configuration, isDevelopment: true);
            using LoggerFactory logs = new([new Serilog.Extensions.Logging.SerilogLoggerProvider(log)]);
            Directory.CreateDirectory(settings.Server.DataDirectory);
            await using DatabaseStart database = await DatabaseStart.RunAsync(settings, logs, ct);
            NodeGroupPlan plan = NodeGroupPlan.Make(settings, size.Nodes) with { RestartsNodes = size.Restarts };
            List<string> arguments = Arguments(plan.NodeEnvironment(0, database.ConnectionString), pairs, demo);
            await using NodeGroup group = await NodeGroup.StartAsync(plan, database.ConnectionString, arguments, ct);
            return await ServeAsync(group, settings, database, new Run(demo, start, logs.CreateLogger<NodeGroup>()), ct);
        }
        catch (Exception fault) when (fault is NodeGroupException or SettingsException or ManagedPostgresException or MigrationException
            or IOException or Npgsql.NpgsqlException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0; // stopped while starting
        }
    }

    /// <summary>What each node has from the group must not be overridden for all of them.</summary>
    private static List<string> Arguments(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> pairs, bool demo)
    {
        List<string> arguments = demo ? [] : ["--no-demo"];
        foreach (string pair in pairs)
        {
            string key = pair[..pair.IndexOf('=', StringComparison.Ordinal)];
            if (!environment.ContainsKey(NodeGroupPlan.EnvironmentName(key))) arguments.AddRange(["--set", pair]);
        }

        return arguments;
    }

    private static async Task<int> ServeAsync(NodeGroup group, Settings settings, DatabaseStart database, Run run, CancellationToken ct)
    {
        string data = settings.Server.DataDirectory;
        InstanceFile.Of(group.Plan.BalancerUrl, settings, database.ConnectionString, run.Demo).Write(data);
        string[] parts =
        [
            "Balancer      HAProxy, least connections, deploy/haproxy",
            .. group.Plan.NodePorts.Select((_, index) => $"{NodeGroupPlan.NodeName(index),-12}  {group.Plan.NodeUrl(index)}"),
            group.Plan.RedisSocket is { } socket ? $"Redis         {socket}, private, nothing stored" : "Redis         as configured",
        ];
        await Console.Out.WriteLineAsync(
            StartScreen.Compose(
                group.Plan.BalancerUrl, settings, database.Description, run.Demo, Stopwatch.GetElapsedTime(run.StartedAt), parts));

        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        bool databaseEnded = await Task.WhenAny(stopped, database.Ended) != stopped;
        if (databaseEnded) HostLog.DatabaseEnded(run.Log);
        InstanceFile.Remove(data);
        return databaseEnded ? 3 : 0;
    }

    /// <param name="StartedAt">Timestamp of the verb's first line.</param>
    private readonly record struct Run(bool Demo, long StartedAt, ILogger Log);
}

/// <param name="Nodes">How many.</param>
/// <param name="Restarts">One that ends by itself is started again.</param>
internal readonly record struct NodeGroupSize(int Nodes, bool Restarts);
