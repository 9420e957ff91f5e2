namespace Chat.Protocol.Codes;

/// <summary>Says why a request was not done, protocol-spec.md §9.1. Numbers are appended, never changed, never used again.</summary>
public enum ErrorCode : short
{
    /// <summary>No error; never on the wire.</summary>
    None = 0,

    /// <summary>A field has a value that is not acceptable; the message names it.</summary>
    InvalidArgument = 100,

    /// <summary>The text has no character.</summary>
    TextEmpty = 101,

    /// <summary>The text is over <see cref="Framing.ProtocolLimits.MaxTextBytes"/> bytes of UTF-8.</summary>
    TextTooLong = 102,

    /// <summary>The text contains U+0000.</summary>
    TextHasNul = 103,

    /// <summary>The chat has no such message that the sender may see.</summary>
    ReplyTargetNotFound = 104,

    /// <summary>No such chat, or nothing of it is for this principal.</summary>
    ChatNotFound = 200,

    /// <summary>The chat exists, and the sender is not in it.</summary>
    NotAMember = 201,

    /// <summary>The client message id was used for another content.</summary>
    ClientMessageIdReused = 202,

    /// <summary>The caller's role does not permit it.</summary>
    NotAllowed = 203,

    /// <summary>The principal is in the chat.</summary>
    AlreadyAMember = 204,

    /// <summary>The chat would have more members than it may.</summary>
    TooManyMembers = 205,

    /// <summary>No such principal.</summary>
    PrincipalNotFound = 206,

    /// <summary>The chat has no such message that the caller may see.</summary>
    MessageNotFound = 207,

    /// <summary>The time in which the author may do this is over.</summary>
    TooLate = 208,

    /// <summary>The message was deleted for everyone.</summary>
    MessageDeleted = 209,

    /// <summary>One of the two has blocked the other; which of them is not said.</summary>
    Blocked = 210,

    /// <summary>The caller keeps no such contact.</summary>
    ContactNotFound = 211,

    /// <summary>There is no such invite link, or public name of a channel.</summary>
    InviteNotFound = 214,

    /// <summary>The invite link was revoked, its time is over, or it was used as often as it may be.</summary>
    InviteExpired = 215,

    /// <summary>The caller has as many chats pinned as may be.</summary>
    TooManyPins = 216,

    /// <summary>No such status that the caller may see, or its time is over.</summary>
    StatusNotFound = 217,

    /// <summary>The caller shows as many statuses as may be.</summary>
    TooManyStatuses = 218,

    /// <summary>The chat was deleted for everyone.</summary>
    ChatDeleted = 219,

    /// <summary>No such file, not one for the caller, or it was deleted or has expired.</summary>
    BlobNotFound = 220,

    /// <summary>The file, or a part of it, is larger than files of its kind may be.</summary>
    BlobTooLarge = 221,

    /// <summary>The file is of a kind that is not taken, or is not what its name says.</summary>
    ContentNotAllowed = 222,

    /// <summary>The part does not begin where the upload ends, or not all of it has come.</summary>
    UploadOffsetMismatch = 223,

    /// <summary>The caller's files would take more room than they may.</summary>
    QuotaExceeded = 224,

    /// <summary>The time of a download link is over: ask for a new one.</summary>
    LinkExpired = 225,

    /// <summary>No such call, or not one that the caller was called to.</summary>
    CallNotFound = 226,

    /// <summary>The call is over.</summary>
    CallEnded = 227,

    /// <summary>The caller takes part in the call at another place, or answered it there.</summary>
    AnsweredElsewhere = 228,

    /// <summary>The caller is in another call.</summary>
    InAnotherCall = 229,

    /// <summary>A scheduled message cannot be due at that time: past, too soon or too far away.</summary>
    ScheduleTimeInvalid = 230,

    /// <summary>The caller has as many scheduled messages as may be.</summary>
    TooManyScheduled = 231,

    /// <summary>The scheduled message is being sent, was sent or cancelled, or was changed elsewhere.</summary>
    NotChangeable = 232,

    /// <summary>The service does not push by the transport that was named.</summary>
    PushTransportOff = 233,

    /// <summary>The keys of a push subscription are none that can be encrypted for.</summary>
    PushKeysInvalid = 234,

    /// <summary>The endpoint of a push subscription is none that may be sent to.</summary>
    PushEndpointInvalid = 235,

    /// <summary>The page cannot be fetched, or has nothing to show.</summary>
    PreviewUnavailable = 236,

    /// <summary>The address is none that a preview is made of.</summary>
    UrlRefused = 237,

    /// <summary>The card of a message is not as the service made it.</summary>
    LinkTokenInvalid = 238,

    /// <summary>Only the sender of a message is told this of it.</summary>
    NotSender = 239,

    /// <summary>In a channel nobody is told who has got and read what.</summary>
    NoReceipts = 240,

    /// <summary>Only groups and channels can be deleted for everyone.</summary>
    NotDeletable = 241,

    /// <summary>No token, or not a valid one.</summary>
    SignInRequired = 300,

    /// <summary>Unknown account or wrong password; which of them is not said.</summary>
    SignInFailed = 301,

    /// <summary>E-mail or phone is taken.</summary>
    AccountExists = 302,

    /// <summary>The refresh token is used, expired or revoked.</summary>
    RefreshTokenInvalid = 303,

    /// <summary>The token is of another principal or device, altered or expired.</summary>
    TokenInvalid = 304,

    /// <summary>The password is right, and the account asks for a code as well.</summary>
    SecondFactorRequired = 305,

    /// <summary>The code is wrong, was used, or its time is over.</summary>
    CodeInvalid = 306,

    /// <summary>The service's operator has not set up what this needs.</summary>
    NotConfigured = 307,

    /// <summary>The service's operator has blocked the account. Said only to who has its password, its passkey, a code of its own, or its refresh token.</summary>
    AccountBlocked = 308,

    /// <summary>The passkey is none of this service's, was removed, or what it signed does not prove what it must.</summary>
    PasskeyRefused = 309,

    /// <summary>What a passkey was to sign was signed before, is of another account or purpose, or its time is over: begin again.</summary>
    PasskeyCeremonyOver = 310,

    /// <summary>A passkey was used on a page from which the service takes none; the message names it.</summary>
    PasskeyOriginRefused = 311,

    /// <summary>The caller has no such passkey.</summary>
    PasskeyNotFound = 312,

    /// <summary>The account is of an app with users of its own: it has no password, second step or passkey here.</summary>
    NoPassword = 313,

    /// <summary>Not accepted; nothing was stored by this attempt. Retryable.</summary>
    Busy = 400,

    /// <summary>Too many requests of this kind; nothing was stored by this attempt. Retryable.</summary>
    RateLimited = 401,

    /// <summary>Storage does not answer; the outcome is unknown, retry with the same id. Retryable.</summary>
    Unavailable = 402,

    /// <summary>The server's fault. Retryable.</summary>
    Internal = 500,
}
