namespace Chat.Protocol.Codes;

/// <summary>What participants of a call pass to each other, protocol-spec.md §6.39: appended, never changed.</summary>
public enum CallSignalKind : byte
{
    /// <summary>Not a kind; never on the wire.</summary>
    None = 0,

    /// <summary>A session description that offers (RFC 8829).</summary>
    Offer = 1,

    /// <summary>A session description that answers.</summary>
    Answer = 2,

    /// <summary>An ICE candidate (RFC 8838); an empty body is the last one.</summary>
    Candidate = 3,

    /// <summary>Something was lost: the receiver begins the negotiation anew.</summary>
    Restart = 4,
}
