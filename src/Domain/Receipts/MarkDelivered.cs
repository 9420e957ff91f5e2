using Chat.Storage.Receipts;

namespace Chat.Domain.Receipts;

/// <summary>Says that the caller's client has taken a chat's events up to a sequence. Answers after it is stored.</summary>
public sealed class MarkDelivered(ReceiptWriter receipts)
{
    public ValueTask<Result<Done>> ExecuteAsync(Caller caller, long chatId, long upTo) =>
        Watermarks.MarkAsync(receipts, caller, chatId, upTo, readUpTo: 0);
}
