using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>
/// Changes what a group or channel is called and about, its picture and theme, and who may do what in it. Whose role is enough
/// is the chat's own setting; only admins change that. Every member's devices are told, so it counts as a message to the chat for the rates.
/// </summary>
public sealed class UpdateChat(ChatDetailsStore details, GetChat getChat, RequestLimits limits)
{
    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, long chatId, ChatDetailsChange change, CancellationToken ct)
    {
        if (change.Name is not null)
        {
            if (!TextRules.TryName(change.Name, "name", out string? name, out Failure? failure)) return failure;
            change = change with { Name = name };
        }

        if (Judge(change) is { } refused) return refused;

        if (limits.JudgeSend(caller, chatId) is { } limited) return limited;
        if (JudgeGuess(limits, caller, change.Handle) is { } guessed) return guessed;
        MembershipOutcome outcome = await details.ChangeAsync(chatId, caller.PrincipalId, change, ct);
        if (outcome.Status is MembershipStatus.Done or MembershipStatus.AlreadyThere) return await getChat.ExecuteAsync(caller, chatId, ct);

        limits.NoteRefusal(caller.PrincipalId, chatId); // it locked the chat all the same
        return Failures.FromMembership(outcome.Status, chatId, "chat_id");
    }

    /// <summary>Whether a public name is taken is a look-up, so that nobody goes through names by wishing for them.</summary>
    internal static Failure? JudgeGuess(RequestLimits limits, Caller caller, string? handle) =>
        string.IsNullOrEmpty(handle) ? null : limits.JudgeLookup(caller);

    private static Failure? Judge(ChatDetailsChange change) =>
        JudgeDescription(change.Description)
        ?? TextRules.JudgeShort(change.Avatar, "avatar", TextRules.MaxReferenceChars)
        ?? ChatRules.JudgeTheme(change.Theme)
        ?? ChatRules.JudgeHandle(change.Handle)
        ?? JudgeRole(change.SendRole, "send_role")
        ?? JudgeRole(change.EditRole, "edit_role")
        ?? JudgeRole(change.AddRole, "add_role");

    /// <summary>Of more than one line, unlike other short texts.</summary>
    internal static Failure? JudgeDescription(string? description) => TextRules.JudgeShort(
        description?.ReplaceLineEndings(" "), "description", TextRules.MaxDescriptionChars);

    private static Failure? JudgeRole(short? role, string field) => role is null or (short)MemberRole.Member or (short)MemberRole.Admin
        ? null
        : Failures.Invalid(field, $"{field} {role} does not exist: send 1 (member) or 2 (admin).");
}
