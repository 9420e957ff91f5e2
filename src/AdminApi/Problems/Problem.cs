using System.Text.Json.Serialization;

namespace Chat.AdminApi.Problems;

/// <summary>A failure in the form of RFC 9457, with the protocol's error code.</summary>
public sealed record Problem
{
    /// <summary>Where this kind of failure is described.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of failure in words; the same for every occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status of this answer.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong this time, in English, for the developer.</summary>
    public required string Detail { get; init; }

    /// <summary>The protocol's number of the failure; the same that the WebSocket protocol uses.</summary>
    public required int Code { get; init; }

    /// <summary>The protocol's name of the failure.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public required bool Retryable { get; init; }

    /// <summary>Milliseconds to wait before trying again. Absent where no time is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RetryAfterMs { get; init; }

    /// <summary>The member of the body, or the parameter, that was wrong. Absent where it is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>The server's name of this request; its log has it too.</summary>
    public required string RequestId { get; init; }
}
