using Chat.Sdk.Rest;

namespace Chat.Sdk.Scheduled;

/// <summary>One's messages that are to be sent later. Thread-safe.</summary>
public sealed class ScheduledClient
{
    private readonly ScheduledRest _rest;
    private readonly ClientCore _core;

    internal ScheduledClient(ScheduledRest rest, ClientCore core) => (_rest, _core) = (rest, core);

    /// <summary>Raised when something became of one of them: ask for the list again. What was missed comes after a reconnect.</summary>
    public event Action<ScheduledChange>? Changed
    {
        add => _core.Inbox.ScheduledChanged += value;
        remove => _core.Inbox.ScheduledChanged -= value;
    }

    /// <summary>
    /// Schedules a message. The same <see cref="NewScheduledMessage.ClientMessageId"/> gives the first one, whatever became of it. When it is
    /// sent, it marks what came before it in the chat as read, as every message of one's own does.
    /// </summary>
    /// <exception cref="ChatException"><c>schedule_time_invalid</c>, <c>too_many_scheduled</c>, or what a message is refused for.</exception>
    public async Task<ScheduledMessage> ScheduleAsync(NewScheduledMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        NewScheduledBody body = new(message.ClientMessageId, message.DueAt, ScheduledWordsBody.From(message.Words));
        return (await _rest.ScheduleAsync(message.ChatId, body, cancellationToken).ConfigureAwait(false)).ToMessage();
    }

    /// <summary>Those that wait, are being sent or failed, by due time.</summary>
    /// <param name="chatId">Null for all chats.</param>
    /// <param name="cursor">The page before's <see cref="ScheduledPage.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ScheduledPage> ListAsync(
        long? chatId = null, string? cursor = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        ScheduledListAnswer page = await _rest.ListAsync(chatId, cursor, limit, cancellationToken).ConfigureAwait(false);
        return new ScheduledPage([.. page.Items.Select(item => item.ToMessage())], page.NextCursor);
    }

    /// <summary>Changes when it is sent, or what it says, or both; one that failed waits again.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="dueAt">Null: as before.</param>
    /// <param name="words">Null: as before.</param>
    /// <param name="version">The version that was shown, so that a change on another device is not overwritten; null for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException"><c>message_not_found</c>, <c>not_changeable</c>, and as for <see cref="ScheduleAsync"/>.</exception>
    public async Task<ScheduledMessage> ChangeAsync(
        long id, DateTimeOffset? dueAt = null, ScheduledWords? words = null, int? version = null, CancellationToken cancellationToken = default)
    {
        ScheduledChangeBody body = new(dueAt, words is null ? null : ScheduledWordsBody.From(words), version);
        return (await _rest.ChangeAsync(id, body, cancellationToken).ConfigureAwait(false)).ToMessage();
    }

    /// <summary>Takes it back. Twice is no failure.</summary>
    /// <exception cref="ChatException"><c>message_not_found</c>, <c>not_changeable</c>: it is being sent, or was.</exception>
    public Task CancelAsync(long id, CancellationToken cancellationToken = default) => _rest.CancelAsync(id, cancellationToken);

    /// <summary>Makes it due now; it is in the chat within seconds.</summary>
    /// <exception cref="ChatException"><c>message_not_found</c>, <c>not_changeable</c>, or what a message is refused for.</exception>
    public async Task<ScheduledMessage> SendNowAsync(long id, CancellationToken cancellationToken = default) =>
        (await _rest.SendNowAsync(id, cancellationToken).ConfigureAwait(false)).ToMessage();
}
