using System.Globalization;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Signs a person in by e-mail or phone and password. A wrong password and an unknown account get the same answer after the same
/// work, and are throttled alike. Where the account has a second step, its code is asked for once the password is right;
/// that it is blocked is said then, too, and no sooner.
/// </summary>
public sealed class SignIn(AccountStore accounts, PasswordCheck passwords, TwoStepCheck twoStep, SignInThrottle throttle, DeviceSignIn devices)
{
    private const int MaxLoginChars = 512;

    public async Task<Result<SignedIn>> ExecuteAsync(SignInInput input, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(input.Login) || input.Login.Length > MaxLoginChars)
            return Failures.Invalid("login", "login is missing or too long: send the e-mail address or the phone number of the account.");
        if (string.IsNullOrEmpty(input.Password))
            return Failures.Invalid("password", "password is missing: send the password of the account.");
        if (!DeviceSignIn.TryDeviceName(input.DeviceName, out string deviceName, out Failure? failure)) return failure!;

        AccountRow? account = LoginName.TryNormalize(input.Login, out string? login) ? await accounts.FindByLoginAsync(login, ct) : null;
        string key = account is null ? "login " + (login ?? input.Login) : KeyOf(account.PrincipalId);
        return await throttle.SignInAsync(
            key, input.RemoteAddress, isPassword: true, isTried: static code => code is ErrorCode.SignInFailed or ErrorCode.CodeInvalid,
            () => JudgeAsync(key, account, input, deviceName, ct));
    }

    private async Task<Result<SignedIn>> JudgeAsync(string key, AccountRow? account, SignInInput input, string deviceName, CancellationToken ct)
    {
        Result<bool> verified = await passwords.ExecuteAsync(key, input.RemoteAddress, input.Password!, account?.PasswordHash, ct);
        if (!verified.IsOk) return verified.Failure;
        if (!verified.Value || account is null) return Failed();
        if (account.IsBlocked)
        {
            throttle.TakeBack(key, input.RemoteAddress); // it was no guess
            return Failures.AccountBlocked();
        }

        if (account.HasTwoStep && await JudgeSecondStepAsync(key, account.PrincipalId, input, ct) is { } refused) return refused;

        throttle.Succeeded(key, input.RemoteAddress);
        Caller who = new(account.PrincipalId, 0, (PrincipalKind)account.Kind);
        return await devices.TryCreateAsync(who, account.PasswordHash, account.Name, deviceName, ct) is { } signedIn
            ? signedIn
            : await ChangedMeanwhileAsync(accounts, account.PrincipalId, ct);
    }

    /// <summary>Why an account whose password was right a moment ago gets no device.</summary>
    internal static async Task<Failure> ChangedMeanwhileAsync(AccountStore accounts, long principalId, CancellationToken ct) =>
        await accounts.FindAsync(principalId, ct) is { IsBlocked: true } ? Failures.AccountBlocked() : Failed();

    /// <summary>How the throttle names an account.</summary>
    internal static string KeyOf(long principalId) => string.Create(CultureInfo.InvariantCulture, $"account {principalId}");

    internal static Failure RateLimited(TimeSpan retryAfter) =>
        new(ErrorCode.RateLimited, "Too many failed attempts: wait for retry_after_ms, then try again.", retryAfter);

    /// <summary>A wrong code counts as a wrong password does; that none was sent does not.</summary>
    private async Task<Failure?> JudgeSecondStepAsync(string key, long principalId, SignInInput input, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(input.Code))
        {
            throttle.TakeBack(key, input.RemoteAddress);
            return new Failure(ErrorCode.SecondFactorRequired, "This account asks for a second step: sign in again with the code that its app shows, or with a recovery code.", Field: "code");
        }

        return await twoStep.JudgeAsync(principalId, input.Code, ct);
    }

    private static Failure Failed() =>
        new(ErrorCode.SignInFailed, "The login or the password is wrong: check both, which of them is not said.");
}
