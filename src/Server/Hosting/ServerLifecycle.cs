using Chat.Domain.Fanout;
using Chat.Server.Cluster;
using Chat.Server.Sessions;
using Chat.Storage.ChatLog;

namespace Chat.Server.Hosting;

/// <summary>Starts the loops in the order in which they need each other, and stops them the other way round: sessions first, the log last.</summary>
internal sealed class ServerLifecycle(
    ChatLogWriter chatLog, ReceiptLoops receipts, HoleRepairer repairer, CommitsInDoubt doubts, HelloBatcher hellos, SessionDrain drain,
    ClusterParts cluster) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        chatLog.Start();
        receipts.Start();
        repairer.Start();
        doubts.Start();
        hellos.Start();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before Kestrel closes its connections: they get their goodbye, and what they sent is committed and acked.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => drain.RunAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await chatLog.StopAsync();
        await receipts.StopAsync();
        await doubts.StopAsync();
        await cluster.StopAsync(); // what the log committed last was published, and its heads are announced once more
    }
}
