using Chat.Protocol.Framing;
using Chat.Sdk.Rest;

namespace Chat.Sdk.Search;

/// <summary>Finds messages and names. Thread-safe.</summary>
public sealed class SearchClient
{
    private readonly SearchRest _rest;
    private readonly Func<long, ChatHandle> _chat;

    internal SearchClient(SearchRest rest, Func<long, ChatHandle> chat) => (_rest, _chat) = (rest, chat);

    /// <summary>Messages in all that one may see, or in one chat. A page may be short, or empty, though there are more: its cursor tells.</summary>
    /// <param name="wish">What is looked for.</param>
    /// <param name="cursor">The page before's <see cref="FoundMessages.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 50.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException"><c>invalid_argument</c>, <c>chat_not_found</c>, <c>busy</c>, <c>rate_limited</c>.</exception>
    public Task<FoundMessages> MessagesAsync(
        SearchWish wish, string? cursor = null, int limit = 20, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return _rest.MessagesAsync(wish, cursor, limit, cancellationToken);
    }

    /// <summary>Contacts, people of direct chats, groups and channels, by the beginnings of their names' words.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="cursor">The page before's <see cref="FoundNames.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 50.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<FoundNames> NamesAsync(
        string text, string? cursor = null, int limit = 20, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _rest.NamesAsync(text, cursor, limit, cancellationToken);
    }

    /// <summary>
    /// The events of a chat around one of them, ascending: for a jump to what was found. Half of them come behind it; more in either direction
    /// with <see cref="ChatHandle.HistoryAsync"/>.
    /// </summary>
    /// <param name="chatId">The chat.</param>
    /// <param name="sequence">The event in the middle.</param>
    /// <param name="limit">2 … 200.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<ChatLogEvent>> EventsAroundAsync(
        long chatId, long sequence, int limit = ProtocolLimits.DefaultHistoryLimit, CancellationToken cancellationToken = default)
    {
        int after = Math.Max(1, limit / 2);
        Task<HistoryPage> older = _chat(chatId).HistoryAsync(before: sequence + 1, limit: Math.Max(1, limit - after), cancellationToken: cancellationToken);
        Task<HistoryPage> newer = _chat(chatId).HistoryAsync(after: sequence, limit: after, cancellationToken: cancellationToken);
        HistoryPage[] pages = await Task.WhenAll(older, newer).ConfigureAwait(false);
        return [.. pages[0].Events, .. pages[1].Events];
    }
}
