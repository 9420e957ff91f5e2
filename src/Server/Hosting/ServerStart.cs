using Chat.Server.Cluster;
using Chat.Server.Limits;
using Chat.Server.Sessions;
using Chat.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Chat.Server.Hosting;

/// <summary>
/// The second half of a start, while the port already answers probes: the database with its schema, this node's name, the stored settings.
/// Then the gate opens. A start that cannot succeed ends with an exception of <see cref="IHost.StartAsync"/>.
/// </summary>
internal sealed class ServerStart(
    DatabasePreparation database, NodeRegistration node, LiveSettingsLoop liveSettings, ClusterParts cluster, StartGate gate, IServer server)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs when all services have started, Kestrel among them; ends early when the process is told to stop.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await database.RunAsync(cancellationToken);
        gate.WaitFor("the node's name is being taken");
        string url = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
        await node.ClaimAsync(url, cancellationToken);
        await ReadAsync(liveSettings.ReadAsync, cancellationToken);
        await ReadAsync(cluster.ReadPrefixAsync, cancellationToken);
        gate.WaitFor("the other nodes are being joined");
        await cluster.StartAsync(cancellationToken); // in front of the first session: what it reads is not older than what it hears
        gate.Open();
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Reads what a node must know before it serves. PostgreSQL may have gone away again since it was prepared: then the preparation says in
    /// the log what it waits for, and it is read again.
    /// </summary>
    private async Task ReadAsync(Func<CancellationToken, Task> read, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await read(ct);
                return;
            }
            catch (Exception fault) when (DatabaseOutage.IsPassing(fault) && !ct.IsCancellationRequested)
            {
                await database.RunAsync(ct);
            }
        }
    }
}
