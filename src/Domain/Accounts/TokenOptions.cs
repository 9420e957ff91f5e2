namespace Chat.Domain.Accounts;

/// <summary>How access and refresh tokens are made and judged.</summary>
public sealed record TokenOptions
{
    /// <summary>Fewest bytes of <see cref="SigningKey"/>: HMAC-SHA256 is no stronger than its key.</summary>
    public const int MinSigningKeyBytes = 32;

    /// <summary>Secret of HMAC-SHA256, base64 in configuration, at least 32 bytes. No default: it must be set and kept.</summary>
    public byte[] SigningKey { get; init; } = [];

    /// <summary>The <c>iss</c> claim, written and demanded. Default <c>chat</c>.</summary>
    public string Issuer { get; init; } = "chat";

    /// <summary>Life of an access token. Default 1 hour. Zero is not allowed.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Life of a refresh token from its last rotation. Default 60 days. Zero is not allowed.</summary>
    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(60);

    /// <summary>How far clocks of issuer and verifier may differ. Default 60 s; zero means not at all.</summary>
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (SigningKey.Length < MinSigningKeyBytes)
            yield return $"Tokens:SigningKey has {SigningKey.Length} bytes: set at least {MinSigningKeyBytes} random bytes in base64.";
        if (string.IsNullOrWhiteSpace(Issuer))
            yield return "Tokens:Issuer is empty: set a name such as 'chat'.";
        if (AccessTokenLifetime < TimeSpan.FromMinutes(1) || AccessTokenLifetime > TimeSpan.FromDays(1))
            yield return $"Tokens:AccessTokenLifetime is {AccessTokenLifetime}: set 00:01:00 to 1.00:00:00.";
        if (RefreshTokenLifetime <= AccessTokenLifetime || RefreshTokenLifetime > TimeSpan.FromDays(366))
            yield return $"Tokens:RefreshTokenLifetime is {RefreshTokenLifetime}: set more than AccessTokenLifetime, at most 366 days.";
        if (Leeway < TimeSpan.Zero || Leeway > TimeSpan.FromMinutes(5))
            yield return $"Tokens:Leeway is {Leeway}: set 00:00:00 to 00:05:00.";
    }
}
