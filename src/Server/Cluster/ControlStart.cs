using Chat.Domain.Cluster;

namespace Chat.Server.Cluster;

/// <summary>Puts the receiver of other nodes' orders at its place before the broker starts.</summary>
internal sealed class ControlStart(IBroker broker, ControlReceiver receiver) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        broker.Attach(BrokerTopic.Control, receiver);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
