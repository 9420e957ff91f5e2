using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>
/// Says why the service refused a request, with the same code over the socket and over REST (protocol-spec.md §9.1), or why the
/// connection ended for good (§9.2).
/// </summary>
public sealed class ChatException : Exception
{
    /// <summary>Makes an exception for a code of the protocol.</summary>
    public ChatException(ErrorCode code, string message, TimeSpan? retryAfter = null, Exception? innerException = null)
        : this((int)code, ErrorCodes.Name(code), message, ErrorCodes.IsRetryable(code), retryAfter, innerException)
    {
    }

    internal ChatException(
        int code, string name, string message, bool retryable, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException) => (Code, Name, Retryable, RetryAfter) = (code, name, retryable, retryAfter);

    /// <summary>
    /// The number of protocol-spec.md §9.1, the close code of §9.2 when the connection ended for good, or a <see cref="LocalErrorCode"/>.
    /// </summary>
    public int Code { get; }

    /// <summary>The code's name, e.g. <c>chat_not_found</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool Retryable { get; }

    /// <summary>Not earlier than this, if the service said so.</summary>
    public TimeSpan? RetryAfter { get; }

    internal static ChatException Local(LocalErrorCode code, string message, Exception? innerException = null) => code switch
    {
        LocalErrorCode.OutboxFull => new((int)code, "outbox_full", message, retryable: true),
        LocalErrorCode.Cancelled => new((int)code, "cancelled", message, retryable: false),
        LocalErrorCode.RequestTooLarge => new((int)code, "request_too_large", message, retryable: false),
        LocalErrorCode.Expired => new((int)code, "expired", message, retryable: false),
        LocalErrorCode.OutboxInUse => new((int)code, "outbox_in_use", message, retryable: true, innerException: innerException),
        LocalErrorCode.OutboxUnwritable => new((int)code, "outbox_unwritable", message, retryable: true, innerException: innerException),
        LocalErrorCode.OutboxDamaged => new((int)code, "outbox_damaged", message, retryable: false),
        LocalErrorCode.OutboxOfAnother => new((int)code, "outbox_of_another", message, retryable: false),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "The code has no name."),
    };

    internal static ChatException FromClose(ConnectionEnd end) => new(
        end.Code,
        end.Code >= (int)DisconnectCode.Normal ? DisconnectCodes.Name((DisconnectCode)end.Code) : ErrorCodes.Name((ErrorCode)end.Code),
        end.Reason.Length == 0 ? $"The connection ended with {end.Code} and will not be opened again." : end.Reason,
        retryable: false);
}

/// <summary>What the client itself refuses; the service's codes are positive. Numbers are appended, never changed, never used again.</summary>
public enum LocalErrorCode
{
    /// <summary>
    /// More would wait to be sent than <see cref="ChatClientOptions.MaxOutboxBytes"/> or <see cref="ChatClientOptions.MaxOutboxMessages"/> allow.
    /// </summary>
    OutboxFull = -3,

    /// <summary>The app took the message back.</summary>
    Cancelled = -4,

    /// <summary>The request does not fit in a frame.</summary>
    RequestTooLarge = -6,

    /// <summary>The message waited for longer than <see cref="ChatClientOptions.MaxOutboxAge"/>; <see cref="OutgoingMessage.Retry"/> sends it all the same.</summary>
    Expired = -7,

    /// <summary>Another client or process has the outbox open.</summary>
    OutboxInUse = -8,

    /// <summary>The message could not be written to <see cref="ChatClientOptions.OutboxStore"/>, so it was not taken.</summary>
    OutboxUnwritable = -9,

    /// <summary>The outbox, or a part of it, cannot be read.</summary>
    OutboxDamaged = -10,

    /// <summary>Somebody else signed in than whose outbox this is; what it keeps waits for them.</summary>
    OutboxOfAnother = -11,
}
