using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Chat.Domain.Accounts;

/// <summary>
/// Makes and verifies access tokens: JWTs (RFC 7519) signed with HMAC-SHA256 and nothing else. Verifying asks no database, so that a storm of
/// reconnects is cheap. Thread-safe.
/// </summary>
public sealed class AccessTokens
{
    internal const int MaxTokenChars = 4096; // protocol-spec.md §6.1
    private const int SignatureBytes = HMACSHA256.HashSizeInBytes;
    private const int SignatureChars = 43; // 32 bytes in base64url without padding

    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly RevokedDevices _revoked;

    public AccessTokens(TokenOptions options, TimeProvider time)
    {
        if (options.SigningKey.Length < TokenOptions.MinSigningKeyBytes)
        {
            throw new ArgumentException(
                $"Tokens:SigningKey has {options.SigningKey.Length} bytes: set at least {TokenOptions.MinSigningKeyBytes}.", nameof(options));
        }

        (_options, _time) = (options, time);
        _revoked = new RevokedDevices(options.AccessTokenLifetime + options.Leeway + options.Leeway, time);
    }

    /// <summary>Makes a token for one device of one principal, valid from now for <see cref="TokenOptions.AccessTokenLifetime"/>.</summary>
    public string Issue(Caller caller, out DateTimeOffset expiresAt)
    {
        long issuedAt = _time.GetUtcNow().ToUnixTimeSeconds();
        expiresAt = DateTimeOffset.FromUnixTimeSeconds(issuedAt + (long)_options.AccessTokenLifetime.TotalSeconds);

        AccessTokenClaims claims = new(
            _options.Issuer, caller.PrincipalId, caller.DeviceId, issuedAt, expiresAt.ToUnixTimeSeconds(), caller.Kind);
        string signed = $"{AccessTokenClaims.EncodedHeader}.{Base64Url.EncodeToString(claims.ToJson())}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(_options.SigningKey, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Judges a token. <paramref name="caller"/> and <paramref name="expiresAt"/> are set unless it is <c>Invalid</c>.</summary>
    public TokenVerdict Verify(string? token, out Caller caller, out DateTimeOffset expiresAt)
    {
        (caller, expiresAt) = (default, default);
        if (!TrySplit(token, out int headerEnd, out int payloadEnd)) return TokenVerdict.Invalid;

        byte[] ascii = ArrayPool<byte>.Shared.Rent(token.Length);
        try
        {
            Encoding.ASCII.GetBytes(token, ascii);
            return VerifyAscii(ascii.AsSpan(0, token.Length), headerEnd, payloadEnd, ref caller, ref expiresAt);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(ascii, clearArray: true);
        }
    }

    /// <summary>Makes tokens of a device that was signed out worthless on this node for the rest of their life.</summary>
    public void Revoke(long deviceId) => _revoked.Add(deviceId);

    /// <summary>Whether the device was signed out lately, on this node.</summary>
    public bool IsRevoked(long deviceId) => _revoked.Contains(deviceId);

    private TokenVerdict VerifyAscii(
        Span<byte> token, int headerEnd, int payloadEnd, ref Caller caller, ref DateTimeOffset expiresAt)
    {
        // The signature first, over what was received: nothing unsigned is parsed. It is compared in its encoded form, which leaves no second
        // spelling of the same bytes.
        Span<byte> mac = stackalloc byte[SignatureBytes];
        Span<byte> expected = stackalloc byte[SignatureChars];
        HMACSHA256.HashData(_options.SigningKey, token[..payloadEnd], mac);
        Base64Url.EncodeToUtf8(mac, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, token[(payloadEnd + 1)..])) return TokenVerdict.Invalid;

        if (!AccessTokenClaims.IsAllowedHeader(token[..headerEnd])) return TokenVerdict.Invalid;
        if (!AccessTokenClaims.TryRead(token[(headerEnd + 1)..payloadEnd], out AccessTokenClaims claims)) return TokenVerdict.Invalid;
        if (claims.Issuer != _options.Issuer || claims.ExpiresAt <= claims.IssuedAt) return TokenVerdict.Invalid;

        DateTimeOffset now = _time.GetUtcNow();
        if (DateTimeOffset.FromUnixTimeSeconds(claims.IssuedAt) > now + _options.Leeway) return TokenVerdict.Invalid;

        caller = new Caller(claims.PrincipalId, claims.DeviceId, claims.Kind);
        expiresAt = DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt);
        if (now >= expiresAt + _options.Leeway) return TokenVerdict.Expired;

        return _revoked.Contains(claims.DeviceId) ? TokenVerdict.Revoked : TokenVerdict.Valid;
    }

    /// <summary>Three non-empty parts in the base64url alphabet, the last as long as our signature; no padding, no white space.</summary>
    private static bool TrySplit([NotNullWhen(true)] string? token, out int headerEnd, out int payloadEnd)
    {
        (headerEnd, payloadEnd) = (0, 0);
        if (token is null || token.Length > MaxTokenChars) return false;

        foreach (char c in token)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        }

        headerEnd = token.IndexOf('.', StringComparison.Ordinal);
        payloadEnd = token.LastIndexOf('.');
        if (headerEnd < 1 || payloadEnd - headerEnd < 2 || token.Length - payloadEnd - 1 != SignatureChars) return false;

        return token.AsSpan(headerEnd + 1, payloadEnd - headerEnd - 1).IndexOf('.') < 0;
    }
}
