namespace Chat.Domain.Limits;

/// <summary>How much a node has to do, by what it refuses (promise P12).</summary>
public enum LoadLevel : byte
{
    /// <summary>Nothing is refused.</summary>
    Normal,

    /// <summary>Ephemeral notices are dropped.</summary>
    Raised,

    /// <summary>Older history is <c>busy</c>, too.</summary>
    High,

    /// <summary>New work is <c>busy</c>, and new sign-ins are sent elsewhere.</summary>
    Full,
}
