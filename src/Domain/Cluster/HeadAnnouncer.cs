using Microsoft.Extensions.Logging;

namespace Chat.Domain.Cluster;

/// <summary>
/// Announces every second how far the chats go that this node wrote lately, and at once when the broker is healthy again: by that the others
/// find what was lost at a log's end (promise P15).
/// </summary>
public sealed partial class HeadAnnouncer(ChatRelay relay, TimeProvider time, ILogger<HeadAnnouncer> log) : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly StoppableLoop _loop = new();

    public void Start()
    {
        if (!relay.IsAlone) _loop.Start(RunAsync);
    }

    /// <summary>Announces once more, and tells the others not to wait for this node.</summary>
    public Task StopAsync() => _loop.StopAsync();

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <summary>Announces out of turn. Thread-safe; neither waits nor throws.</summary>
    internal void Announce()
    {
        try
        {
            relay.AnnounceHeads();
        }
        // Whatever it is, the next second has another chance, and without this loop the others would not hear of lost events.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogNotAnnounced(fault);
        }
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_loop.Stopping)) Announce();
        }
        catch (OperationCanceledException) when (_loop.Stopping.IsCancellationRequested)
        {
            Announce();
            relay.SayFarewell();
        }
    }

    [LoggerMessage(EventId = EventIds.HeadsNotAnnounced, Level = LogLevel.Error, Message = "The heads of chats could not be announced")]
    private partial void LogNotAnnounced(Exception fault);
}
