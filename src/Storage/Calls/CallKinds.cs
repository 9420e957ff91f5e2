namespace Chat.Storage.Calls;

/// <summary>Numbers of <c>calls.kind</c>. On disk: append, never edit.</summary>
public static class CallKinds
{
    public const short Voice = 1;
    public const short Video = 2;

    /// <summary>The name that events and REST carry.</summary>
    public static string Name(short kind) => kind == Video ? "video" : "voice";
}

/// <summary>Numbers of <c>calls.status</c> (R-150). On disk: append, never edit.</summary>
public static class CallStatuses
{
    public const short Ringing = 1;
    public const short Answered = 2;
    public const short Ended = 3;
    public const short Declined = 4;
    public const short Missed = 5;

    /// <summary>The name that events and REST carry.</summary>
    public static string Name(short status) => status switch
    {
        Ringing => "ringing",
        Answered => "answered",
        Ended => "ended",
        Declined => "declined",
        _ => "missed",
    };
}

/// <summary>Numbers of <c>calls.reason</c>. On disk: append, never edit.</summary>
public static class CallReasons
{
    public const short HungUp = 1;
    public const short Declined = 2;
    public const short Cancelled = 3;
    public const short Unanswered = 4;
    public const short Busy = 5;
    public const short Lost = 6;
}

/// <summary>Numbers of <c>call_participants.state</c>. On disk: append, never edit.</summary>
public static class SeatStates
{
    public const short Ringing = 1;
    public const short In = 2;
    public const short Left = 3;
    public const short Declined = 4;
    public const short Missed = 5;
    public const short Busy = 6;
}
