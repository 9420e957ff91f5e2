using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.Domain;

/// <summary>The failures that more than one use case reports, so that one fault has one wording.</summary>
internal static class Failures
{
    public static Failure Invalid(string field, string message) => new(ErrorCode.InvalidArgument, message, Field: field);

    public static Failure ChatNotFound(long chatId) =>
        new(ErrorCode.ChatNotFound, $"There is no chat {chatId} for you: check chat_id, or list your chats.", Field: "chat_id");

    public static Failure ChatDeleted(long chatId) => new(
        ErrorCode.ChatDeleted, $"Chat {chatId} was deleted for everyone: nothing can be written or changed there any more.", Field: "chat_id");

    public static Failure NotAMember(long chatId) =>
        new(ErrorCode.NotAMember, $"You are not a member of chat {chatId}: ask an admin of it to add you.", Field: "chat_id");

    public static Failure RoleNotAllowed(long chatId) => new(
        ErrorCode.NotAllowed, $"Your role does not permit this in chat {chatId}, or it is not for chats of its kind.", Field: "chat_id");

    public static Failure NoClientMessageId() =>
        Invalid("client_message_id", "client_message_id is all zero: make a random UUID for each message.");

    public static Failure ClientMessageIdReused() => new(
        ErrorCode.ClientMessageIdReused,
        "client_message_id was used for another content: make a new id for each new message.",
        Field: "client_message_id");

    public static Failure MessageNotFound(long chatId) => new(
        ErrorCode.MessageNotFound, $"There is no such message in chat {chatId} that you may see: check sequence.", Field: "sequence");

    public static Failure PrincipalNotFound(string field) =>
        new(ErrorCode.PrincipalNotFound, $"{field} names nobody: check it, or look the person up by e-mail or phone.", Field: field);

    public static Failure Blocked(string field) =>
        new(ErrorCode.Blocked, $"{field}: one of you has blocked the other, so nothing passes between you.", Field: field);

    public static Failure AccountIsGone() =>
        new(ErrorCode.SignInRequired, "The account of this token does not exist any more: sign in again.");

    public static Failure NoPassword() => new(
        ErrorCode.NoPassword, "The account is of an app with users of its own: people sign in there, and have no password, second step or passkey here.");

    /// <summary>Only for who has shown that the account is theirs: to anybody else it looks like any other.</summary>
    public static Failure AccountBlocked() =>
        new(ErrorCode.AccountBlocked, "The account is blocked by the operator of the service: ask them why.");

    public static Failure Unavailable(TimeSpan? retryAfter = null) =>
        new(ErrorCode.Unavailable, "Storage does not answer; the outcome is unknown. Try again, a message with the same id.", retryAfter);

    public static Failure Busy(TimeSpan retryAfter) =>
        new(ErrorCode.Busy, "The server has too much to do and stored nothing of this. Try again after retry_after_ms.", retryAfter);

    public static Failure RateLimited(TimeSpan retryAfter) =>
        new(ErrorCode.RateLimited, "Too many requests of this kind; nothing was stored of this one. Try again after retry_after_ms.", retryAfter);

    /// <summary>Words a refused membership change.</summary>
    /// <param name="status">Any status but <c>Done</c> and <c>AlreadyThere</c>, which are no failures.</param>
    /// <param name="chatId">The chat that was to be changed.</param>
    /// <param name="memberField">The input field that names the other principals.</param>
    public static Failure FromMembership(MembershipStatus status, long chatId, string memberField) => status switch
    {
        MembershipStatus.ChatNotFound => ChatNotFound(chatId),
        MembershipStatus.NotAMember => new Failure(
            ErrorCode.NotAMember, $"{memberField} is not a member of chat {chatId}: list its members.", Field: memberField),
        MembershipStatus.NotAllowed => RoleNotAllowed(chatId),
        MembershipStatus.AlreadyAMember => new Failure(
            ErrorCode.AlreadyAMember, $"{memberField} names someone who is in chat {chatId} already: leave them out.", Field: memberField),
        MembershipStatus.TooManyMembers => TooManyMembers(memberField, null),
        MembershipStatus.PrincipalNotFound => PrincipalNotFound(memberField),
        MembershipStatus.Blocked => Blocked(memberField),
        MembershipStatus.HandleTaken => Invalid("handle", "handle is the public name of another channel: choose another."),
        MembershipStatus.InviteNotFound => InviteNotFound(),
        MembershipStatus.InviteExpired => new Failure(
            ErrorCode.InviteExpired,
            "The link was revoked, its time is over, it was used as often as it may be, or who made it may not invite any more: ask for another."),
        MembershipStatus.TooManyInvites => Invalid("chat_id", "The chat has as many links that can be used as it may have: revoke one of them."),
        MembershipStatus.Removed => new Failure(
            ErrorCode.NotAllowed, "An admin removed you from this chat: ask one to add you again.", Field: memberField),
        MembershipStatus.NotDeletable => new Failure(
            ErrorCode.NotDeletable,
            $"Chat {chatId} is no group and no channel, and only those can be deleted for everyone: clear its history for yourself, or archive it.",
            Field: "chat_id"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This membership status is no failure."),
    };

    /// <summary>The caller asked for a page of no size, or of too large a one.</summary>
    public static Failure PageLimit(int limit, int most) => Invalid("limit", $"limit is {limit}: send 1 to {most}, or leave it out.");

    public static Failure UnknownCursor() =>
        Invalid("cursor", "cursor is none of ours: send next_cursor of the page before, or leave it out.");

    public static Failure InviteNotFound() =>
        new(ErrorCode.InviteNotFound, "There is no such invite link or public name: check it, or ask for another.");

    public static Failure TooManyMembers(string memberField, int? maxMembers) => new(
        ErrorCode.TooManyMembers,
        $"A group holds at most {(maxMembers is { } max ? $"{max} members" : "the configured number of members")}, you included: send fewer {memberField}.",
        Field: memberField);
}
