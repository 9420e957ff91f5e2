using Chat.Domain.Cluster;

namespace Chat.Server.Cluster;

/// <summary>The broker of a node that is alone: nobody to tell, nobody to hear.</summary>
internal sealed class NoBroker : IBroker
{
    public BrokerHealth Health => BrokerHealth.Alone;

    public void Attach(BrokerTopic topic, IBrokerReceiver receiver)
    {
        // Nothing will ever be received.
    }

    public Task StartAsync(CancellationToken ct) => Task.CompletedTask;

    public bool TryPublish(BrokerChannel channel, ReadOnlyMemory<byte> payload) => false;

    public ValueTask DisposeAsync() => default;
}
