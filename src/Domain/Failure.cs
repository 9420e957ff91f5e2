using Chat.Protocol.Codes;

namespace Chat.Domain;

/// <summary>Says why a use case did not do what was asked. The same value becomes an <c>error</c> frame or a problem document.</summary>
/// <param name="Code">The frozen number, protocol-spec.md §9.1.</param>
/// <param name="Message">English, for the developer: what is wrong and what to do.</param>
/// <param name="RetryAfter">Not earlier than this; null when the code is not retryable or nothing is known.</param>
/// <param name="Field">The input field at fault, in the wire's spelling (snake_case); null when it is none in particular.</param>
public sealed record Failure(ErrorCode Code, string Message, TimeSpan? RetryAfter = null, string? Field = null);
