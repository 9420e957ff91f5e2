namespace Chat.Sdk.Calls;

/// <summary>What a call carries.</summary>
public enum CallKind
{
    /// <summary>Sound alone.</summary>
    Voice,

    /// <summary>Sound and picture.</summary>
    Video,
}

/// <summary>How a call stands.</summary>
public enum CallStatus
{
    /// <summary>Nobody has answered yet.</summary>
    Ringing,

    /// <summary>People talk.</summary>
    Answered,

    /// <summary>People talked.</summary>
    Ended,

    /// <summary>All who were called said no.</summary>
    Declined,

    /// <summary>Nobody answered.</summary>
    Missed,
}

/// <summary>Why a call is over.</summary>
public enum CallReason
{
    /// <summary>Who talked hung up.</summary>
    HungUp,

    /// <summary>All who were called said no.</summary>
    Declined,

    /// <summary>The caller hung up before anybody answered.</summary>
    Cancelled,

    /// <summary>It rang until its time was over.</summary>
    Unanswered,

    /// <summary>All who were called were in other calls.</summary>
    Busy,

    /// <summary>A participant gave no sign of life any more, or may not be in the call any more.</summary>
    Lost,
}

/// <summary>What a call is, or was, to one of those who were called.</summary>
public enum CallPart
{
    /// <summary>It rings.</summary>
    Ringing,

    /// <summary>They take part.</summary>
    In,

    /// <summary>They took part.</summary>
    Left,

    /// <summary>They said no.</summary>
    Declined,

    /// <summary>They did not answer.</summary>
    Missed,

    /// <summary>They were in another call.</summary>
    Busy,
}

/// <summary>Which calls of a history.</summary>
public enum CallDirection
{
    /// <summary>Others called.</summary>
    Incoming,

    /// <summary>One called.</summary>
    Outgoing,

    /// <summary>Others called, and one did not answer.</summary>
    Missed,
}

/// <summary>A call as one who was called, or called, sees it.</summary>
/// <param name="CallId">The call.</param>
/// <param name="ChatId">Where it is.</param>
/// <param name="CallerId">Who called.</param>
/// <param name="ReceiverId">Who was called, in a direct chat.</param>
/// <param name="Kind">What it carries.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Reason">Why it is over; null while it is not.</param>
/// <param name="Outgoing">One called oneself.</param>
/// <param name="Part">What it is, or was, to oneself.</param>
/// <param name="StartedAt">When it began to ring.</param>
/// <param name="AnsweredAt">When somebody answered.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Duration">Seconds from the answer to the end; null while it is live.</param>
/// <param name="KeepWithinMs">Within how long a participant must give a sign of life.</param>
/// <param name="Participants">Who called and who was called.</param>
public sealed record CallRecord(
    long CallId, long ChatId, long CallerId, long? ReceiverId, CallKind Kind, CallStatus Status, CallReason? Reason, bool Outgoing, CallPart Part,
    DateTimeOffset StartedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, long? Duration, long KeepWithinMs,
    IReadOnlyList<CallParticipant> Participants);

/// <summary>One who called or was called.</summary>
/// <param name="PrincipalId">The person.</param>
/// <param name="Part">What the call is, or was, to them.</param>
public sealed record CallParticipant(long PrincipalId, CallPart Part);

/// <summary>A page of one's calls.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record CallPage(IReadOnlyList<CallRecord> Items, string? NextCursor);

/// <summary>What one's ended calls of a time add up to.</summary>
/// <param name="From">The beginning of the time.</param>
/// <param name="To">Its end, not included.</param>
/// <param name="Total">All calls.</param>
/// <param name="Incoming">Others called.</param>
/// <param name="Outgoing">One called.</param>
/// <param name="Voice">By voice alone.</param>
/// <param name="Video">With video.</param>
/// <param name="Ended">That were talked in.</param>
/// <param name="Declined">That were declined.</param>
/// <param name="Missed">That were missed, by oneself or by all whom one called.</param>
/// <param name="People">With how many others one talked.</param>
/// <param name="TalkedSeconds">How long one talked.</param>
public sealed record CallStatistics(
    DateTimeOffset From, DateTimeOffset To, long Total, long Incoming, long Outgoing, long Voice, long Video, long Ended, long Declined,
    long Missed, long People, long TalkedSeconds);

/// <summary>A server through which media find a way.</summary>
/// <param name="Urls">Its addresses.</param>
/// <param name="Username">For TURN.</param>
/// <param name="Credential">For TURN.</param>
public sealed record IceServer(IReadOnlyList<string> Urls, string? Username, string? Credential);

/// <summary>What came from another participant.</summary>
/// <param name="From">Who.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Body">As the sender wrote it.</param>
/// <param name="IsBehindHole">Signals of this participant before it were lost: ask for a restart.</param>
public sealed record CallSignal(long From, Protocol.Codes.CallSignalKind Kind, string Body, bool IsBehindHole);

/// <summary>A call rings here no more.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Why">The word of the service: <c>answered</c> (on another device), <c>declined</c>, <c>missed</c> or <c>ended</c>.</param>
/// <param name="CallerId">Who called; 0 when one's own device stopped it.</param>
public sealed record CallStopped(long CallId, string Why, long CallerId);
