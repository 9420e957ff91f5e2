using Chat.Storage.Receipts;

namespace Chat.Domain.Receipts;

/// <summary>Says that the person has seen a chat's events up to a sequence, which are delivered then too. Answers after it is stored.</summary>
public sealed class MarkRead(ReceiptWriter receipts)
{
    public ValueTask<Result<Done>> ExecuteAsync(Caller caller, long chatId, long upTo) =>
        Watermarks.MarkAsync(receipts, caller, chatId, deliveredUpTo: upTo, readUpTo: upTo);
}
