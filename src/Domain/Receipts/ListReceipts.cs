using System.Globalization;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage.Receipts;

namespace Chat.Domain.Receipts;

/// <summary>
/// Pages who of the others has got and read one of the caller's messages, and when, in the order of their ids. Shown is what the list
/// of members shows (protocol-spec.md §8.7).
/// </summary>
public sealed class ListReceipts(ReceiptTimeStore receipts, RequestLimits limits)
{
    public const int MaxLimit = 100;

    public async Task<Result<ReceiptPage>> ExecuteAsync(
        Caller caller, long chatId, long sequence, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? MaxLimit;
        if (count is < 1 or > MaxLimit) return Failures.PageLimit(count, MaxLimit);
        long after = 0;
        if (!string.IsNullOrEmpty(cursor) && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            return Failures.UnknownCursor();
        if (limits.JudgeMessageInfo(caller) is { } limited) return limited;

        MessageReceipts found = await receipts.ReadAsync(chatId, caller.PrincipalId, sequence, after, count, ct);
        return found.Status switch
        {
            MessageReceiptsStatus.Found => new ReceiptPage(
                found, found.HasMore ? found.Members[^1].PrincipalId.ToString(CultureInfo.InvariantCulture) : null),
            MessageReceiptsStatus.ChatNotFound => Failures.ChatNotFound(chatId),
            MessageReceiptsStatus.MessageNotFound => Failures.MessageNotFound(chatId),
            MessageReceiptsStatus.NotTheSender => new Failure(
                ErrorCode.NotSender, "Only who sent a message is told who has got and read it: ask for your own messages.", Field: "sequence"),
            MessageReceiptsStatus.NoReceipts => new Failure(
                ErrorCode.NoReceipts, "It is a channel: nobody is told there who has got and read what.", Field: "chat_id"),
            MessageReceiptsStatus.MessageDeleted => new Failure(
                ErrorCode.MessageDeleted, "The message was deleted for everyone: nothing is told of it any more.", Field: "sequence"),
            _ => throw new ArgumentOutOfRangeException(nameof(chatId), found.Status, "Storage answered what no result stands for."),
        };
    }
}

/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record ReceiptPage(MessageReceipts Receipts, string? NextCursor);
