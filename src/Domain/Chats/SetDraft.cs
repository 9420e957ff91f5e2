using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Keeps what the caller began to write in a chat, for all their devices; the last one to be stored wins.</summary>
public sealed class SetDraft(OwnSettingsStore store, RequestLimits limits)
{
    /// <param name="caller">Who writes.</param>
    /// <param name="chatId">Where.</param>
    /// <param name="text">As a message's; null or empty takes the draft away.</param>
    /// <param name="replyTo">The message that is to be answered; not looked at before it is sent.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long chatId, string? text, long? replyTo, CancellationToken ct)
    {
        string? draft = string.IsNullOrEmpty(text) ? null : text;
        if (draft is not null && MessageText.Judge(draft) is { } refused) return refused;
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        OwnSettingsStatus status = await store.SetDraftAsync(caller.PrincipalId, chatId, draft, draft is null ? null : replyTo, ct);
        return status == OwnSettingsStatus.Done ? Done.Value : Failures.ChatNotFound(chatId);
    }
}
