using System.Runtime.CompilerServices;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.ChatLog;
using Chat.Storage.Receipts;

namespace Chat.Domain.Messages;

/// <summary>
/// Puts a message into a chat's log. The log is reached synchronously, so messages of one connection are numbered in the order of the calls
/// (protocol-spec.md §4.4); but for one with a file or a link or about a status, which is looked at first: who calls keeps the order by waiting for it.
/// Thread-safe.
/// </summary>
public sealed class SendMessage(ChatLogWriter log, ReceiptWriter receipts, RequestLimits limits, MessageReferences references)
{
    public ValueTask<Result<SentMessage>> ExecuteAsync(Caller caller, SendMessageInput input)
    {
        Failure? refusal = Judge(in input) ?? limits.JudgeSend(caller, input.ChatId);
        if (refusal is not null) return new ValueTask<Result<SentMessage>>(refusal);

        return input.IsLookedUp ? AppendLookedUpAsync(caller, input) : AppendAsync(caller, in input);
    }

    private async ValueTask<Result<SentMessage>> AppendLookedUpAsync(Caller caller, SendMessageInput input)
    {
        Failure? refusal = await JudgeNamedAsync(caller, input);
        return refusal is null ? await AppendAsync(caller, in input) : refusal;
    }

    /// <summary>Null when the sender may name what the message names; also for one that is to be sent later.</summary>
    internal ValueTask<Failure?> JudgeNamedAsync(Caller caller, SendMessageInput input) =>
        references.JudgeAsync(caller, input, CancellationToken.None);

    private ValueTask<Result<SentMessage>> AppendAsync(Caller caller, in SendMessageInput input)
    {
        ValueTask<AppendOutcome> append = log.AppendAsync(
            new NewEvent(input.ChatId, caller.PrincipalId, EventKinds.Message, input.ClientMessageId, input.ReplyTo, input.Text,
                input.Content is { } content ? ContentJson.Write(content) : null));
        if (!append.IsCompletedSuccessfully) return AwaitAsync(append, caller.PrincipalId, input.ChatId);

#pragma warning disable VSTHRD103 // completed: nothing blocks
        return new ValueTask<Result<SentMessage>>(Conclude(append.Result, caller.PrincipalId, input.ChatId));
#pragma warning restore VSTHRD103
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Result<SentMessage>> AwaitAsync(ValueTask<AppendOutcome> append, long senderId, long chatId) =>
        Conclude(await append, senderId, chatId);

    private Result<SentMessage> Conclude(in AppendOutcome outcome, long senderId, long chatId)
    {
        if (outcome.Status is not (AppendStatus.Appended or AppendStatus.Duplicate))
        {
            if (outcome.Status is not (AppendStatus.Busy or AppendStatus.Unavailable)) limits.NoteRefusal(senderId, chatId);
            return Refuse(in outcome, chatId);
        }

        // One's own message counts as read (protocol-spec.md §8.5); the message itself tells everybody.
        receipts.RaiseOwn(chatId, senderId, outcome.Sequence);
        return new SentMessage(chatId, outcome.Sequence, outcome.CreatedAtMs);
    }

    /// <summary>Null when the message may be stored as far as it tells itself; also for one that is to be sent later.</summary>
    internal static Failure? Judge(in SendMessageInput input)
    {
        if (input.Content is null)
        {
            if (MessageText.Judge(input.Text) is { } failure) return failure;
        }
        else if (ContentRules.Judge(input.Content, input.Text) is { } failure)
        {
            return failure;
        }

        if (input.ClientMessageId == Guid.Empty) return Failures.NoClientMessageId();
        if (input.ReplyTo <= 0) return ReplyTargetNotFound(input.ChatId);

        return null;
    }

    /// <summary>Words what the chat log says of a message that it does not take.</summary>
    internal static Failure Refuse(in AppendOutcome outcome, long chatId) => outcome.Status switch
    {
        AppendStatus.ChatNotFound => Failures.ChatNotFound(chatId),
        AppendStatus.NotAMember => Failures.NotAMember(chatId),
        AppendStatus.Blocked => Failures.Blocked("chat_id"),
        AppendStatus.NotAllowed => new Failure(ErrorCode.NotAllowed, $"Only admins write in chat {chatId}.", Field: "chat_id"),
        AppendStatus.ClientMessageIdReused => Failures.ClientMessageIdReused(),
        AppendStatus.ReplyTargetNotFound => ReplyTargetNotFound(chatId),
        AppendStatus.Rejected => Failures.Invalid("text", "text has content that cannot be stored: send plain Unicode text."),
        AppendStatus.Busy => Failures.Busy(outcome.RetryAfter),
        AppendStatus.Unavailable => Failures.Unavailable(outcome.RetryAfter),
        _ => throw new InvalidOperationException($"The chat log answered {outcome.Status}, which no failure stands for: add it here."),
    };

    private static Failure ReplyTargetNotFound(long chatId) => new(
        ErrorCode.ReplyTargetNotFound,
        $"reply_to is no message of chat {chatId} that you may see: send the sequence of one, or leave it out.",
        Field: "reply_to");
}
