using Chat.Domain.Limits;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Deletes a message for the caller alone, for good; all one's devices hear of it through the inbox, and nobody else does.</summary>
public sealed class HideMessage(HiddenStore hidden, RequestLimits limits)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long chatId, long sequence, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        return await hidden.HideAsync(caller.PrincipalId, chatId, sequence, ct) ? Done.Value : Failures.MessageNotFound(chatId);
    }
}
