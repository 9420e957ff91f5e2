namespace Chat.Domain.Accounts;

/// <summary>What verification says about an access token.</summary>
public enum TokenVerdict : byte
{
    /// <summary>Altered, foreign, malformed or too large; nothing of it may be believed.</summary>
    Invalid,

    /// <summary>Genuine, and its time is over.</summary>
    Expired,

    /// <summary>Genuine, and its device was signed out on this node.</summary>
    Revoked,

    Valid,

    /// <summary>Genuine, of an issuer, and an operator has blocked its account.</summary>
    Blocked,
}
