using Chat.Domain.Search;
using Chat.Server.Sessions;

namespace Chat.Server.Jobs;

/// <summary>
/// Lets the indexer run from when the node is ready to when it stops. On every node: each indexes what it committed, and claims in the database see
/// to the rest.
/// </summary>
internal sealed class SearchLoop(SearchIndexer indexer, StartGate gate) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await indexer.StopAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Opened.WaitAsync(stoppingToken);
        indexer.Start();
    }
}
