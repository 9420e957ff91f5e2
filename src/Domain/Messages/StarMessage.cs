using Chat.Domain.Limits;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Stars a message for oneself, or takes the star away; all one's devices hear of it through the inbox.</summary>
public sealed class StarMessage(StarStore stars, RequestLimits limits)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long chatId, long sequence, bool starred, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        return await stars.SetAsync(caller.PrincipalId, chatId, sequence, starred, ct) ? Done.Value : Failures.MessageNotFound(chatId);
    }
}
