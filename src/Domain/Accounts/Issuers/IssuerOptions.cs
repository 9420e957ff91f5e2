using System.Text.RegularExpressions;

namespace Chat.Domain.Accounts.Issuers;

/// <summary>How the tokens of an issuer are signed (RFC 7518 §3.1).</summary>
public enum IssuerAlgorithm : byte
{
    /// <summary>HMAC-SHA256 with a secret that app and service share.</summary>
    HS256,

    /// <summary>ECDSA on P-256: the service has the public key only.</summary>
    ES256,

    /// <summary>RSA, PKCS #1 v1.5 with SHA-256: the service has the public key only.</summary>
    RS256,
}

/// <summary>
/// An app with users of its own, whose tokens are taken (ADR 0040). Section <c>Issuers:NAME</c>; the name is what its tokens say as <c>iss</c>.
/// </summary>
public sealed partial record IssuerOptions
{
    /// <summary>Fewest bytes of <see cref="SecretKey"/>: HMAC-SHA256 is no stronger than its key.</summary>
    public const int MinSecretBytes = 32;

    private const int MaxKeyIdChars = 64;

    /// <summary>The one algorithm of its tokens: HS256, ES256 or RS256. No default.</summary>
    public IssuerAlgorithm? Algorithm { get; init; }

    /// <summary>Of HS256: the secret, base64 in configuration, at least 32 bytes.</summary>
    public byte[] SecretKey { get; init; } = [];

    /// <summary>Of ES256 and RS256: the public key in PEM.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>What tokens may name the key by (<c>kid</c>). Empty: they name none. Default empty.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>Of HS256, while keys are changed: the secret of before, which tokens name by <see cref="PreviousKeyId"/>. Default none.</summary>
    public byte[] PreviousSecretKey { get; init; } = [];

    /// <summary>Of ES256 and RS256, while keys are changed: the public key of before. Default none.</summary>
    public string PreviousPublicKey { get; init; } = "";

    /// <summary>The <c>kid</c> of the previous key. Default none.</summary>
    public string PreviousKeyId { get; init; } = "";

    /// <summary>Longest life of a token, from <c>iat</c> to <c>exp</c>. Default 1 hour. Zero is not allowed.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether people are called as the claim <c>name</c> says; else as <c>sub</c> does until they choose a name. Default true.</summary>
    public bool TakesName { get; init; } = true;

    internal bool HasPrevious => PreviousSecretKey.Length > 0 || PreviousPublicKey.Length > 0;

    /// <summary>All faults of this record, each with setting and remedy; empty when it can be used.</summary>
    /// <param name="name">What the issuer is called.</param>
    internal IEnumerable<string> Validate(string name)
    {
        string section = $"Issuers:{name}";
        if (!NameForm().IsMatch(name))
            yield return $"{section}: the name of an issuer has 1 to 64 of a–z, 0–9, '.', '_' and '-', and begins with a letter or digit: choose another.";
        if (MaxLifetime < TimeSpan.FromMinutes(1) || MaxLifetime > TimeSpan.FromDays(1))
            yield return $"{section}:MaxLifetime is {MaxLifetime}: set 00:01:00 to 1.00:00:00.";
        if (KeyId.Length > MaxKeyIdChars || PreviousKeyId.Length > MaxKeyIdChars)
            yield return $"{section}:KeyId or PreviousKeyId is too long: set at most {MaxKeyIdChars} characters.";
        if (HasPrevious && (KeyId.Length == 0 || PreviousKeyId.Length == 0 || KeyId == PreviousKeyId))
            yield return $"{section} has a previous key: set KeyId and PreviousKeyId, which differ, so that tokens can say (kid) which key signed them.";
        if (!HasPrevious && PreviousKeyId.Length > 0)
            yield return $"{section}:PreviousKeyId is set without a previous key: set PreviousSecretKey or PreviousPublicKey, or leave it out.";
        foreach (string fault in Algorithm switch
        {
            IssuerAlgorithm.HS256 => ValidateSecrets(section),
            IssuerAlgorithm.ES256 or IssuerAlgorithm.RS256 => ValidatePublic(section),
            _ => [$"{section}:Algorithm is not set: set HS256, ES256 or RS256."],
        }) yield return fault;
    }

    private IEnumerable<string> ValidateSecrets(string section)
    {
        if (PublicKey.Length > 0 || PreviousPublicKey.Length > 0)
            yield return $"{section} has a public key, and HS256 has none: set SecretKey alone, or another Algorithm.";
        if (SecretKey.Length < MinSecretBytes)
            yield return $"{section}:SecretKey has {SecretKey.Length} bytes: set at least {MinSecretBytes} random bytes in base64 (openssl rand -base64 48).";
        if (PreviousSecretKey.Length is > 0 and < MinSecretBytes)
            yield return $"{section}:PreviousSecretKey has {PreviousSecretKey.Length} bytes: set at least {MinSecretBytes}, or leave it out.";
    }

    private IEnumerable<string> ValidatePublic(string section)
    {
        if (SecretKey.Length > 0 || PreviousSecretKey.Length > 0)
            yield return $"{section} has a secret, and {Algorithm} has none: set PublicKey alone, or HS256 as Algorithm.";
        if (IssuerKey.FindFault(Algorithm!.Value, PublicKey) is { } fault) yield return $"{section}:PublicKey {fault}";
        if (PreviousPublicKey.Length > 0 && IssuerKey.FindFault(Algorithm!.Value, PreviousPublicKey) is { } before)
            yield return $"{section}:PreviousPublicKey {before}";
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}

/// <summary>All issuers by their names, as tokens write them. Section <c>Issuers</c>. Default none.</summary>
public sealed record IssuersOptions
{
    public IReadOnlyDictionary<string, IssuerOptions> ByName { get; init; } = new Dictionary<string, IssuerOptions>();

    /// <summary>All faults of all issuers, each with setting and remedy; empty when they can be used.</summary>
    /// <param name="tokens">Those of the service itself: nobody else may have its name or its key.</param>
    public IEnumerable<string> Validate(TokenOptions tokens)
    {
        List<string> faults = [];
        Dictionary<string, string> owners = new() { [Convert.ToBase64String(tokens.SigningKey)] = "Tokens:SigningKey" };
        foreach ((string name, IssuerOptions issuer) in ByName)
        {
            if (name.Equals(tokens.Issuer, StringComparison.OrdinalIgnoreCase))
                faults.Add($"Issuers:{name} is the name of the service itself (Tokens:Issuer): choose another.");
            string[] own = [.. issuer.Validate(name)];
            faults.AddRange(own);
            if (own.Length > 0) continue;
            foreach (string key in IssuerKey.Of(issuer).Select(one => one.Identity))
            {
                if (owners.TryAdd(key, $"Issuers:{name}")) continue;
                faults.Add(owners[key] == $"Issuers:{name}"
                    ? $"Issuers:{name} has the same key as present and previous one: leave the previous one out."
                    : $"Issuers:{name} has a key of {owners[key]}: give every issuer keys of its own, or one could mint tokens for the people of another.");
            }
        }

        return faults;
    }
}
