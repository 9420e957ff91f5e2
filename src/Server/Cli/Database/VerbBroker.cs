using Chat.Domain.Cluster;
using Chat.Server.Cluster;
using Chat.Server.Hosting;
using Chat.Storage.Nodes;
using Npgsql;

namespace Chat.Server.Cli.Database;

/// <summary>
/// What a verb has to tell the nodes at once: kept while it works, so that no Redis holds the work up, and told when it is done. One caller.
/// </summary>
internal sealed class VerbBroker : IBroker
{
    /// <summary>So long somebody waits at the command line for a Redis that is away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly List<(BrokerChannel Channel, byte[] Payload)> _waiting = [];

    public BrokerHealth Health => BrokerHealth.Alone;

    public void Attach(BrokerTopic topic, IBrokerReceiver receiver)
    {
        // A verb hears nothing.
    }

    public Task StartAsync(CancellationToken ct) => Task.CompletedTask;

    public bool TryPublish(BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        _waiting.Add((channel, payload.ToArray()));
        return true;
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>
    /// Hands what waits to the nodes' Redis, if there is one, and waits until that has it: the process ends right behind this.
    /// </summary>
    /// <param name="ct">Somebody does not want to wait: no fault, the work is done.</param>
    /// <returns>False when it has not, or there is none, or nothing to tell.</returns>
    public async Task<bool> TellAsync(ClusterOptions options, DatabaseTagStore tags, CancellationToken ct)
    {
        if (_waiting.Count == 0 || RedisAddress.Read(options, []) is null) return false;

        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddCluster(options);
        await using ServiceProvider cluster = services.BuildServiceProvider();
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await cluster.GetRequiredService<ClusterPrefix>().ReadAsync(tags, patience.Token);
            return await TellAsync(cluster.GetRequiredService<RedisBroker>(), patience.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or NpgsqlException)
        {
            return false;
        }
    }

    private async Task<bool> TellAsync(RedisBroker redis, CancellationToken ct)
    {
        await redis.StartAsync(ct);
        foreach ((BrokerChannel channel, byte[] payload) in _waiting)
            if (!redis.TryPublish(channel, payload)) return false;

        while (redis.OutstandingBytes > 0) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        return redis.Health == BrokerHealth.Healthy; // else what waited went with the link
    }
}
