using Chat.Domain.Limits;
using Chat.Storage.Notices;

namespace Chat.Domain.Notices;

/// <summary>Marks what happened to the caller up to a time as read, on all their devices. It never goes back.</summary>
public sealed class ReadNotices(NoticeStore notices, RequestLimits limits)
{
    /// <param name="upTo">The time of a notice; all before it are read, too. Later than now is now.</param>
    public async Task<Result<Done>> ExecuteAsync(Caller caller, DateTimeOffset upTo, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        bool isThere = await notices.ReadUpToAsync(caller.PrincipalId, upTo.ToUnixTimeMilliseconds(), ct);
        return isThere ? Done.Value : Failures.AccountIsGone();
    }
}
