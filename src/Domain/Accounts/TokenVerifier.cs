using Chat.Domain.Accounts.Issuers;

namespace Chat.Domain.Accounts;

/// <summary>
/// The one judge of access tokens, wherever they come: the service's own, and those that apps mint for users of their own (ADR 0040). Own ones ask
/// no database; of the others only the first with a new <c>iat</c> does, on each node. Thread-safe.
/// </summary>
public sealed class TokenVerifier(AccessTokens own, IssuedTokens issued, IssuedAccounts accounts)
{
    /// <exception cref="TimeoutException">The database was asked and has too much to do.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database was asked and does not answer.</exception>
    public ValueTask<VerifiedToken> VerifyAsync(string? token)
    {
        TokenVerdict verdict = own.Verify(token, out Caller caller, out DateTimeOffset expiresAt);
        if (verdict != TokenVerdict.Invalid || !issued.AreTaken)
            return new ValueTask<VerifiedToken>(new VerifiedToken(verdict, caller, expiresAt, null));

        verdict = issued.Verify(token, out IssuedClaims claims, out string? why);
        if (verdict != TokenVerdict.Valid) return new ValueTask<VerifiedToken>(new VerifiedToken(verdict, default, default, why));

        // Whether one that is signed out is blocked as well, the database says.
        return accounts.TryFind(claims, out IssuedAnswer answer) && !own.IsRevoked(answer.DeviceId)
            ? new ValueTask<VerifiedToken>(Judge(answer, claims.ExpiresAt))
            : new ValueTask<VerifiedToken>(AskAsync(claims));
    }

    /// <summary>Whether the device was signed out lately, on this node.</summary>
    public bool IsRevoked(long deviceId) => own.IsRevoked(deviceId);

    private async Task<VerifiedToken> AskAsync(IssuedClaims claims) => Judge(await accounts.FindAsync(claims), claims.ExpiresAt);

    private VerifiedToken Judge(in IssuedAnswer found, long expiresAt)
    {
        TokenVerdict verdict = found.Standing switch
        {
            IssuedStanding.Blocked => TokenVerdict.Blocked,
            IssuedStanding.SignedOut => TokenVerdict.Revoked,
            _ => own.IsRevoked(found.DeviceId) ? TokenVerdict.Revoked : TokenVerdict.Valid,
        };
        return new VerifiedToken(verdict, new Caller(found.PrincipalId, found.DeviceId), DateTimeOffset.FromUnixTimeSeconds(expiresAt), null);
    }
}

/// <summary>What is known of a token.</summary>
/// <param name="Caller">Whose it is, if it is <c>Valid</c>.</param>
/// <param name="ExpiresAt">When it ends, if it is <c>Valid</c>.</param>
/// <param name="Why">What is wrong with a token of an issuer, for who writes the app; null where there is nothing to say.</param>
public readonly record struct VerifiedToken(TokenVerdict Verdict, Caller Caller, DateTimeOffset ExpiresAt, string? Why);
