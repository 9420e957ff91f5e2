namespace Chat.Storage.Accounts;

/// <summary>A passkey of an account.</summary>
/// <param name="Id">Names it to its owner.</param>
/// <param name="PublicKey">As COSE has it.</param>
/// <param name="SignCount">Of its newest signature; 0 for one that does not count.</param>
/// <param name="Transports">How it is reached, separated by blanks.</param>
/// <param name="IsBackupEligible">Whether it may be on several devices of its owner.</param>
public sealed record PasskeyRow(
    long Id, long PrincipalId, byte[] CredentialId, byte[] PublicKey, long SignCount, string Transports, bool IsBackupEligible, bool IsBackedUp, string Name,
    long CreatedAtMs, long? LastUsedAtMs);

/// <summary>A passkey to be kept, that has proved itself.</summary>
/// <param name="PasswordHash">Of the password by which its owner began.</param>
/// <param name="CeremonyHash">Of the ceremony that is finished by it.</param>
public sealed record NewPasskey(
    long PrincipalId, string PasswordHash, byte[] CeremonyHash, byte[] CredentialId, byte[] PublicKey, long SignCount, string[] Transports,
    bool IsBackupEligible, bool IsBackedUp, string Name);

public enum AddPasskeyStatus : byte
{
    /// <summary>It is kept, by this attempt or by the same one before.</summary>
    Added,

    /// <summary>The ceremony was finished with another passkey.</summary>
    CeremonyUsed,

    /// <summary>The account has another password by now.</summary>
    PasswordChanged,

    /// <summary>An operator has blocked the account meanwhile.</summary>
    Blocked,

    /// <summary>The account has as many as may be.</summary>
    TooMany,

    /// <summary>It is kept already, for this account or for another.</summary>
    Taken,
}

/// <param name="Passkey">Set for <see cref="AddPasskeyStatus.Added"/>.</param>
public readonly record struct AddPasskeyOutcome(AddPasskeyStatus Status, PasskeyRow? Passkey = null);

/// <summary>A sign-in by a passkey that has proved itself, and the device that it gets.</summary>
/// <param name="SignCount">As its signature has it.</param>
public sealed record PasskeyUse(
    byte[] CredentialId, long PrincipalId, byte[] CeremonyHash, long SignCount, bool IsBackedUp, string DeviceName, byte[] RefreshTokenHash,
    DateTimeOffset ExpiresAt);

public enum UsePasskeyStatus : byte
{
    /// <summary>The device is made.</summary>
    SignedIn,

    /// <summary>The ceremony was finished before.</summary>
    CeremonyUsed,

    /// <summary>The passkey was removed meanwhile.</summary>
    Removed,

    /// <summary>It has signed before with a counter that was as high: there may be a copy of it.</summary>
    CounterBack,

    /// <summary>An operator has blocked the account.</summary>
    Blocked,
}

/// <param name="Name">The person's; set with <paramref name="DeviceId"/> for <see cref="UsePasskeyStatus.SignedIn"/>.</param>
public readonly record struct UsePasskeyOutcome(UsePasskeyStatus Status, long DeviceId = 0, string Name = "", short Kind = 0);
