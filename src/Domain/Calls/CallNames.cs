namespace Chat.Domain.Calls;

/// <summary>What a call carries. Numbers as stored: append, never edit.</summary>
public enum CallKind : byte
{
    Voice = 1,
    Video = 2,
}

/// <summary>How a call stands. Numbers as stored: append, never edit.</summary>
public enum CallState : byte
{
    Ringing = 1,
    Answered = 2,
    Ended = 3,
    Declined = 4,
    Missed = 5,
}

/// <summary>Why a call is over. Numbers as stored: append, never edit.</summary>
public enum CallEnding : byte
{
    HungUp = 1,
    Declined = 2,

    /// <summary>By the caller, before anybody answered.</summary>
    Cancelled = 3,

    /// <summary>It rang until its time was over.</summary>
    Unanswered = 4,

    /// <summary>All who were called were in other calls.</summary>
    Busy = 5,

    /// <summary>A participant gave no sign of life any more, or may not be in the call any more.</summary>
    Lost = 6,
}

/// <summary>What a call is, or was, to one of those who were called. Numbers as stored: append, never edit.</summary>
public enum CallPart : byte
{
    Ringing = 1,
    In = 2,
    Left = 3,
    Declined = 4,
    Missed = 5,

    /// <summary>They were in another call.</summary>
    Busy = 6,
}
