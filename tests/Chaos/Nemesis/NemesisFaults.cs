using Chat.Chaos.Cluster;
using Chat.Chaos.Proxy;

namespace Chat.Chaos.Nemesis;

/// <summary>All that the nemesis can do to a cluster with proxies on every link.</summary>
internal static class NemesisFaults
{
    private const int NarrowBytesPerSecond = 20_000;

    private static readonly LinkConditions Stalled = new() { IsStalled = true };
    private static readonly LinkConditions Slow = new() { Delay = TimeSpan.FromMilliseconds(200), Jitter = TimeSpan.FromMilliseconds(100) };
    private static readonly LinkConditions Narrow = new() { BytesPerSecond = NarrowBytesPerSecond };

    public static IReadOnlyList<NemesisFault> For(ChaosCluster cluster, Random random)
    {
        List<NemesisFault> faults = [.. OfPostgres(cluster.Postgres, random)];
        if (cluster.Redis is { } redis) faults.AddRange(OfRedis(redis));
        for (int i = 0; i < cluster.Nodes.Count; i++)
        {
            ServerNode node = cluster.Nodes[i];
            faults.AddRange(OfNode(node));
            faults.AddRange(OfLink(cluster.ToPostgres[i], $"{node.Plan.Name} to PostgreSQL"));
            faults.AddRange(OfLink(cluster.ToNodes[i], $"clients to {node.Plan.Name}"));
            if (cluster.ToRedis.Count > i) faults.AddRange(OfLink(cluster.ToRedis[i], $"{node.Plan.Name} to Redis"));
        }

        return faults;
    }

    private static IEnumerable<NemesisFault> OfNode(ServerNode node)
    {
        string name = node.Plan.Name;
        yield return new NemesisFault($"kill -9 {name}", name, async (time, ct) =>
        {
            await node.KillAsync();
            await Task.Delay(time, TimeProvider.System, ct);
            await node.StartAgainAsync(ct);
        });
        yield return new NemesisFault($"stop {name}", name, (time, ct) => PauseAsync(node.Signal, time, ct));
        yield return new NemesisFault($"terminate {name}", name, async (time, ct) =>
        {
            await node.TerminateAsync(ct);
            await Task.Delay(time, TimeProvider.System, ct);
            await node.StartAgainAsync(ct);
        });
    }

    private static IEnumerable<NemesisFault> OfPostgres(PostgresServer postgres, Random random)
    {
        const string Target = "PostgreSQL";
        yield return new NemesisFault("PostgreSQL ends at once", Target, async (time, ct) =>
        {
            await postgres.StopImmediatelyAsync(ct);
            await Task.Delay(time, TimeProvider.System, ct);
            await postgres.StartAgainAsync(ct);
        });
        yield return new NemesisFault("kill -9 of PostgreSQL", Target, async (time, ct) =>
        {
            await postgres.KillAsync();
            await Task.Delay(time, TimeProvider.System, ct);
            await postgres.StartAgainAsync(ct);
        });
        yield return new NemesisFault("stop PostgreSQL", Target, (time, ct) => PauseAsync(postgres.SignalAll, time, ct));
        yield return new NemesisFault("terminate backends", Target, async (time, ct) =>
        {
            for (int round = 0; round < 5 * time.TotalSeconds; round++)
            {
                await postgres.ExecuteAsync(
                    "postgres", "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'chat %'", ct);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 350)), TimeProvider.System, ct);
            }
        });
    }

    private static IEnumerable<NemesisFault> OfRedis(RedisServer redis)
    {
        const string Target = "Redis";
        yield return new NemesisFault("kill -9 of Redis", Target, async (time, ct) =>
        {
            await redis.KillAsync();
            await Task.Delay(time, TimeProvider.System, ct);
            await redis.StartAgainAsync(ct);
        });
        yield return new NemesisFault("stop Redis", Target, (time, ct) => PauseAsync(redis.Signal, time, ct));
        yield return new NemesisFault("cut subscribers of Redis", Target, async (time, ct) =>
        {
            for (int second = 0; second < time.TotalSeconds; second++)
            {
                await redis.TryAskAsync("CLIENT KILL TYPE pubsub", ct);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ct);
            }
        });
    }

    private static IEnumerable<NemesisFault> OfLink(TcpChaosProxy link, string name)
    {
        yield return new NemesisFault($"{name}: cut", name, async (time, ct) =>
        {
            await link.CutAsync();
            await HealAfterAsync(link, time, ct);
        });
        yield return new NemesisFault($"{name}: stalled", name, (time, ct) =>
        {
            link.BothWays = Stalled;
            return HealAfterAsync(link, time, ct);
        });
        yield return new NemesisFault($"{name}: stalled one way", name, (time, ct) =>
        {
            link.ToClient = Stalled;
            return HealAfterAsync(link, time, ct);
        });
        yield return new NemesisFault($"{name}: slow", name, (time, ct) =>
        {
            link.BothWays = Slow;
            return HealAfterAsync(link, time, ct);
        });
        yield return new NemesisFault($"{name}: narrow", name, (time, ct) =>
        {
            link.BothWays = Narrow;
            return HealAfterAsync(link, time, ct);
        });
        yield return new NemesisFault($"{name}: resets", name, async (time, ct) =>
        {
            for (int round = 0; round < 2 * time.TotalSeconds; round++)
            {
                link.ResetAll();
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
            }
        });
    }

    private static async Task HealAfterAsync(TcpChaosProxy link, TimeSpan time, CancellationToken ct)
    {
        try
        {
            await Task.Delay(time, TimeProvider.System, ct);
        }
        finally
        {
            link.Heal();
        }
    }

    private static async Task PauseAsync(Action<int> signal, TimeSpan time, CancellationToken ct)
    {
        signal(Signals.Stop);
        try
        {
            await Task.Delay(time, TimeProvider.System, ct);
        }
        finally
        {
            signal(Signals.Continue);
        }
    }
}
