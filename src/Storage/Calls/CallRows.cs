namespace Chat.Storage.Calls;

/// <summary>A call as one of those who are, or were, called sees it. Times are PostgreSQL's, Unix milliseconds.</summary>
/// <param name="ReceiverId">The other one of a direct chat; null in a group.</param>
/// <param name="Kind">One of <see cref="CallKinds"/>.</param>
/// <param name="Status">One of <see cref="CallStatuses"/>.</param>
/// <param name="Reason">One of <see cref="CallReasons"/>; null while it is live.</param>
/// <param name="RingsUntilMs">Until when it rings; null when it does not any more.</param>
/// <param name="GoneAtMs">When the person left the chat, or was removed; null while they are in it, and
/// where they were to the end of one that was deleted.</param>
public sealed record CallRow(
    long Id, long ChatId, long CallerId, long? ReceiverId, short Kind, short Status, short? Reason, long StartedAtMs, long? AnsweredAtMs,
    long? EndedAtMs, long? RingsUntilMs, long? GoneAtMs)
{
    /// <summary>Everybody who was called, and who called.</summary>
    public IReadOnlyList<CallSeatRow> Seats { get; init; } = [];

    /// <summary>Who has left the chat sees a call that went on without them as if it had ended then, and nobody who came later.</summary>
    internal CallRow AsKnownTo(long principalId)
    {
        if (GoneAtMs is not { } gone || EndedAtMs <= gone) return this;
        List<CallSeatRow> known =
        [
            .. Seats.Where(seat => seat.PrincipalId == principalId || seat.PrincipalId == CallerId || seat.JoinedAtMs <= gone)
                .Select(seat => seat with { State = SeatStates.Over(seat.State), LeftAtMs = Math.Min(seat.LeftAtMs ?? gone, gone) }),
        ];
        CallSeatRow own = known.Find(seat => seat.PrincipalId == principalId)!;
        bool wasAnswered = AnsweredAtMs <= gone;
        bool talked = wasAnswered && own.JoinedAtMs is not null;
        return this with
        {
            Status = talked ? CallStatuses.Ended : own.State == SeatStates.Declined ? CallStatuses.Declined : CallStatuses.Missed,
            Reason = own.State == SeatStates.Declined ? CallReasons.Declined : CallReasons.Lost,
            AnsweredAtMs = wasAnswered ? AnsweredAtMs : null,
            EndedAtMs = gone,
            RingsUntilMs = null,
            Seats = known,
        };
    }
}

/// <summary>One person's part in a call.</summary>
/// <param name="State">One of <see cref="SeatStates"/>.</param>
/// <param name="EndpointId">The place that takes part, or took part last; null for one who never did.</param>
public sealed record CallSeatRow(long CallId, long PrincipalId, short State, Guid? EndpointId, long? JoinedAtMs, long? LeftAtMs);

/// <summary>Where in a call somebody takes part: the person, the signed-in device, and the place that the client named.</summary>
public readonly record struct CallPlace(long PrincipalId, long DeviceId, Guid EndpointId);

/// <summary>What bounds a call.</summary>
/// <param name="MaxRung">Most members of a group in which one may call.</param>
/// <param name="MaxInside">Most who are in a call at once.</param>
/// <param name="Ringing">How long it rings.</param>
/// <param name="Lease">How long a participant without a sign of life still counts as there.</param>
public readonly record struct CallBounds(int MaxRung, int MaxInside, TimeSpan Ringing, TimeSpan Lease);

/// <summary>What became of a change of a call.</summary>
public enum CallStatus : byte
{
    /// <summary>It is so now, or was already.</summary>
    Done,

    /// <summary>No such chat, or the person is not in it.</summary>
    ChatNotFound,

    /// <summary>No such call for this person.</summary>
    CallNotFound,

    /// <summary>The role does not permit it, or nobody may be called there.</summary>
    NotAllowed,

    /// <summary>One of the two has blocked the other.</summary>
    Blocked,

    /// <summary>The group is larger than one may call in.</summary>
    TooManyMembers,

    /// <summary>As many are in the call as may be.</summary>
    Full,

    /// <summary>The call is over.</summary>
    Over,

    /// <summary>Another place of the same person takes part.</summary>
    AnsweredElsewhere,

    /// <summary>The person is in another call.</summary>
    InAnotherCall,

    /// <summary>The endpoint was used in another call.</summary>
    EndpointReused,
}

/// <param name="CallId">The call, where there is one; else 0.</param>
public readonly record struct CallOutcome(CallStatus Status, long CallId);

/// <summary>A participant as signals find it.</summary>
/// <param name="IsUsable">Still a member of the chat, and of a direct chat none has blocked the other.</param>
public sealed record CallRoute(long PrincipalId, long DeviceId, Guid EndpointId, bool IsUsable);

/// <summary>What one's calls of a time add up to.</summary>
/// <param name="IsOutgoing">Calls that the person made.</param>
/// <param name="State">One of <see cref="SeatStates"/>: what the call was to the person.</param>
public sealed record CallCount(short Kind, short Status, bool IsOutgoing, short State, long Count, long TalkedMs);
