namespace Chat.Storage.Accounts;

/// <summary>Whom a token of an issuer names: the issuer's name, what the person is called there, and the sign-in there. Compared to the letter.</summary>
public readonly record struct IssuedKey(string Issuer, string Subject, string Session);

/// <summary>What a token of an issuer says: whom it names, and since when it calls them how.</summary>
/// <param name="Name">Null where the token has none, or it is not to be taken.</param>
/// <param name="IssuedAt">The token's <c>iat</c>, Unix seconds.</param>
public sealed record IssuedEntry(IssuedKey Key, string? Name, long IssuedAt);

/// <summary>What there is of a person of an issuer.</summary>
/// <param name="DeviceId">Null where that sign-in was not seen before.</param>
/// <param name="IsSignedOut">The device was signed out.</param>
/// <param name="LastUsedAt">When the newest token of the device was made, Unix seconds; 0 without a device.</param>
/// <param name="ClaimedName">What the newest token called the person.</param>
/// <param name="ClaimedAt">When that was made, Unix seconds.</param>
/// <param name="IsBlocked">An operator has blocked the account.</param>
public sealed record IssuedRow(
    long PrincipalId, long? DeviceId, bool IsSignedOut, long LastUsedAt, string? ClaimedName, long ClaimedAt, bool IsBlocked);
