using System.Threading.Channels;
using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Protocol.Codes;
using Chat.Storage.Statuses;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Statuses;

/// <summary>
/// Tells whom a status is for that it came or went: on every node, those who are connected there, behind the request that did it. One order
/// between nodes and one reading of the audience on each, whoever is online; nothing is written (ADR 0021). What gets lost, or is dropped
/// because too much waits, everybody finds by asking. Thread-safe.
/// </summary>
public sealed partial class StatusAnnouncer(
    StatusReads reads, IEphemeralFanout fanout, IBroker broker, TimeProvider time, ILogger<StatusAnnouncer> log)
{
    /// <summary>Orders that wait on a node. Each takes some milliseconds, so this is what a node may be late by.</summary>
    private const int MaxWaiting = 1_000;

    /// <summary>Contacts that are judged at once.</summary>
    private const int PageSize = 1_000;

    private readonly Channel<(long AuthorId, long StatusId)> _waiting = Channel.CreateBounded<(long AuthorId, long StatusId)>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    private int _isTelling;

    /// <summary>Ends when all that was ordered before is told; for tests.</summary>
    internal Task Telling { get; private set; } = Task.CompletedTask;

    /// <summary>Tells every node. Returns at once, never throws.</summary>
    internal void Announce(long authorId, long statusId)
    {
        broker.TryPublish(BrokerChannel.Control, ControlOrder.EncodeStatusChanged(authorId, statusId));
        OnOrdered(authorId, statusId);
    }

    /// <summary>A node says so, perhaps this one. Returns at once, never throws.</summary>
    public void OnOrdered(long authorId, long statusId)
    {
        _waiting.Writer.TryWrite((authorId, statusId));
        if (Interlocked.CompareExchange(ref _isTelling, 1, 0) == 0) Telling = Task.Run(TellAllAsync);
    }

    /// <summary>One after another: a person with thousands of contacts keeps one connection to the database busy, not all of them.</summary>
    private async Task TellAllAsync()
    {
        do
        {
            while (_waiting.Reader.TryRead(out (long AuthorId, long StatusId) order)) await TellAsync(order.AuthorId, order.StatusId);
            Interlocked.Exchange(ref _isTelling, 0);
        }
        while (_waiting.Reader.TryPeek(out _) && Interlocked.CompareExchange(ref _isTelling, 1, 0) == 0);
    }

    private async Task TellAsync(long authorId, long statusId)
    {
        try
        {
            long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds(), after = 0;
            while (true)
            {
                IReadOnlyList<StatusListener> page = await reads.ListAudienceAsync(statusId, after, PageSize, CancellationToken.None);
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
            NotTold(log, fault, statusId);
        }
    }

    [LoggerMessage(
        EventId = EventIds.StatusNotTold,
        Level = LogLevel.Warning,
        Message = "Whom status {StatusId} is for could not be read; they see what became of it when they ask")]
    private static partial void NotTold(ILogger logger, Exception exception, long statusId);
}
