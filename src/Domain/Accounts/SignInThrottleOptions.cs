namespace Chat.Domain.Accounts;

/// <summary>How many sign-ins, and how many wrong ones, are borne before <c>rate_limited</c>. Windows slide.</summary>
public sealed record SignInThrottleOptions
{
    /// <summary>Sign-ins of one account from one address within a minute, whatever becomes of them. Default 5; 0 is no limit.</summary>
    public int MaxPerMinute { get; init; } = 5;

    /// <summary>Failures of one account within <see cref="AccountWindow"/>. Default 5. Zero is not allowed.</summary>
    public int MaxPerAccount { get; init; } = 5;

    /// <summary>Default 15 minutes.</summary>
    public TimeSpan AccountWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Failures from one remote address (IPv6: one /64) within <see cref="AddressWindow"/>. Default 20. Zero is not allowed.</summary>
    public int MaxPerAddress { get; init; } = 20;

    /// <summary>Default 1 hour.</summary>
    public TimeSpan AddressWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Accounts, and addresses, remembered at most; the longest unused is forgotten first. Default 100,000.</summary>
    public int MaxRemembered { get; init; } = 100_000;

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxPerMinute is < 0 or > 1000) yield return $"SignIn:MaxPerMinute is {MaxPerMinute}: set 1 to 1000, or 0 for no limit.";
        if (MaxPerAccount is < 1 or > 1000) yield return $"SignIn:MaxPerAccount is {MaxPerAccount}: set 1 to 1000.";
        if (MaxPerAddress is < 1 or > 100_000) yield return $"SignIn:MaxPerAddress is {MaxPerAddress}: set 1 to 100000.";
        if (AccountWindow <= TimeSpan.Zero || AccountWindow > TimeSpan.FromDays(1))
            yield return $"SignIn:AccountWindow is {AccountWindow}: set more than zero, at most 1.00:00:00.";
        if (AddressWindow <= TimeSpan.Zero || AddressWindow > TimeSpan.FromDays(1))
            yield return $"SignIn:AddressWindow is {AddressWindow}: set more than zero, at most 1.00:00:00.";
        if (MaxRemembered is < 100 or > 10_000_000) yield return $"SignIn:MaxRemembered is {MaxRemembered}: set 100 to 10000000.";
    }
}
