namespace Chat.Domain.Cluster;

/// <summary>Whether publications between nodes can be relied on to arrive, usually.</summary>
public enum BrokerHealth : byte
{
    /// <summary>No broker is configured: this node is alone and nothing is published.</summary>
    Alone,

    /// <summary>The broker is not reachable, or does not pass on what it is given. Nodes ask the database instead.</summary>
    Degraded,

    /// <summary>Every channel is subscribed and a probe came back lately.</summary>
    Healthy,
}

/// <summary>
/// Carries bytes between nodes. A hint, never the truth: it may lose, repeat and delay what it is given, and whoever receives repairs from
/// the database (architecture decision D8). Implemented by the server's process.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public interface IBroker : IAsyncDisposable
{
    BrokerHealth Health { get; }

    /// <summary>How long publications take just now, rather more than less. Zero: not known, or next to nothing.</summary>
    TimeSpan Delay => TimeSpan.Zero;

    /// <summary>
    /// Names the one receiver of a topic, and of changes of health. Before <see cref="StartAsync"/>; a second one for the same topic is
    /// refused.
    /// </summary>
    /// <exception cref="InvalidOperationException">The topic has a receiver, or the broker has started.</exception>
    void Attach(BrokerTopic topic, IBrokerReceiver receiver);

    /// <summary>
    /// Connects and subscribes to every channel. Returns when that is confirmed, or after a few seconds without success: then the node
    /// starts <see cref="BrokerHealth.Degraded"/> and the broker goes on trying by itself. Never throws for an unreachable broker.
    /// </summary>
    Task StartAsync(CancellationToken ct);

    /// <summary>
    /// Offers a payload to all other nodes. Returns at once and never throws: nothing that is published may hold up a commit.
    /// </summary>
    /// <param name="channel">Publications of one channel arrive in the order of the calls, if they arrive.</param>
    /// <param name="payload">Read until it was sent, so it must not change any more.</param>
    /// <returns>False when it was dropped: no broker, not healthy, or too much waits to be sent.</returns>
    bool TryPublish(BrokerChannel channel, ReadOnlyMemory<byte> payload);
}

/// <summary>Hears what other nodes publish. A node never hears its own publications.</summary>
public interface IBrokerReceiver
{
    /// <summary>
    /// Takes a publication. Called one at a time for each channel, perhaps at the same time for different ones. Must not block and must not
    /// throw; the bytes come from the network and may be of another version of the server, or nonsense.
    /// </summary>
    /// <param name="channel">Where it was published.</param>
    /// <param name="payload">The receiver's to keep.</param>
    void OnPublication(BrokerChannel channel, ReadOnlyMemory<byte> payload);

    /// <summary>
    /// Health changed. <see cref="BrokerHealth.Healthy"/> is told only after every subscription was confirmed, so whoever reads heads on
    /// hearing it misses nothing. Must not block and must not throw.
    /// </summary>
    void OnHealthChanged(BrokerHealth health);
}
