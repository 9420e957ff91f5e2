using Chat.Server.Cluster;
using Chat.Server.Limits;
using Chat.Server.Sessions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Chat.Server.Hosting;

/// <summary>
/// The second half of a start, while the port already answers probes: the database with its schema, this node's name, the stored settings.
/// Then the gate opens. A start that cannot succeed ends with an exception of <see cref="IHost.StartAsync"/>.
/// </summary>
internal sealed class ServerStart(
    DatabasePreparation database, NodeRegistration node, LiveSettingsLoop liveSettings, StartGate gate, IServer server) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs when all services have started, Kestrel among them; ends early when the process is told to stop.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await database.RunAsync(cancellationToken);
        gate.WaitFor("the node's name is being taken");
        await node.ClaimAsync(server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "", cancellationToken);
        await liveSettings.ReadAsync(cancellationToken);
        gate.Open();
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
