using Chat.Domain.Cluster;
using Chat.Simulation.Scheduling;
using Chat.Simulation.Schedules;

namespace Chat.Simulation.Cluster;

/// <summary>How the bus treats what it is given, at the moment.</summary>
internal sealed class BusWeather
{
    public int LossPercent { get; set; }

    public int RepeatPercent { get; set; }

    /// <summary>Publications overtake each other by up to this.</summary>
    public double ReorderMs { get; set; }

    /// <summary>The next so many publications to a node are lost, whatever they are.</summary>
    public int LoseNext { get; set; }
}

/// <summary>What Redis pub/sub is to the nodes: quick, and without any promise.</summary>
internal sealed class SimulatedBus(Scheduler scheduler, Tally tally)
{
    private readonly List<SimulatedBroker> _brokers = [];

    public BusWeather Weather { get; } = new();

    public void Join(SimulatedBroker broker) => _brokers.Add(broker);

    public void Leave(SimulatedBroker broker) => _brokers.Remove(broker);

    internal void Publish(SimulatedBroker source, BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        foreach (SimulatedBroker target in _brokers)
        {
            if (target == source) continue;
            if (Weather.LoseNext > 0)
            {
                Weather.LoseNext--;
                tally.Add(Happening.PublicationLost);
                continue;
            }

            if (scheduler.Random.Chance(Weather.LossPercent))
            {
                tally.Add(Happening.PublicationLost);
                continue;
            }

            int times = 1;
            while (times < 3 && scheduler.Random.Chance(Weather.RepeatPercent)) times++;
            if (times > 1) tally.Add(Happening.PublicationRepeated);
            for (int i = 0; i < times; i++) target.Arrive(channel, payload, Weather.ReorderMs);
        }
    }
}

/// <summary>One node's end of the bus.</summary>
internal sealed class SimulatedBroker(Scheduler scheduler, SimulatedBus bus, SimulatedProcess node, Tally tally) : IBroker
{
    private readonly Dictionary<BrokerTopic, IBrokerReceiver> _receivers = [];
    private readonly Dictionary<BrokerChannel, long> _lastArrival = [];
    private bool _isSubscribed;
    private long _told;

    public BrokerHealth Health { get; private set; } = BrokerHealth.Degraded;

    public void Attach(BrokerTopic topic, IBrokerReceiver receiver) => _receivers.Add(topic, receiver);

    public Task StartAsync(CancellationToken ct)
    {
        bus.Join(this);
        Heal();
        return Task.CompletedTask;
    }

    public bool TryPublish(BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        if (Health != BrokerHealth.Healthy || node.IsDead) return false;
        bus.Publish(this, channel, payload);
        return true;
    }

    /// <summary>The connection is lost, and noticed.</summary>
    public void Degrade()
    {
        _isSubscribed = false;
        Tell(BrokerHealth.Degraded);
    }

    /// <summary>The subscriptions are gone, and nobody noticed yet.</summary>
    public void CutSubscriber() => _isSubscribed = false;

    /// <summary>Connected again: subscribed first, told second.</summary>
    public void Heal()
    {
        if (node.IsDead || (Health == BrokerHealth.Healthy && _isSubscribed)) return;
        if (Health == BrokerHealth.Healthy) Tell(BrokerHealth.Degraded);
        _isSubscribed = true;
        Tell(BrokerHealth.Healthy);
    }

    public ValueTask DisposeAsync()
    {
        bus.Leave(this);
        return default;
    }

    internal void Arrive(BrokerChannel channel, ReadOnlyMemory<byte> payload, double reorderMs)
    {
        long at = scheduler.Now + scheduler.Random.Between(0.2, 3).Ticks;
        if (reorderMs > 0)
        {
            at += scheduler.Random.Between(0, reorderMs).Ticks;
            tally.Add(Happening.PublicationReordered);
        }
        else
        {
            at = Math.Max(at, _lastArrival.GetValueOrDefault(channel) + 1);
            _lastArrival[channel] = at;
        }

        scheduler.After(TimeSpan.FromTicks(at - scheduler.Now), node, () =>
        {
            if (_isSubscribed && _receivers.TryGetValue(channel.Topic, out IBrokerReceiver? receiver))
                receiver.OnPublication(channel, payload);
        });
    }

    private void Tell(BrokerHealth health)
    {
        if (Health == health) return;
        Health = health;
        scheduler.After(TimeSpan.FromTicks(++_told), node, () => // one after another, in this order
        {
            foreach (IBrokerReceiver receiver in _receivers.Values.Distinct()) receiver.OnHealthChanged(health);
        });
    }
}
