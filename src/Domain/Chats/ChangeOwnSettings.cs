using Chat.Domain.Limits;
using Chat.Domain.Receipts;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>
/// Changes what a chat is to the caller alone: muted, archived, pinned, marked as unread, its theme. All one's devices hear of
/// it through the inbox, and nobody else does.
/// </summary>
public sealed class ChangeOwnSettings(OwnSettingsStore store, MarkRead markRead, RequestLimits limits)
{
    /// <param name="caller">Whose chat it is.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="until">Until when nothing of it is notified; null ends it, <see cref="DateTimeOffset.MaxValue"/> is for ever.</param>
    /// <param name="ct">Gives up.</param>
    public Task<Result<Done>> MuteAsync(Caller caller, long chatId, DateTimeOffset? until, CancellationToken ct) =>
        DoAsync(caller, chatId, () => store.MuteAsync(caller.PrincipalId, chatId, until, ct));

    public Task<Result<Done>> ArchiveAsync(Caller caller, long chatId, bool archived, CancellationToken ct) =>
        DoAsync(caller, chatId, () => store.ArchiveAsync(caller.PrincipalId, chatId, archived, ct));

    public Task<Result<Done>> PinAsync(Caller caller, long chatId, bool pinned, CancellationToken ct) =>
        DoAsync(caller, chatId, () => store.PinAsync(caller.PrincipalId, chatId, pinned, limits.Settings.PinnedChats, ct));

    /// <param name="caller">Whose chat it is.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="readUpTo">
    /// How far the person has read. It is read first: a <c>mark_read</c> that is on its way yet would otherwise come after the mark and end it.
    /// Null if that is not known.
    /// </param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<Done>> MarkUnreadAsync(Caller caller, long chatId, long? readUpTo, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        if (readUpTo is { } upTo && await markRead.ExecuteAsync(caller, chatId, upTo) is { IsOk: false } refused) return refused;
        return Conclude(chatId, await store.MarkUnreadAsync(caller.PrincipalId, chatId, unread: true, ct));
    }

    public Task<Result<Done>> UnmarkUnreadAsync(Caller caller, long chatId, CancellationToken ct) =>
        DoAsync(caller, chatId, () => store.MarkUnreadAsync(caller.PrincipalId, chatId, unread: false, ct));

    /// <summary>Null or empty: the chat's own theme again.</summary>
    public async Task<Result<Done>> SetThemeAsync(Caller caller, long chatId, string? theme, CancellationToken ct)
    {
        if (ChatRules.JudgeTheme(theme) is { } refused) return refused;
        string? name = string.IsNullOrEmpty(theme) ? null : theme;
        return await DoAsync(caller, chatId, () => store.SetThemeAsync(caller.PrincipalId, chatId, name, ct));
    }

    private async Task<Result<Done>> DoAsync(Caller caller, long chatId, Func<Task<OwnSettingsStatus>> change)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        return Conclude(chatId, await change());
    }

    private Result<Done> Conclude(long chatId, OwnSettingsStatus status) => status switch
    {
        OwnSettingsStatus.Done => Done.Value,
        OwnSettingsStatus.TooManyPins => new Failure(
            ErrorCode.TooManyPins, $"You have {limits.Settings.PinnedChats} chats pinned already: unpin one of them.", Field: "chat_id"),
        _ => Failures.ChatNotFound(chatId),
    };
}
