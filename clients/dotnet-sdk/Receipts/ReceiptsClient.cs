using Chat.Sdk.Rest;

namespace Chat.Sdk.Receipts;

/// <summary>Who has got and read one's own messages, and when. Thread-safe.</summary>
public sealed class ReceiptsClient
{
    private readonly ReceiptsRest _rest;

    internal ReceiptsClient(ReceiptsRest rest) => _rest = rest;

    /// <summary>The others of the chat in the order of their ids, page after page.</summary>
    /// <param name="chatId">The chat.</param>
    /// <param name="sequence">A message of one's own.</param>
    /// <param name="cursor">The page before's <see cref="MessageReceipts.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException">
    /// <c>not_sender</c> (it is somebody else's message), <c>no_receipts</c> (it is in a channel), <c>message_deleted</c>,
    /// <c>message_not_found</c>, <c>chat_not_found</c>.
    /// </exception>
    public async Task<MessageReceipts> InfoAsync(
        long chatId, long sequence, string? cursor = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        MessageReceiptsAnswer page = await _rest.InfoAsync(chatId, sequence, cursor, limit, cancellationToken).ConfigureAwait(false);
        return new MessageReceipts(page.Items, page.Delivered, page.Read, page.Members, page.NextCursor);
    }
}
