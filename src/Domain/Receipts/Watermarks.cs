using System.Runtime.CompilerServices;
using Chat.Storage.Receipts;

namespace Chat.Domain.Receipts;

/// <summary>What marking delivered and marking read have in common: the judgement of the value and of the outcome.</summary>
internal static class Watermarks
{
    public static ValueTask<Result<Done>> MarkAsync(
        ReceiptWriter receipts, Caller caller, long chatId, long deliveredUpTo, long readUpTo)
    {
        if (deliveredUpTo < 0 || readUpTo < 0)
        {
            return new ValueTask<Result<Done>>(
                Failures.Invalid("up_to", "up_to is negative: send the sequence of the newest event that you have taken."));
        }

        ValueTask<ReceiptStatus> mark = receipts.MarkAsync(chatId, caller.PrincipalId, deliveredUpTo, readUpTo);
        if (!mark.IsCompletedSuccessfully) return AwaitAsync(mark, chatId);

#pragma warning disable VSTHRD103 // completed: nothing blocks
        return new ValueTask<Result<Done>>(Conclude(mark.Result, chatId));
#pragma warning restore VSTHRD103
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Result<Done>> AwaitAsync(ValueTask<ReceiptStatus> mark, long chatId) => Conclude(await mark, chatId);

    private static Result<Done> Conclude(ReceiptStatus status, long chatId) => status switch
    {
        ReceiptStatus.Stored => Done.Value,
        ReceiptStatus.NotAMember => Failures.ChatNotFound(chatId),
        ReceiptStatus.Unavailable => Failures.Unavailable(),
        ReceiptStatus.Busy => Failures.Busy(TimeSpan.FromSeconds(1)),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "The receipt writer answered what no result stands for."),
    };
}
