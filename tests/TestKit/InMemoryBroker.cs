using System.Collections.Concurrent;
using Chat.Domain.Cluster;

namespace Chat.TestKit;

/// <summary>
/// Nodes of one process joined without a network. Publications arrive during the call that publishes them, unless a test holds them back,
/// loses or repeats them through <see cref="OnPublish"/>.
/// </summary>
public sealed class InMemoryBus
{
    private readonly ConcurrentDictionary<InMemoryBroker, bool> _brokers = new();

    /// <summary>
    /// Decides what becomes of one publication on its way to one node: call the action as often as it should arrive, now or later. Null:
    /// once, now.
    /// </summary>
    public Action<BrokerChannel, ReadOnlyMemory<byte>, Action>? OnPublish { get; set; }

    public InMemoryBroker Join()
    {
        InMemoryBroker broker = new(this);
        _brokers[broker] = true;
        return broker;
    }

    internal void Leave(InMemoryBroker broker) => _brokers.TryRemove(broker, out _);

    internal void Publish(InMemoryBroker source, BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        foreach (InMemoryBroker target in _brokers.Keys)
        {
            if (target == source) continue;
            void Deliver() => target.Receive(channel, payload);
            if (OnPublish is { } decide) decide(channel, payload, Deliver);
            else Deliver();
        }
    }
}

/// <summary>One node's end of an <see cref="InMemoryBus"/>.</summary>
public sealed class InMemoryBroker : IBroker
{
    private readonly InMemoryBus _bus;
    private readonly ConcurrentDictionary<BrokerTopic, IBrokerReceiver> _receivers = new();
    private readonly ConcurrentDictionary<BrokerChannel, Lock> _gates = new();
    private volatile bool _started;
    private volatile BrokerHealth _health = BrokerHealth.Degraded;

    internal InMemoryBroker(InMemoryBus bus) => _bus = bus;

    public BrokerHealth Health => _health;

    public TimeSpan Delay { get; set; }

    public void Attach(BrokerTopic topic, IBrokerReceiver receiver)
    {
        if (_started) throw new InvalidOperationException($"The broker has started: attach the receiver of {topic} before.");
        if (!_receivers.TryAdd(topic, receiver)) throw new InvalidOperationException($"{topic} has a receiver already.");
    }

    public Task StartAsync(CancellationToken ct)
    {
        _started = true;
        SetHealth(BrokerHealth.Healthy);
        return Task.CompletedTask;
    }

    public bool TryPublish(BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        if (_health != BrokerHealth.Healthy) return false;
        _bus.Publish(this, channel, payload);
        return true;
    }

    /// <summary>What a lost or healed connection does.</summary>
    public void SetHealth(BrokerHealth health)
    {
        if (_health == health) return;
        _health = health;
        foreach (IBrokerReceiver receiver in _receivers.Values.Distinct()) receiver.OnHealthChanged(health);
    }

    public ValueTask DisposeAsync()
    {
        _bus.Leave(this);
        _health = BrokerHealth.Degraded; // nobody is told: the node stops
        return default;
    }

    internal void Receive(BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        if (_health != BrokerHealth.Healthy || !_receivers.TryGetValue(channel.Topic, out IBrokerReceiver? receiver)) return;
        lock (_gates.GetOrAdd(channel, static _ => new Lock())) receiver.OnPublication(channel, payload);
    }
}
