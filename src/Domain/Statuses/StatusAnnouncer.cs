using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Protocol.Codes;
using Chat.Storage.Statuses;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Statuses;

/// <summary>
/// Tells whom a status is for that it came or went: on every node, those who are connected there, behind the request that did it. One order
/// between nodes and one reading of the audience on each, whoever is online; nothing is written (ADR 0021). Orders of one author that wait
/// are told as one. What gets lost, or is dropped because too much waits, everybody finds by asking. Thread-safe.
/// </summary>
public sealed partial class StatusAnnouncer(
    StatusReads reads, IEphemeralFanout fanout, IBroker broker, TimeProvider time, ILogger<StatusAnnouncer> log)
{
    /// <summary>Orders that wait on a node. Each takes some milliseconds, so this is what a node may be late by.</summary>
    private const int MaxWaiting = 1_000;

    /// <summary>Contacts that are judged at once.</summary>
    private const int PageSize = 1_000;

    private readonly WaitingStatuses _waiting = new(MaxWaiting);

    private int _isTelling;

    /// <summary>Ends when all that was ordered before is told; for tests.</summary>
    internal Task Telling { get; private set; } = Task.CompletedTask;

    /// <summary>Tells this node, and the others through the broker, which gives nobody back what they sent. Returns at once, never throws.</summary>
    internal void Announce(long authorId, long statusId)
    {
        broker.TryPublish(BrokerChannel.Control, ControlOrder.EncodeStatusChanged(authorId, statusId));
        OnOrdered(authorId, statusId);
    }

    /// <summary>This node says so, or another one by the broker. Returns at once, never throws.</summary>
    public void OnOrdered(long authorId, long statusId)
    {
        _waiting.Add(authorId, statusId);
        if (Interlocked.CompareExchange(ref _isTelling, 1, 0) == 0) Telling = Task.Run(TellAllAsync);
    }

    /// <summary>One after another: a person with thousands of contacts keeps one connection to the database busy, not all of them.</summary>
    private async Task TellAllAsync()
    {
        do
        {
            while (_waiting.TryTake(out long authorId, out long[] statusIds))
            {
                await TellAsync(authorId, statusIds);
                if (_waiting.TakeDropped() is > 0 and int dropped) Dropped(log, dropped);
            }

            Interlocked.Exchange(ref _isTelling, 0);
        }
        while (!_waiting.IsEmpty && Interlocked.CompareExchange(ref _isTelling, 1, 0) == 0);
    }

    private async Task TellAsync(long authorId, long[] statusIds)
    {
        try
        {
            long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds(), after = 0;
            while (true)
            {
                IReadOnlyList<StatusListener> page = await reads.ListAudienceAsync(authorId, statusIds, after, PageSize, CancellationToken.None);
                foreach (StatusListener listener in page.Where(listener => listener.IsFor))
                {
                    fanout.PublishHere(
                        listener.InboxChatId, inbox => StatusHint.Encode(inbox, EventKind.StatusesChanged, (authorId, authorId), null, nowMs));
                }

                if (page.Count < PageSize) return;
                after = page[^1].PrincipalId;
            }
        }
#pragma warning disable CA1031 // Whatever it is: the status is stored, and who is not told finds it by asking.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NotTold(log, fault, statusIds.Length, authorId);
        }
    }

    [LoggerMessage(
        EventId = EventIds.StatusNotTold,
        Level = LogLevel.Warning,
        Message = "Whom {Count} statuses of {AuthorId} are for could not be read; they see what became of them when they ask")]
    private static partial void NotTold(ILogger logger, Exception exception, int count, long authorId);

    [LoggerMessage(
        EventId = EventIds.StatusOrdersDropped,
        Level = LogLevel.Warning,
        Message = "{Count} changes of statuses were not told, because too many waited; whom they are for sees them when they ask")]
    private static partial void Dropped(ILogger logger, int count);
}
