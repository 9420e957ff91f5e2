using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Makes sure that the account's owner asks: by the password, and by a code where one is asked for. Guesses are throttled as those of sign-ins, together with them.</summary>
public sealed class TwoStepOwner(AccountStore accounts, PasswordCheck passwords, TwoStepCheck check, SignInThrottle throttle)
{
    internal async Task<Result<AccountRow>> CheckAsync(Caller caller, string? password, string remoteAddress, CancellationToken ct)
    {
        Result<AccountRow> account = await CheckPasswordAsync(caller, password, remoteAddress, ct);
        if (account.IsOk) throttle.Succeeded(SignIn.KeyOf(caller.PrincipalId), remoteAddress);
        return account;
    }

    /// <summary>Null when password and code are right.</summary>
    internal async Task<Failure?> JudgeAsync(Caller caller, TwoStepProof proof, CancellationToken ct)
    {
        Result<AccountRow> account = await ProveAsync(caller, proof, ct);
        return account.IsOk ? null : account.Failure;
    }

    /// <summary>The account as its password was verified, when password and code are right.</summary>
    internal async Task<Result<AccountRow>> ProveAsync(Caller caller, TwoStepProof proof, CancellationToken ct)
    {
        Result<AccountRow> account = await CheckPasswordAsync(caller, proof.Password, proof.RemoteAddress, ct);
        if (!account.IsOk) return account;
        if (await check.JudgeAsync(caller.PrincipalId, proof.Code, ct) is { } failure) return failure; // a wrong code counts as a wrong password

        throttle.Succeeded(SignIn.KeyOf(caller.PrincipalId), proof.RemoteAddress);
        return account;
    }

    private async Task<Result<AccountRow>> CheckPasswordAsync(Caller caller, string? password, string remoteAddress, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(password)) return Failures.Invalid("password", "password is missing: send the password of the account.");
        if (await accounts.FindAsync(caller.PrincipalId, ct) is not { } account) return Failures.AccountIsGone();
        if (!account.HasPassword) return Failures.NoPassword();

        Result<bool> verified = await passwords.ExecuteAsync(
            SignIn.KeyOf(caller.PrincipalId), remoteAddress, password, account.PasswordHash, ct);
        if (!verified.IsOk) return verified.Failure;
        return verified.Value ? account : ChangePassword.Wrong("password");
    }
}
