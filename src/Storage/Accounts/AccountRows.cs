namespace Chat.Storage.Accounts;

/// <summary>An account that can sign in, with its principal.</summary>
/// <param name="Kind">Number of <c>principals.kind</c>.</param>
/// <param name="HasTwoStep">Whether a sign-in asks for a code besides the password.</param>
/// <param name="IsBlocked">An operator lets nobody sign in with it.</param>
public sealed record AccountRow(
    long PrincipalId,
    short Kind,
    string Name,
    string? Email,
    string? Phone,
    string PasswordHash,
    long InboxChatId,
    long CreatedAtMs,
    long? LastSeenAtMs,
    string? About,
    string? Avatar,
    bool IsEmailVerified,
    bool IsPhoneVerified,
    bool HasTwoStep,
    bool IsBlocked)
{
    /// <summary>In the place of a password's hash for who signs in at an app of their own: no password has it.</summary>
    public const string NoPassword = "!";

    /// <summary>False for who signs in at an app of their own.</summary>
    public bool HasPassword => PasswordHash != NoPassword;
}

/// <summary>An account to be made. Email in lower case, phone as E.164; at least one of them.</summary>
public sealed record NewAccount(string Name, string? Email, string? Phone, string PasswordHash);

public enum CreateAccountStatus : byte { Created, EmailTaken, PhoneTaken }

/// <summary>The ids are set for <see cref="CreateAccountStatus.Created"/>.</summary>
public readonly record struct CreateAccountResult(CreateAccountStatus Status, long PrincipalId, long InboxChatId);

/// <summary>A password to be changed, if it is still the one that was looked at.</summary>
public sealed record PasswordChange(long PrincipalId, string PresentHash, string NewHash);

/// <summary>A device on which a principal is signed in.</summary>
/// <param name="LastUsedAtMs">When it last got tokens.</param>
public sealed record DeviceRow(long Id, string Name, long CreatedAtMs, long LastUsedAtMs);

public sealed record DevicePage(IReadOnlyList<DeviceRow> Devices, bool HasMore);

public enum RefreshStatus : byte
{
    /// <summary>The new token is stored, the presented one is spent.</summary>
    Rotated,

    /// <summary>Unknown, expired, or of a revoked device.</summary>
    Invalid,

    /// <summary>It was spent before: somebody else has it. The device is revoked now.</summary>
    Reused,

    /// <summary>It would do, or would have done until then, but an operator has blocked the account.</summary>
    Blocked,
}

/// <summary>The ids are set for Rotated and Reused.</summary>
public readonly record struct RefreshOutcome(RefreshStatus Status, long PrincipalId, long DeviceId);

/// <param name="SharesNow">Whether the asker is in a chat with this principal now, or is the principal.</param>
/// <param name="ShowsPresence">Whether the asker may know when this principal is, or was, online.</param>
/// <param name="About">Null when there is none or the asker may not see it.</param>
/// <param name="Avatar">Likewise.</param>
public sealed record PrincipalRow(
    long Id, short Kind, string Name, long? LastSeenAtMs, bool SharesNow, bool ShowsPresence, string? About, string? Avatar);
