using Chat.Domain.Limits;
using Chat.Protocol.Framing;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Pages a chat's log by sequence, upwards or downwards, within what the caller may see .</summary>
public sealed class ReadHistory(EventStore events, RequestLimits limits)
{
    // Beside its texts and reactions an event takes at most 208 bytes; what remains of the largest frame is for those.
    private const int MaxTextBytes = ProtocolLimits.MaxServerFrameBytes - (ProtocolLimits.MaxHistoryLimit * 208) - 1024;

    public async Task<Result<HistoryPage>> ExecuteAsync(
        Caller caller, long chatId, long? after, long? before, int? limit, CancellationToken ct)
    {
        int count = limit ?? ProtocolLimits.DefaultHistoryLimit;
        if (count is < 1 or > ProtocolLimits.MaxHistoryLimit)
            return Failures.PageLimit(count, ProtocolLimits.MaxHistoryLimit);
        if (after is not null && before is not null)
            return Failures.Invalid("before", "after and before are both given: send one of them, or neither for the newest page.");
        if (after < 0) return Failures.Invalid("after", "after is negative: send a sequence, 0 for the beginning.");
        if (before < 0) return Failures.Invalid("before", "before is negative: send a sequence.");

        if (limits.JudgeHistory(caller, isCatchingUp: after is not null) is { } failure) return failure;

        HistoryPage? page = await events.ReadAsync(chatId, caller.PrincipalId, after, before, count, MaxTextBytes, ct);
        return page is null ? Failures.ChatNotFound(chatId) : page;
    }
}
