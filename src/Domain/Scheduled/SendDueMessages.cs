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
public sealed partial class SendDueMessages(ScheduledQueue queue, SendMessage send, TimeProvider time, ILogger<SendDueMessages> log)
{
    /// <summary>Messages that are claimed at once.</summary>
    private const int MaxClaimed = 50;

    /// <summary>Chats that are written to at once: marks take connections that reads want, too.</summary>
    private const int MaxAtOnce = 4;

    /// <summary>A fault that nobody foresaw is tried so often.</summary>
    private const int MaxAttempts = 10;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>What was claimed longer ago is left to the next claim: another node may be at it soon.</summary>
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Sends what is due, one message of a person in a chat at most.</summary>
    /// <returns>How many were taken; more may be due unless it is 0.</returns>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        long claimedAt = time.GetTimestamp();
        IReadOnlyList<ClaimedMessage> claimed = await queue.ClaimAsync(MaxClaimed, Lease, ct);

        // What is claimed is finished also by a node that stops: else it would wait until its lease is over.
        ParallelOptions some = new() { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = CancellationToken.None };
        await Parallel.ForEachAsync(claimed.GroupBy(message => message.ChatId), some, async (chat, _) =>
        {
            foreach (ClaimedMessage message in chat)
            {
                if (time.GetElapsedTime(claimedAt) < StartsWithin) await SendAsync(message);
            }
        });
        return claimed.Count;
    }

    private async Task SendAsync(ClaimedMessage message)
    {
        try
        {
            SendMessageInput input = new(
                message.ChatId, message.ClientMessageId, message.Text, message.ReplyTo, ScheduledRules.ReadContent(message.Content));
            Result<SentMessage> sent = await send.ExecuteAsync(new Caller(message.SenderId, 0), input);
            await NoteAsync(message, in sent);
        }
#pragma warning disable CA1031 // Whatever it is: one message must not hold up the others, of which nobody would learn why.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NotSent(log, fault, message.Id, message.Attempt);
            if (DatabaseOutage.IsPassing(fault)) return; // nothing can be noted either; it is tried again when its lease is over
            await GiveUpAsync(message);
        }
    }

    private Task NoteAsync(ClaimedMessage message, in Result<SentMessage> sent)
    {
        if (sent.IsOk) return queue.MarkSentAsync(message, sent.Value.Sequence, CancellationToken.None);
        Failure failure = sent.Failure;
        if (!ErrorCodes.IsRetryable(failure.Code)) return queue.MarkFailedAsync(message, (short)failure.Code, CancellationToken.None);

        // Busy says that nothing was stored by this attempt, but nothing of the one before.
        bool inDoubt = message.IsInDoubt || failure.Code is not (ErrorCode.Busy or ErrorCode.RateLimited);
        TimeSpan wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(message.Attempt, 6)) * (0.5 + Random.Shared.NextDouble()));
        if (failure.RetryAfter > wait) wait = failure.RetryAfter.Value;
        return queue.PostponeAsync(message, wait < LongestWait ? wait : LongestWait, inDoubt, CancellationToken.None);
    }

    private async Task GiveUpAsync(ClaimedMessage message)
    {
        if (message.Attempt < MaxAttempts) return; // the lease is the pause
        try
        {
            await queue.MarkFailedAsync(message, (short)ErrorCode.Internal, CancellationToken.None);
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            NotSent(log, fault, message.Id, message.Attempt);
        }
    }

    [LoggerMessage(
        EventId = EventIds.ScheduledNotSent,
        Level = LogLevel.Warning,
        Message = "Attempt {Attempt} to send the scheduled message {Id} ended with a fault; it is made again")]
    private static partial void NotSent(ILogger logger, Exception exception, long id, int attempt);
}
