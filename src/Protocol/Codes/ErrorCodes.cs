namespace Chat.Protocol.Codes;

/// <summary>The columns of protocol-spec.md §9.1 beside the number. Thread-safe.</summary>
public static class ErrorCodes
{
    /// <summary>Whether the same request may succeed later. An unknown code is judged by its range: 400 and above.</summary>
    public static bool IsRetryable(ErrorCode code) => code >= ErrorCode.Busy;

    /// <summary>The name of the table, e.g. <c>chat_not_found</c>; <c>unknown</c> for a number that it does not have.</summary>
    public static string Name(ErrorCode code) => code switch
    {
        ErrorCode.InvalidArgument => "invalid_argument",
        ErrorCode.TextEmpty => "text_empty",
        ErrorCode.TextTooLong => "text_too_long",
        ErrorCode.TextHasNul => "text_has_nul",
        ErrorCode.ReplyTargetNotFound => "reply_target_not_found",
        ErrorCode.ChatNotFound => "chat_not_found",
        ErrorCode.NotAMember => "not_a_member",
        ErrorCode.ClientMessageIdReused => "client_message_id_reused",
        ErrorCode.NotAllowed => "not_allowed",
        ErrorCode.AlreadyAMember => "already_a_member",
        ErrorCode.TooManyMembers => "too_many_members",
        ErrorCode.PrincipalNotFound => "principal_not_found",
        ErrorCode.MessageNotFound => "message_not_found",
        ErrorCode.TooLate => "too_late",
        ErrorCode.MessageDeleted => "message_deleted",
        ErrorCode.Blocked => "blocked",
        ErrorCode.ContactNotFound => "contact_not_found",
        ErrorCode.InviteNotFound => "invite_not_found",
        ErrorCode.InviteExpired => "invite_expired",
        ErrorCode.TooManyPins => "too_many_pins",
        ErrorCode.StatusNotFound => "status_not_found",
        ErrorCode.TooManyStatuses => "too_many_statuses",
        ErrorCode.ChatDeleted => "chat_deleted",
        ErrorCode.BlobNotFound => "blob_not_found",
        ErrorCode.BlobTooLarge => "blob_too_large",
        ErrorCode.ContentNotAllowed => "content_not_allowed",
        ErrorCode.UploadOffsetMismatch => "upload_offset_mismatch",
        ErrorCode.QuotaExceeded => "quota_exceeded",
        ErrorCode.LinkExpired => "link_expired",
        ErrorCode.CallNotFound => "call_not_found",
        ErrorCode.CallEnded => "call_ended",
        ErrorCode.AnsweredElsewhere => "answered_elsewhere",
        ErrorCode.InAnotherCall => "in_another_call",
        ErrorCode.ScheduleTimeInvalid => "schedule_time_invalid",
        ErrorCode.TooManyScheduled => "too_many_scheduled",
        ErrorCode.NotChangeable => "not_changeable",
        ErrorCode.PushTransportOff => "push_transport_off",
        ErrorCode.PushKeysInvalid => "push_keys_invalid",
        ErrorCode.PushEndpointInvalid => "push_endpoint_invalid",
        ErrorCode.PreviewUnavailable => "preview_unavailable",
        ErrorCode.UrlRefused => "url_refused",
        ErrorCode.LinkTokenInvalid => "link_token_invalid",
        ErrorCode.NotSender => "not_sender",
        ErrorCode.NoReceipts => "no_receipts",
        ErrorCode.NotDeletable => "not_deletable",
        ErrorCode.SignInRequired => "sign_in_required",
        ErrorCode.SignInFailed => "sign_in_failed",
        ErrorCode.AccountExists => "account_exists",
        ErrorCode.RefreshTokenInvalid => "refresh_token_invalid",
        ErrorCode.TokenInvalid => "token_invalid",
        ErrorCode.SecondFactorRequired => "second_factor_required",
        ErrorCode.CodeInvalid => "code_invalid",
        ErrorCode.NotConfigured => "not_configured",
        ErrorCode.AccountBlocked => "account_blocked",
        ErrorCode.PasskeyRefused => "passkey_refused",
        ErrorCode.PasskeyCeremonyOver => "passkey_ceremony_over",
        ErrorCode.PasskeyOriginRefused => "passkey_origin_refused",
        ErrorCode.PasskeyNotFound => "passkey_not_found",
        ErrorCode.NoPassword => "no_password",
        ErrorCode.Busy => "busy",
        ErrorCode.RateLimited => "rate_limited",
        ErrorCode.Unavailable => "unavailable",
        ErrorCode.Internal => "internal",
        _ => "unknown",
    };

    /// <summary>The HTTP status that carries the code over REST; 500 for a number that the table does not have.</summary>
    public static int HttpStatus(ErrorCode code) => code switch
    {
        ErrorCode.InvalidArgument or ErrorCode.TextEmpty or ErrorCode.TextHasNul or ErrorCode.ReplyTargetNotFound
            or ErrorCode.ScheduleTimeInvalid or ErrorCode.PushKeysInvalid or ErrorCode.PushEndpointInvalid
            or ErrorCode.UrlRefused or ErrorCode.LinkTokenInvalid => 400,
        ErrorCode.SignInRequired or ErrorCode.SignInFailed or ErrorCode.RefreshTokenInvalid or ErrorCode.TokenInvalid
            or ErrorCode.SecondFactorRequired => 401,
        ErrorCode.NotAMember or ErrorCode.NotAllowed or ErrorCode.TooLate or ErrorCode.Blocked or ErrorCode.QuotaExceeded
            or ErrorCode.CodeInvalid or ErrorCode.NotSender or ErrorCode.AccountBlocked
            or ErrorCode.PasskeyRefused or ErrorCode.PasskeyOriginRefused => 403,
        ErrorCode.ChatNotFound or ErrorCode.PrincipalNotFound or ErrorCode.MessageNotFound or ErrorCode.ContactNotFound
            or ErrorCode.InviteNotFound or ErrorCode.StatusNotFound or ErrorCode.BlobNotFound or ErrorCode.CallNotFound or ErrorCode.PreviewUnavailable
            or ErrorCode.PasskeyNotFound => 404,
        ErrorCode.ClientMessageIdReused or ErrorCode.AlreadyAMember or ErrorCode.TooManyMembers or ErrorCode.TooManyPins
            or ErrorCode.TooManyStatuses or ErrorCode.UploadOffsetMismatch or ErrorCode.AccountExists or ErrorCode.AnsweredElsewhere or ErrorCode.InAnotherCall
            or ErrorCode.TooManyScheduled or ErrorCode.NotChangeable or ErrorCode.NoReceipts
            or ErrorCode.NotDeletable or ErrorCode.NoPassword => 409,
        ErrorCode.MessageDeleted or ErrorCode.InviteExpired or ErrorCode.LinkExpired or ErrorCode.CallEnded
            or ErrorCode.PasskeyCeremonyOver or ErrorCode.ChatDeleted => 410,
        ErrorCode.TextTooLong or ErrorCode.BlobTooLarge => 413,
        ErrorCode.ContentNotAllowed => 415,
        ErrorCode.RateLimited => 429,
        ErrorCode.NotConfigured or ErrorCode.PushTransportOff => 501,
        ErrorCode.Busy or ErrorCode.Unavailable => 503,
        _ => 500,
    };
}
