using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Scheduled;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Scheduled;

/// <summary>
/// Sends scheduled messages whose time has come, as their senders, by the way of all messages. Any number of nodes may do it at once, and
/// any of them may die at any point: a claim is a lease, and the log knows a message that it has by its client message id, so it is there once.
/// Thread-safe.
/// </summary>
public sealed partial class SendDueMessages(
    ScheduledQueue queue, SendMessage send, Overload load, TimeProvider time, ILogger<SendDueMessages> log)
{
    /// <summary>Messages that are claimed at once.</summary>
    private const int MaxClaimed = 50;

    /// <summary>Chats that are written to at once: marks take connections that reads want, too.</summary>
    private const int MaxAtOnce = 4;

    /// <summary>A fault that nobody foresaw is tried so often.</summary>
    private const int MaxFaults = 10;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What was claimed longer ago is given back: a sending may take as long again, twice, and has to end before another node may begin.
    /// </summary>
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Sends what is due, one message of a person in a chat at most; nothing while this node has more to do than it can.</summary>
    /// <returns>How many were sent or failed; more may be due unless it is 0.</returns>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (load.Level == LoadLevel.Full) return 0; // another node may have room

        long claimedAt = time.GetTimestamp();
        int done = 0;
        IReadOnlyList<ClaimedMessage> claimed = await queue.ClaimAsync(MaxClaimed, Lease, CancellationToken.None);

        // What is claimed is finished also by a node that stops: else it would wait until its lease is over.
        ParallelOptions some = new() { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = CancellationToken.None };
        await Parallel.ForEachAsync(claimed.GroupBy(message => message.ChatId), some, async (chat, _) =>
        {
            foreach (ClaimedMessage message in chat)
            {
                bool isLate = time.GetElapsedTime(claimedAt) >= StartsWithin;
                if (await (isLate ? GiveBackAsync(message) : SendAsync(message))) Interlocked.Increment(ref done);
            }
        });
        return done;
    }

    /// <returns>Whether it was sent or failed.</returns>
    private async Task<bool> SendAsync(ClaimedMessage message)
    {
        try
        {
            // Held as what a chat refuses: unblocked, the sender finds it with the reason, and may send it then.
            if (message.IsSenderBlocked) return await queue.MarkFailedAsync(message, (short)ErrorCode.AccountBlocked, CancellationToken.None);

            SendMessageInput input = new(
                message.ChatId, message.ClientMessageId, message.Text, message.ReplyTo, ScheduledRules.ReadContent(message.Content));
            Result<SentMessage> sent = await SendAsync(new Caller(message.SenderId, 0, (PrincipalKind)message.SenderKind), input);
            return await NoteAsync(message, sent);
        }
#pragma warning disable CA1031 // Whatever it is: one message must not hold up the others, of which nobody would learn why.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NotSent(log, fault, message.Id, message.Attempt);
            // Otherwise nothing can be noted either, and it is tried again when its lease is over.
            return !DatabaseOutage.IsPassing(fault) && await NoteFaultAsync(message);
        }
    }

    /// <summary>
    /// A card that cannot go any more, because the service has another key or the picture is gone, is no reason to keep the text (protocol-spec.md
    /// §8.16): nothing was stored, so it goes without.
    /// </summary>
    private async ValueTask<Result<SentMessage>> SendAsync(Caller sender, SendMessageInput input)
    {
        Result<SentMessage> sent = await send.ExecuteAsync(sender, input);
        bool isCard = !sent.IsOk && input.Content is { Link: not null } && sent.Failure.Code is (ErrorCode.LinkTokenInvalid or ErrorCode.BlobNotFound);
        return isCard ? await send.ExecuteAsync(sender, input with { Content = input.Content! with { Link = null } }) : sent;
    }

    private async Task<bool> NoteAsync(ClaimedMessage message, Result<SentMessage> sent)
    {
        if (sent.IsOk) return await queue.MarkSentAsync(message, sent.Value.Sequence, CancellationToken.None);
        Failure failure = sent.Failure;
        if (!ErrorCodes.IsRetryable(failure.Code)) return await queue.MarkFailedAsync(message, (short)failure.Code, CancellationToken.None);

        // Busy says that nothing was stored by this attempt, but nothing of the one before.
        bool inDoubt = message.IsInDoubt || failure.Code is not (ErrorCode.Busy or ErrorCode.RateLimited);
        TimeSpan wait = WaitOf(message);
        if (failure.RetryAfter > wait) wait = failure.RetryAfter.Value;
        await queue.PostponeAsync(message, wait < LongestWait ? wait : LongestWait, inDoubt, CancellationToken.None);
        return false;
    }

    private Task<bool> NoteFaultAsync(ClaimedMessage message) => TryNoteAsync(message, async () =>
    {
        if (message.Faults + 1 >= MaxFaults) return await queue.MarkFailedAsync(message, (short)ErrorCode.Internal, CancellationToken.None);
        await queue.PostponeAsync(message, WaitOf(message), inDoubt: true, CancellationToken.None);
        return false;
    });

    private Task<bool> GiveBackAsync(ClaimedMessage message) => TryNoteAsync(message, async () =>
    {
        await queue.GiveBackAsync(message, CancellationToken.None);
        return false;
    });

    /// <summary>What cannot be noted because the database is away is found again when the lease is over.</summary>
    private async Task<bool> TryNoteAsync(ClaimedMessage message, Func<Task<bool>> note)
    {
        try
        {
            return await note();
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            NotSent(log, fault, message.Id, message.Attempt);
            return false;
        }
    }

    private static TimeSpan WaitOf(ClaimedMessage message) =>
        TimeSpan.FromSeconds(Math.Pow(2, Math.Min(message.Faults + 1, 6)) * (0.5 + Random.Shared.NextDouble()));

    [LoggerMessage(
        EventId = EventIds.ScheduledNotSent,
        Level = LogLevel.Warning,
        Message = "Attempt {Attempt} to send the scheduled message {Id} ended with a fault; it is made again")]
    private static partial void NotSent(ILogger logger, Exception exception, long id, int attempt);
}
