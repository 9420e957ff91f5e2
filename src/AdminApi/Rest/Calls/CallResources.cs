using System.ComponentModel.DataAnnotations;
using Chat.Domain.Calls;
using Chat.Storage.Calls;

namespace Chat.AdminApi.Rest.Calls;

/// <summary>A call to start.</summary>
internal sealed record NewCallBody
{
    /// <summary>The direct chat or group whose others are called.</summary>
    [Required]
    public WholeNumber? ChatId { get; init; }

    /// <summary>Voice or video.</summary>
    [Required]
    public CallKind? Kind { get; init; }

    /// <summary>The place on this device that takes part: random, made for this call. The same again is the same call.</summary>
    [Required]
    public Guid? EndpointId { get; init; }
}

/// <summary>From where a call is answered.</summary>
internal sealed record AnswerBody
{
    /// <summary>The place on this device that takes part: random, made for this call.</summary>
    [Required]
    public Guid? EndpointId { get; init; }
}

/// <summary>A call.</summary>
internal sealed record CallResource
{
    /// <summary>The call's id.</summary>
    public required long CallId { get; init; }

    /// <summary>The chat in which it is.</summary>
    public required long ChatId { get; init; }

    /// <summary>Who called.</summary>
    public required long CallerId { get; init; }

    /// <summary>Who was called, in a direct chat.</summary>
    public long? ReceiverId { get; init; }

    /// <summary>Voice or video.</summary>
    public required CallKind Kind { get; init; }

    /// <summary>How it stands.</summary>
    public required CallState Status { get; init; }

    /// <summary>Why it is over; null while it is not.</summary>
    public CallEnding? Reason { get; init; }

    /// <summary>The one who asks called.</summary>
    public required bool Outgoing { get; init; }

    /// <summary>What it is, or was, to the one who asks.</summary>
    public required CallPart Part { get; init; }

    /// <summary>When it began to ring.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When somebody answered.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Seconds from the answer to the end; 0 for one that nobody answered. Null while it is live.</summary>
    public long? Duration { get; init; }

    /// <summary>Until when it rings; null when it does not.</summary>
    public DateTimeOffset? RingsUntil { get; init; }

    /// <summary>Within how many milliseconds a participant must give a sign of life; a third of it is a good pace.</summary>
    public required long KeepWithinMs { get; init; }

    /// <summary>Who called and who was called.</summary>
    public required IReadOnlyList<CallParticipantResource> Participants { get; init; }

    public static CallResource From(CallRow call, long askerId, CallOptions options) => new()
    {
        CallId = call.Id,
        ChatId = call.ChatId,
        CallerId = call.CallerId,
        ReceiverId = call.ReceiverId,
        Kind = (CallKind)call.Kind,
        Status = (CallState)call.Status,
        Reason = (CallEnding?)call.Reason,
        Outgoing = call.CallerId == askerId,
        Part = (CallPart)call.Seats.First(seat => seat.PrincipalId == askerId).State,
        StartedAt = Time(call.StartedAtMs),
        AnsweredAt = call.AnsweredAtMs is { } answered ? Time(answered) : null,
        EndedAt = call.EndedAtMs is { } ended ? Time(ended) : null,
        Duration = call.EndedAtMs is { } end ? call.AnsweredAtMs is { } begin ? Math.Max(0, end - begin) / 1_000 : 0 : null,
        RingsUntil = call.RingsUntilMs is { } until ? Time(until) : null,
        KeepWithinMs = (long)options.Lease.TotalMilliseconds,
        Participants = [.. call.Seats.Select(seat => new CallParticipantResource { PrincipalId = seat.PrincipalId, Part = (CallPart)seat.State })],
    };

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}

/// <summary>One who called or was called.</summary>
internal sealed record CallParticipantResource
{
    /// <summary>The person.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>What the call is, or was, to them.</summary>
    public required CallPart Part { get; init; }
}

/// <summary>What one's ended calls of a time add up to.</summary>
internal sealed record CallStatisticsResource
{
    /// <summary>The beginning of the time.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end, not included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>All calls.</summary>
    public required long Total { get; init; }

    /// <summary>Others called.</summary>
    public required long Incoming { get; init; }

    /// <summary>One called.</summary>
    public required long Outgoing { get; init; }

    /// <summary>Calls by voice alone.</summary>
    public required long Voice { get; init; }

    /// <summary>Calls with video.</summary>
    public required long Video { get; init; }

    /// <summary>Calls that were talked in.</summary>
    public required long Ended { get; init; }

    /// <summary>Calls that were declined.</summary>
    public required long Declined { get; init; }

    /// <summary>Calls that were missed: by one, or by all whom one called.</summary>
    public required long Missed { get; init; }

    /// <summary>With how many others one talked.</summary>
    public required long People { get; init; }

    /// <summary>Seconds that one talked.</summary>
    public required long TalkedSeconds { get; init; }

    public static CallStatisticsResource Of(CallStatistics sum) => new()
    {
        From = sum.From,
        To = sum.To,
        Total = sum.Total,
        Incoming = sum.Incoming,
        Outgoing = sum.Outgoing,
        Voice = sum.Voice,
        Video = sum.Video,
        Ended = sum.Ended,
        Declined = sum.Declined,
        Missed = sum.Missed,
        People = sum.People,
        TalkedSeconds = (long)sum.Talked.TotalSeconds,
    };
}

/// <summary>Servers through which media find a way.</summary>
internal sealed record IceServersResource
{
    /// <summary>As RTCPeerConnection takes them; empty where the service has none.</summary>
    public required IReadOnlyList<IceServerResource> IceServers { get; init; }

    /// <summary>Until when the credentials can be used.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public static IceServersResource From(IceServers servers) => new()
    {
        IceServers =
        [
            .. servers.Servers.Select(one => new IceServerResource { Urls = one.Urls, Username = one.Username, Credential = one.Credential }),
        ],
        ExpiresAt = servers.ExpiresAt,
    };
}

/// <summary>One server, or several with the same credentials.</summary>
internal sealed record IceServerResource
{
    /// <summary>Its addresses.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>For TURN.</summary>
    public string? Username { get; init; }

    /// <summary>For TURN.</summary>
    public string? Credential { get; init; }
}
