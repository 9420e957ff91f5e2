using Chat.Protocol.Codes;

namespace Chat.AdminApi.Problems;

/// <summary>One sentence a code, for problems and for the page of errors; the meanings are those of protocol-spec.md §9.1.</summary>
internal static class ErrorTitles
{
    public static string Of(ErrorCode code) => code switch
    {
        ErrorCode.InvalidArgument => "A value is not acceptable",
        ErrorCode.TextEmpty => "The text is empty",
        ErrorCode.TextTooLong => "The text is over 16,384 bytes of UTF-8",
        ErrorCode.TextHasNul => "The text contains U+0000",
        ErrorCode.ReplyTargetNotFound => "The message replied to is not in this chat",
        ErrorCode.ChatNotFound => "There is no such chat for you",
        ErrorCode.NotAMember => "You are not in this chat",
        ErrorCode.ClientMessageIdReused => "The client message id was used for another content",
        ErrorCode.NotAllowed => "Your role does not permit it",
        ErrorCode.AlreadyAMember => "Already a member",
        ErrorCode.TooManyMembers => "The group would have too many members",
        ErrorCode.PrincipalNotFound => "There is no such person",
        ErrorCode.MessageNotFound => "There is no such message for you",
        ErrorCode.TooLate => "The time in which this may be done is over",
        ErrorCode.MessageDeleted => "The message was deleted",
        ErrorCode.Blocked => "One of you has blocked the other",
        ErrorCode.ContactNotFound => "There is no such contact of yours",
        ErrorCode.InviteNotFound => "There is no such invite link or public name",
        ErrorCode.InviteExpired => "The invite link cannot be used any more",
        ErrorCode.TooManyPins => "Too many chats are pinned",
        ErrorCode.StatusNotFound => "There is no such status for you",
        ErrorCode.TooManyStatuses => "Too many statuses are shown",
        ErrorCode.BlobNotFound => "There is no such file for you",
        ErrorCode.BlobTooLarge => "The file is too large",
        ErrorCode.ContentNotAllowed => "The file is of a kind that is not taken, or is not what its name says",
        ErrorCode.UploadOffsetMismatch => "The upload goes on elsewhere",
        ErrorCode.QuotaExceeded => "Your files would take more room than they may",
        ErrorCode.LinkExpired => "The link has expired",
        ErrorCode.CallNotFound => "There is no such call for you",
        ErrorCode.CallEnded => "The call is over",
        ErrorCode.AnsweredElsewhere => "You take part in the call elsewhere",
        ErrorCode.InAnotherCall => "You are in another call",
        ErrorCode.ScheduleTimeInvalid => "A scheduled message cannot be due then",
        ErrorCode.TooManyScheduled => "Too many messages are scheduled",
        ErrorCode.NotChangeable => "The scheduled message can no longer be changed",
        ErrorCode.SignInRequired => "Sign-in required",
        ErrorCode.SignInFailed => "Unknown account or wrong password",
        ErrorCode.AccountExists => "The e-mail or the phone number is taken",
        ErrorCode.RefreshTokenInvalid => "The refresh token is used, expired or revoked",
        ErrorCode.TokenInvalid => "The access token is altered, expired or revoked",
        ErrorCode.SecondFactorRequired => "The account asks for a code as well",
        ErrorCode.CodeInvalid => "The code is wrong, was used, or its time is over",
        ErrorCode.NotConfigured => "The service is not set up for this",
        ErrorCode.Busy => "The server has too much to do; nothing was stored",
        ErrorCode.RateLimited => "Too many requests",
        ErrorCode.Unavailable => "Storage does not answer; the outcome is unknown",
        ErrorCode.Internal => "The server's fault",
        _ => "Failure",
    };
}
