using Chat.Domain.Limits;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Takes a chat's history, or its older part, from the caller's sight alone, for good; all one's devices follow.</summary>
public sealed class ClearHistory(OwnSettingsStore store, RequestLimits limits)
{
    /// <param name="caller">Whose sight.</param>
    /// <param name="chatId">A chat that the caller is, or was, in.</param>
    /// <param name="upTo">The last sequence that goes; null for all there is.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long chatId, long? upTo, CancellationToken ct)
    {
        if (upTo < 0) return Failures.Invalid("up_to", "up_to is negative: send a sequence, or leave it out for all.");
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        return await store.ClearAsync(caller.PrincipalId, chatId, upTo, ct) == OwnSettingsStatus.Done ? Done.Value : Failures.ChatNotFound(chatId);
    }
}
