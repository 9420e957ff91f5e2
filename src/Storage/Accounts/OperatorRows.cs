namespace Chat.Storage.Accounts;

/// <summary>What an operator did to an account; a number of the column <c>kind</c>, never edited or used again.</summary>
public enum AccountOrderKind : short
{
    Blocked = 1,
    Unblocked = 2,
    PasswordReset = 3,
}

/// <summary>What an operator did to an account, as nodes obey it.</summary>
/// <param name="DeviceIds">The devices that were signed out by it.</param>
/// <param name="IssuedBy">Who did it, as they called themselves.</param>
public sealed record AccountOrder(long Id, long PrincipalId, AccountOrderKind Kind, long[] DeviceIds, string IssuedBy, DateTime IssuedAt);

/// <summary>An account as an operator sees it.</summary>
/// <param name="Devices">On how many devices it is signed in.</param>
/// <param name="Issuer">The app at which the person signs in; null for who signs in here.</param>
public sealed record OperatorView(
    long PrincipalId, string Name, string? Email, string? Phone, DateTime CreatedAt, DateTime? LastSeenAt, DateTime? BlockedAt, string? BlockedReason,
    bool HasTwoStep, int Passkeys, int Devices, string? Issuer);

/// <summary>A password that an operator gives an account.</summary>
/// <param name="RemovesTwoStep">Also what stands in the second step's place: passkeys.</param>
public sealed record OperatorReset(long PrincipalId, string PasswordHash, bool RemovesTwoStep);

/// <param name="Changed">False when it was so before.</param>
/// <param name="SignedOut">The devices that were signed out by it.</param>
public sealed record OperatorOutcome(bool Changed, IReadOnlyList<long> SignedOut);
