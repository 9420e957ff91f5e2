using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Exchanges a refresh token for a new pair of tokens. Each token works once; one that comes back after its exchange is in two hands, so its
/// device is signed out (the store does that in the same transaction) and its sessions end.
/// </summary>
public sealed class RefreshSignIn(DeviceStore devices, AccountStore accounts, DeviceSignIn signIn, DeviceRevocation revocation)
{
    public async Task<Result<SignedIn>> ExecuteAsync(string? refreshToken, CancellationToken ct)
    {
        if (!RefreshTokens.TryHash(refreshToken, out byte[]? presented)) return Refused();

        NewRefreshToken next = signIn.CreateRefreshToken();
        RefreshOutcome outcome = await devices.RotateAsync(presented, next.Hash, next.ExpiresAt, CancellationToken.None);
        if (outcome.Status == RefreshStatus.Reused) revocation.Cut(outcome.PrincipalId, outcome.DeviceId);
        if (outcome.Status == RefreshStatus.Blocked) return Failures.AccountBlocked();
        if (outcome.Status != RefreshStatus.Rotated) return Refused();

        AccountRow? account = await accounts.FindAsync(outcome.PrincipalId, ct);
        if (account is null) return Failures.AccountIsGone();

        return signIn.Complete(new Caller(outcome.PrincipalId, outcome.DeviceId, (PrincipalKind)account.Kind), account.Name, next);
    }

    private static Failure Refused() => new(
        ErrorCode.RefreshTokenInvalid, "refresh_token was used, has expired or was revoked: sign in again.", Field: "refresh_token");
}
