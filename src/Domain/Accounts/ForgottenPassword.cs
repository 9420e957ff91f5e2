using System.Globalization;
using Chat.Domain.Notifications;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Gives a person who forgot the password a new one, by a code that is sent to the account's address. Whether there is an account is never
/// told, by no answer and by no time that it takes (promises 4.1).
/// </summary>
public sealed class ForgottenPassword(
    AccountStore accounts, AccountCodes codes, CodeSender sender, SignInThrottle throttle, PasswordReset reset)
{
    /// <summary>Sends a code to the address that is given as login, if there is an account with it.</summary>
    public Result<Done> Request(string? login, string remoteAddress)
    {
        if (!LoginName.TryNormalize(login, out string? normalized)) return UnknownForm();
        if (sender.FindFault(CodeSender.IsMail(normalized)) is { } fault) return fault;
        if (throttle.IsOverLimit(remoteAddress, out TimeSpan retryAfter)) return SignIn.RateLimited(retryAfter);

        throttle.AddressFailed(remoteAddress); // one address may ask for some accounts, not for a list of them
        return sender.TryAdd(new Delivery("a code for a new password", ct => SendAsync(normalized, ct)))
            ? Done.Value
            : Failures.Busy(TimeSpan.FromMinutes(1));
    }

    /// <summary>Sets the new password, and signs all devices out.</summary>
    public async Task<Result<Done>> ResetAsync(string? login, string? code, string? wanted, string remoteAddress, CancellationToken ct)
    {
        if (!LoginName.TryNormalize(login, out string? normalized)) return UnknownForm();
        if (PasswordRules.Judge(wanted, "new_password") is { } weak) return weak;

        AccountRow? account = await accounts.FindByLoginAsync(normalized, ct);
        string key = account is null ? "reset " + normalized : KeyOf(account.PrincipalId);
        Result<SpentCode> guessed = await throttle.AttemptAsync(
            key, remoteAddress, () => codes.GuessAsync(account?.PrincipalId ?? 0, CodePurpose.ResetPassword, code, ct));
        if (!guessed.IsOk) return guessed.Failure;

        throttle.Succeeded(key, remoteAddress);
        if (account!.IsBlocked) return Failures.AccountBlocked(); // a code is right for an account only
        return await reset.ExecuteAsync(guessed.Value, wanted!, ct);
    }

    /// <summary>How the throttle names the codes of an account.</summary>
    internal static string KeyOf(long principalId) => string.Create(CultureInfo.InvariantCulture, $"reset {principalId}");

    private async Task SendAsync(string login, CancellationToken ct)
    {
        if (await accounts.FindByLoginAsync(login, ct) is not { } account) return;
        _ = await codes.IssueAsync(account, CodePurpose.ResetPassword, login, ct); // too soon after the last one: that one is on its way
    }

    private static Failure UnknownForm() =>
        Failures.Invalid("login", "login is missing or no address: send the e-mail address or the phone number of the account.");
}

/// <summary>Gives an account the password that its person chose with a code.</summary>
public sealed class PasswordReset(AccountCodeStore store, PasswordHasher hasher, DeviceRevocation revocation)
{
    internal async Task<Result<Done>> ExecuteAsync(SpentCode code, string wanted, CancellationToken ct)
    {
        Result<string> hash = await hasher.HashAsync(wanted, ct);
        if (!hash.IsOk) return hash.Failure; // the code can be used again

        // Not the caller's token: one that hangs up must not keep devices alive whose password is gone.
        IReadOnlyList<long>? signedOut = await store.ResetPasswordAsync(code, hash.Value, CancellationToken.None);
        if (signedOut is null) return AccountCodes.Wrong();

        revocation.CutAll(code.PrincipalId, signedOut);
        return Done.Value;
    }
}
