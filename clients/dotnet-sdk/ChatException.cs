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

    internal static ChatException Local(LocalErrorCode code, string message) => code switch
    {
        LocalErrorCode.OutboxFull => new((int)code, "outbox_full", message, retryable: true),
        LocalErrorCode.Cancelled => new((int)code, "cancelled", message, retryable: false),
        LocalErrorCode.RequestTooLarge => new((int)code, "request_too_large", message, retryable: false),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "The code has no name."),
    };

    internal static ChatException FromClose(ConnectionEnd end) => new(
        end.Code,
        DisconnectCodes.Name((DisconnectCode)end.Code),
        end.Reason.Length == 0 ? $"The connection ended with {end.Code} and will not be opened again." : end.Reason,
        retryable: false);
}

/// <summary>What the client itself refuses; the service's codes are positive. Numbers are appended, never changed, never used again.</summary>
public enum LocalErrorCode
{
    /// <summary>More would wait to be sent than <see cref="ChatClientOptions.MaxOutboxBytes"/> allows.</summary>
    OutboxFull = -3,

    /// <summary>The app took the message back.</summary>
    Cancelled = -4,

    /// <summary>The request does not fit in a frame.</summary>
    RequestTooLarge = -6,
}
