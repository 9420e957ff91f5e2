using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>
/// Looks at a group or channel before joining, and joins: by an invite link or by the public name of a channel. Each counts as a look-up, so
/// that nobody goes through names.
/// </summary>
public sealed class JoinChat(InviteStore invites, ChannelStore channels, GetChat getChat, RequestLimits limits)
{
    public async Task<Result<ChatPreview>> PreviewAsync(Caller caller, string? code, CancellationToken ct)
    {
        if (!InviteCode.IsOne(code)) return Failures.InviteNotFound();
        if (limits.JudgeLookup(caller) is { } limited) return limited;
        (MembershipStatus status, ChatPreview? found) = await invites.FindAsync(code!, caller.PrincipalId, ct);
        return found is null ? Failures.FromMembership(status, 0, "code") : found;
    }

    public async Task<Result<ChatPreview>> PreviewChannelAsync(Caller caller, string? handle, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(handle) || ChatRules.JudgeHandle(handle) is not null) return Failures.InviteNotFound();
        if (limits.JudgeLookup(caller) is { } limited) return limited;
        return await channels.FindAsync(handle, caller.PrincipalId, ct) is { } found ? found : Failures.InviteNotFound();
    }

    public async Task<Result<ChatRow>> JoinAsync(Caller caller, string? code, CancellationToken ct)
    {
        if (!InviteCode.IsOne(code)) return Failures.InviteNotFound();
        if (limits.JudgeLookup(caller) is { } limited) return limited;
        return await ShowAsync(caller, await invites.JoinAsync(code!, caller.PrincipalId, limits.Settings.GroupMembers, ct), "code", ct);
    }

    public async Task<Result<ChatRow>> SubscribeAsync(Caller caller, string? handle, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(handle) || ChatRules.JudgeHandle(handle) is not null) return Failures.InviteNotFound();
        if (limits.JudgeLookup(caller) is { } limited) return limited;
        return await ShowAsync(caller, await channels.SubscribeAsync(handle, caller.PrincipalId, ct), "handle", ct);
    }

    private async Task<Result<ChatRow>> ShowAsync(Caller caller, MembershipOutcome outcome, string field, CancellationToken ct)
    {
        return outcome.Status switch
        {
            MembershipStatus.Done or MembershipStatus.AlreadyThere => await getChat.ExecuteAsync(caller, outcome.ChatId, ct),
            MembershipStatus.TooManyMembers => new Failure(
                ErrorCode.TooManyMembers, "The group has as many members as may be: ask an admin of it to make room.", Field: field),
            _ => Failures.FromMembership(outcome.Status, outcome.ChatId, field),
        };
    }
}
