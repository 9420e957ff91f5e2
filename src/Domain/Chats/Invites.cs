using Chat.Domain.Limits;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Makes, lists and revokes the links by which people join a group or channel; for whose role is enough to add people.</summary>
public sealed class Invites(InviteStore store, RequestLimits limits, TimeProvider time)
{
    public const int DefaultPage = 50;
    public const int MaxPage = 100;
    private const int MostUses = 1_000_000;

    /// <param name="caller">Who invites.</param>
    /// <param name="chatId">Whereto.</param>
    /// <param name="expiresAt">Until when people may join by it; null is for ever.</param>
    /// <param name="maxUses">How many may; null is any number.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<InviteRow>> CreateAsync(
        Caller caller, long chatId, DateTimeOffset? expiresAt, int? maxUses, CancellationToken ct)
    {
        if (expiresAt <= time.GetUtcNow()) return Failures.Invalid("expires_at", "expires_at is over: send a time to come, or leave it out.");
        if (maxUses is < 1 or > MostUses) return Failures.Invalid("max_uses", $"max_uses is {maxUses}: send 1 to {MostUses}, or leave it out.");
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;

        (MembershipStatus status, InviteRow? made) = await store.CreateAsync(
            chatId, caller.PrincipalId, InviteCode.New(), (expiresAt, maxUses), ct);
        if (made is not null) return made;
        return Failures.FromMembership(status, chatId, "chat_id");
    }

    /// <summary>The newest first.</summary>
    public async Task<Result<InvitePage>> ListAsync(Caller caller, long chatId, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? DefaultPage;
        if (count is < 1 or > MaxPage) return Failures.PageLimit(count, MaxPage);
        (long, string)? after = null;
        if (!string.IsNullOrEmpty(cursor))
        {
            if (!TimedCursor.TryRead(cursor, out long createdAtMs, out string code) || !InviteCode.IsOne(code)) return Failures.UnknownCursor();
            after = (createdAtMs, code);
        }

        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        (MembershipStatus status, IReadOnlyList<InviteRow> found) = await store.ListAsync(chatId, caller.PrincipalId, after, count + 1, ct);
        if (status != MembershipStatus.Done) return Failures.FromMembership(status, chatId, "chat_id");
        if (found.Count <= count) return new InvitePage(found, null);
        InviteRow last = found[count - 1];
        return new InvitePage([.. found.Take(count)], TimedCursor.Write(last.CreatedAtMs, last.Code));
    }

    /// <summary>Nobody joins by the link any more; who did stays.</summary>
    public async Task<Result<Done>> RevokeAsync(Caller caller, long chatId, string? code, CancellationToken ct)
    {
        if (!InviteCode.IsOne(code)) return Failures.InviteNotFound();
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        MembershipStatus status = await store.RevokeAsync(chatId, caller.PrincipalId, code!, ct);
        return status == MembershipStatus.Done ? Done.Value : Failures.FromMembership(status, chatId, "chat_id");
    }
}

/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record InvitePage(IReadOnlyList<InviteRow> Invites, string? NextCursor);
