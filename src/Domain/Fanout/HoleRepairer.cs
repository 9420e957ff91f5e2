using System.Collections.Concurrent;
using System.Threading.Channels;
using Chat.Storage;
using Chat.Storage.Messages;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Fanout;

/// <summary>
/// Fills holes in what this node has applied of a chat: waits 50 ms for the missing event to come by itself, then reads it from the
/// database. One repair a chat at a time, at most four queries at once, so that a fault is not answered with a herd (architecture decision D8).
/// </summary>
public sealed partial class HoleRepairer(EventStore events, TimeProvider time, ILogger<HoleRepairer> log) : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private const int Workers = 4;

    private readonly ConcurrentDictionary<long, bool> _waiting = new();
    private readonly Channel<(long ChatId, ChatFanout Fanout)> _queue =
        Channel.CreateUnbounded<(long, ChatFanout)>(new UnboundedChannelOptions { SingleReader = false });
    private readonly CancellationTokenSource _stopping = new();
    private Task[] _workers = [];

    public void Start() => _workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(RunAsync))];

    public void Schedule(long chatId, ChatFanout fanout)
    {
        if (_waiting.TryAdd(chatId, true)) _queue.Writer.TryWrite((chatId, fanout));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach ((long chatId, ChatFanout fanout) in _queue.Reader.ReadAllAsync(_stopping.Token)) await RepairAsync(chatId, fanout);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The node is going down; sessions read what they miss on their next connection.
        }
    }

    private async Task RepairAsync(long chatId, ChatFanout fanout)
    {
        await Task.Delay(Patience, time, _stopping.Token);
        while (fanout.FindHole(chatId) is { } hole)
        {
            try
            {
                IReadOnlyList<EventRow> missing = await events.ReadRangeAsync(chatId, hole.From, hole.To, _stopping.Token);
                LogRepaired(chatId, hole.From, hole.To, missing.Count);
                fanout.OnCommitted(missing);
                if (missing.Count > 0) continue;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !_stopping.IsCancellationRequested)
            {
                LogFailed(fault, chatId, hole.From, hole.To);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, _stopping.Token);
        }

        _waiting.TryRemove(chatId, out _);
        if (fanout.FindHole(chatId) is not null) Schedule(chatId, fanout); // one that opened between the last look and the removal
    }

    [LoggerMessage(EventId = EventIds.HoleRepaired, Level = LogLevel.Information, Message = "Chat {ChatId}: read the missing events {From} to {To} from the database, {Count} found")]
    private partial void LogRepaired(long chatId, long from, long to, int count);

    [LoggerMessage(EventId = EventIds.HoleNotRepaired, Level = LogLevel.Warning, Message = "Chat {ChatId}: could not read the missing events {From} to {To}; trying again")]
    private partial void LogFailed(Exception fault, long chatId, long from, long to);
}
