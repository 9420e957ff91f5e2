using System.Diagnostics.Metrics;
using Chat.Server.Diagnostics.Metrics;
using Chat.Server.Outbound;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Diagnostics.Metrics;

/// <summary>F-28: threads of the pool that are blocked show in the metrics while it lasts, and no longer.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class PoolProbeTests
{
    private const int Blocked = 64;

    [Test]
    public void Blocked_threads_of_the_pool_are_seen_while_they_are_blocked()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using MetricCollector collector = new(services.GetRequiredService<IMeterFactory>());
        using ConnectionOutputFactory outputs = new(
            new OutboundOptions(), new OutboundPace(), TimeProvider.System, NullLogger<ConnectionOutputFactory>.Instance);
        using PoolProbe probe = new(services.GetRequiredService<IMeterFactory>(), outputs, NullLogger<PoolProbe>.Instance);
        using ManualResetEventSlim release = new();
        using CountdownEvent ended = new(Blocked);
        _ = probe.StartAsync(CancellationToken.None);

        for (int i = 0; i < Blocked; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                release.Wait(TimeSpan.FromSeconds(30));
                ended.Signal();
            }, null);
        }

        bool isSeen = SpinWait.SpinUntil(() => probe.Delay > TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        release.Set();
        ended.Wait();
        bool isOver = SpinWait.SpinUntil(() => probe.Delay < TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20));

        Assert.That((isSeen, isOver), Is.EqualTo((true, true)));
        List<MetricLine> lines = MetricLine.Read(collector.Scrape());
        double within = lines.Single(line => line.Name == "chat_pool_delays_seconds_bucket" && line.Labels["le"] == "1").Value;
        Assert.That(MetricLine.ValueOf(lines, "chat_pool_delays_seconds_count"), Is.GreaterThan(within), "one was slower than a second");
    }
}
