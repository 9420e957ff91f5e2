using Chat.Domain.Cluster;
using Chat.Server.Cluster;
using Chat.Server.Hosting;
using Chat.Storage.Nodes;
using Npgsql;

namespace Chat.Server.Cli.Database;

/// <summary>The broker that the nodes have, for a verb to tell them at once.</summary>
internal sealed class VerbBroker : IAsyncDisposable
{
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(2);

    private readonly ServiceProvider _cluster;

    private VerbBroker(ServiceProvider cluster) => (_cluster, Broker) = (cluster, cluster.GetRequiredService<IBroker>());

    public IBroker Broker { get; }

    public static async Task<VerbBroker> StartAsync(NpgsqlDataSource source, Settings settings, CancellationToken ct)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddCluster(settings.Cluster);
        VerbBroker broker = new(services.BuildServiceProvider());
        await broker._cluster.GetRequiredService<ClusterPrefix>().ReadAsync(new DatabaseTagStore(source), ct);
        await broker.Broker.StartAsync(ct);
        return broker;
    }

    /// <summary>
    /// The process ends right behind this: waits until Redis has what was published, if there is one. False when it has not.
    /// </summary>
    public async Task<bool> HandOverAsync(CancellationToken ct)
    {
        if (Broker is not RedisBroker { Health: BrokerHealth.Healthy } redis) return false;
        long start = TimeProvider.System.GetTimestamp();
        while (redis.OutstandingBytes > 0)
        {
            if (TimeProvider.System.GetElapsedTime(start) > HandOverPatience) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        }

        return true;
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
