using Chat.Domain.Cluster;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Presence;

/// <summary>
/// Makes presence one across nodes (P17): tells others who is here, and the registry who is there. Made before the broker starts; a node
/// that is alone has none.
/// </summary>
public sealed class ClusterPresence : IBrokerReceiver, IAsyncDisposable
{
    /// <summary>
    /// How long those who were here are still counted online after this node left: the time they are given to come back elsewhere.
    /// </summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(15);

    private readonly PresenceAnnouncer _announcer;
    private readonly PresenceFollower _follower;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger<ClusterPresence> _log;
    private Task _running = Task.CompletedTask;

    public ClusterPresence(
        IBroker broker, IPresenceLeases leases, PresenceRegistry registry, NodeIdentity node, TimeProvider time,
        ILogger<ClusterPresence> log)
    {
        _log = log;
        _announcer = new PresenceAnnouncer(broker, leases, registry, node, (time, log));
        _follower = new PresenceFollower(broker, leases, registry, node, (time, log));
        registry.Attach(_announcer);
        broker.Attach(BrokerTopic.Presence, this);
    }

    public void Start() => _running = Task.WhenAll(
        Task.Run(() => GuardAsync(_announcer.RunAsync)), Task.Run(() => GuardAsync(_follower.RunAsync)));

    /// <summary>
    /// Ends the loops and leaves the list of this node a last while. Before the broker is disposed. Calling twice is fine.
    /// </summary>
    public async Task StopAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _running;
        await _announcer.LeaveAsync(Farewell, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    public void OnPublication(BrokerChannel channel, ReadOnlyMemory<byte> payload) => _follower.OnPublication(payload.Span);

    public void OnHealthChanged(BrokerHealth health)
    {
        _announcer.Renounce(); // healthy: others missed what changed; degraded: keep nothing for them
        if (health == BrokerHealth.Healthy) _follower.OnHealthy();
    }

    private async Task GuardAsync(Func<CancellationToken, Task> loop)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await loop(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                PresenceLog.LoopFailed(_log, fault); // without it presence would stand still for good; what it missed, it reads
                _announcer.Renounce();
                _follower.OnHealthy();
            }
        }
    }
}
