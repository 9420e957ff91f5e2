using Chat.Domain.Fanout;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage.Statuses;

namespace Chat.Domain.Statuses;

/// <summary>
/// Notes that the caller has looked at a status, once; twice is no failure, and one's own needs no note. The caller's other devices
/// hear of it, and the author's unless either of the two has read receipts off: as a hint that costs what a typing notice does.
/// </summary>
public sealed class ViewStatus(StatusViewStore views, RequestLimits limits, IEphemeralFanout fanout, TimeProvider time)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long id, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        if (await views.LookAsync(id, caller.PrincipalId, ct) is not { } look) return StatusFailures.NotFound("id");
        if (!look.IsNew) return Done.Value;

        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        Hint(look.ViewerInbox);
        if (look.IsTold) Hint(look.AuthorInbox);
        return Done.Value;

        void Hint(long inboxChatId) => fanout.PublishEphemeral(
            inboxChatId, StatusHint.Encode(inboxChatId, EventKind.StatusViewed, (caller.PrincipalId, look.AuthorId), id, nowMs));
    }
}
