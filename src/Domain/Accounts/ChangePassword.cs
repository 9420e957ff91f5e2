using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Gives the caller's account another password, if the present one is known, and signs all other devices out: whoever changes it may fear
/// that somebody else has it. Wrong guesses are throttled as those of a sign-in are, together with them.
/// </summary>
public sealed class ChangePassword(
    AccountStore accounts, PasswordHasher hasher, PasswordCheck passwords, SignInThrottle throttle, DeviceRevocation revocation)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, string? current, string? wanted, string remoteAddress, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(current) || current.Length > PasswordRules.MaxChars)
            return Failures.Invalid("current_password", "current_password is missing or too long: send the present password.");
        if (PasswordRules.Judge(wanted, "new_password") is { } weak) return weak;

        AccountRow? account = await accounts.FindAsync(caller.PrincipalId, ct);
        if (account is null) return Failures.AccountIsGone();
        if (!account.HasPassword) return Failures.NoPassword();

        string key = SignIn.KeyOf(account.PrincipalId);
        Result<bool> verified = await passwords.ExecuteAsync(key, remoteAddress, current, account.PasswordHash, ct);
        if (!verified.IsOk) return verified.Failure;
        if (!verified.Value) return Wrong("current_password");
        throttle.Succeeded(key, remoteAddress);

        Result<string> hash = await hasher.HashAsync(wanted!, ct);
        if (!hash.IsOk) return hash.Failure;

        // Not the caller's token: one that hangs up must not keep other devices alive whose password is gone.
        IReadOnlyList<long>? signedOut = await accounts.ChangePasswordAsync(
            new PasswordChange(caller.PrincipalId, account.PasswordHash, hash.Value), caller.DeviceId, CancellationToken.None);
        if (signedOut is null) return Wrong("current_password"); // another device changed it meanwhile

        revocation.CutSome(caller.PrincipalId, signedOut);
        return Done.Value;
    }

    internal static Failure Wrong(string field) =>
        new(ErrorCode.SignInFailed, $"{field} is wrong: send the present password of the account.", Field: field);
}
