using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Chat.Domain.Accounts.Issuers;

/// <summary>
/// Verifies tokens that apps mint for users of their own (ADR 0040): which issuer a token names decides the key and the algorithm, never the token's
/// header. Asks no database. Thread-safe.
/// </summary>
public sealed class IssuedTokens
{
    private const string Sub = "give what your app calls the person, the same in every token of theirs.";
    private const string Sid = "give each sign-in at your app a name of its own, the same in every token for it.";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly Dictionary<string, Issuer> _issuers;
    private readonly TokenOptions _own;
    private readonly TimeProvider _time;

    public IssuedTokens(IssuersOptions issuers, TokenOptions own, TimeProvider time)
    {
        string[] faults = [.. issuers.Validate(own)];
        if (faults.Length > 0) throw new ArgumentException(string.Join(' ', faults), nameof(issuers));

        _issuers = issuers.ByName.ToDictionary(one => one.Key, one => new Issuer(one.Value, IssuerKey.Of(one.Value)), StringComparer.Ordinal);
        (_own, _time) = (own, time);
    }

    /// <summary>Whether there are any issuers.</summary>
    public bool AreTaken => _issuers.Count > 0;

    /// <summary>Judges a token; <paramref name="claims"/> are set for <c>Valid</c>.</summary>
    /// <param name="token">As it came.</param>
    /// <param name="claims">What it says.</param>
    /// <param name="why">What is wrong and what to do, for who writes the app; null where the token is valid, or no issuer's at all.</param>
    public TokenVerdict Verify(string? token, out IssuedClaims claims, out string? why)
    {
        (claims, why) = (default, null);
        if (token is null || token.Length > AccessTokens.MaxTokenChars) return TokenVerdict.Invalid;
        string[] parts = token.Split('.');
        if (parts.Length != 3 || !TryDecode(parts[0], out byte[] header) || !TryDecode(parts[1], out byte[] payload) || !TryDecode(parts[2], out byte[] signature))
            return TokenVerdict.Invalid;

        try
        {
            using JsonDocument head = JsonDocument.Parse(header, Strict);
            using JsonDocument body = JsonDocument.Parse(payload, Strict);
            byte[] signed = Encoding.ASCII.GetBytes(token, 0, parts[0].Length + 1 + parts[1].Length);
            return Judge(head.RootElement, body.RootElement, signed, signature, out claims, out why);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException) // the latter: a text that is no Unicode
        {
            (claims, why) = (default, null);
            return TokenVerdict.Invalid;
        }
    }

    private TokenVerdict Judge(JsonElement head, JsonElement body, byte[] signed, byte[] signature, out IssuedClaims claims, out string? why)
    {
        (claims, why) = (default, null);
        if (head.ValueKind != JsonValueKind.Object || body.ValueKind != JsonValueKind.Object) return TokenVerdict.Invalid;
        if (!body.TryGetProperty("iss", out JsonElement iss) || iss.ValueKind != JsonValueKind.String) return TokenVerdict.Invalid;
        string name = iss.GetString()!;
        if (name == _own.Issuer) return TokenVerdict.Invalid; // the service's own, and not signed by it

        if (!_issuers.TryGetValue(name, out Issuer? issuer))
            why = "iss is no issuer whose tokens this service takes: it takes those that its setting Issuers names.";
        else if (FindKeys(head, issuer, out why) is { } keys && !keys.Any(key => key.HasSigned(signed, signature)))
            why = "The signature is not of the issuer's key, or the token was altered.";
        if (why is not null) return TokenVerdict.Invalid;

        return JudgeClaims(new IssuedClaimsReader(body), name, issuer!.Options, out claims, out why);
    }

    /// <summary>The keys of the issuer's settings, of which the header may only name one. Without a name, while keys are changed, it may be either.</summary>
    private static IEnumerable<IssuerKey>? FindKeys(JsonElement head, Issuer issuer, out string? why)
    {
        why = null;
        string expected = issuer.Options.Algorithm!.Value.ToString();
        if (!head.TryGetProperty("alg", out JsonElement algorithm) || algorithm.ValueKind != JsonValueKind.String || !algorithm.ValueEquals(expected))
            why = $"alg is not {expected}, with which tokens of this issuer are signed.";
        else if (head.TryGetProperty("crit", out _))
            why = "crit demands what this service does not know: leave it out.";
        else if (!head.TryGetProperty("kid", out JsonElement kid))
            return issuer.Keys;
        else if (kid.ValueKind == JsonValueKind.String && kid.GetString() is { Length: > 0 } id)
            return issuer.Keys.Where(key => key.KeyId == id).ToArray() is { Length: > 0 } named ? named : Unknown(out why);
        else
            why = "kid is no text: name the key, or leave it out.";
        return null;
    }

    private static IEnumerable<IssuerKey>? Unknown(out string why)
    {
        why = "kid names no key of this issuer: set it as KeyId there, or leave it out.";
        return null;
    }

    private TokenVerdict JudgeClaims(IssuedClaimsReader read, string name, IssuerOptions issuer, out IssuedClaims claims, out string? why)
    {
        (claims, why) = (default, null);
        string subject = read.Text("sub", Sub), session = read.Text("sid", Sid);
        read.Audience(_own.Issuer);
        long? issuedAt = read.Time("iat", isRequired: true), expiresAt = read.Time("exp", isRequired: true), notBefore = read.Time("nbf", isRequired: false);
        string? shown = issuer.TakesName ? read.Name() : null;
        if ((why = read.Fault ?? FindFault(issuedAt!.Value, expiresAt!.Value, notBefore ?? 0, issuer.MaxLifetime)) is not null) return TokenVerdict.Invalid;

        if (_time.GetUtcNow() >= DateTimeOffset.FromUnixTimeSeconds(expiresAt!.Value) + _own.Leeway)
        {
            why = "The token has expired: give your user a new one.";
            return TokenVerdict.Expired;
        }

        claims = new IssuedClaims(name, subject, session, shown, issuedAt!.Value, expiresAt.Value);
        return TokenVerdict.Valid;
    }

    private string? FindFault(long issuedAt, long expiresAt, long notBefore, TimeSpan longest)
    {
        if (expiresAt <= issuedAt) return "exp is not after iat.";
        if (expiresAt - issuedAt > longest.TotalSeconds) return $"exp is more than {longest.TotalSeconds} s after iat, and the issuer's MaxLifetime is that: mint shorter ones.";
        double now = (_time.GetUtcNow() + _own.Leeway).ToUnixTimeSeconds();
        return issuedAt > now || notBefore > now ? "The token is not valid yet (iat or nbf): compare the clocks of the app and the service." : null;
    }

    private static bool TryDecode(string part, out byte[] bytes)
    {
        bytes = [];
        if (part.Length == 0 || part.AsSpan().ContainsAnyExcept(Alphabet) || !Base64Url.IsValid(part)) return false;
        bytes = Base64Url.DecodeFromChars(part);
        return true;
    }

    /// <summary>No white space and no padding, which the framework's reader would pass over.</summary>
    private static readonly System.Buffers.SearchValues<char> Alphabet =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private sealed record Issuer(IssuerOptions Options, IReadOnlyList<IssuerKey> Keys);
}
