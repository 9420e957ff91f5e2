using System.Globalization;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Signs a person in by e-mail or phone and password. A wrong password and an unknown account get the same answer after the same
/// work, and are throttled alike.
/// </summary>
public sealed class SignIn(AccountStore accounts, PasswordHasher hasher, SignInThrottle throttle, DeviceSignIn devices)
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
        string key = account is null ? "login " + (login ?? input.Login) : string.Create(CultureInfo.InvariantCulture, $"account {account.PrincipalId}");
        if (!throttle.TryBegin(key, input.RemoteAddress, out TimeSpan retryAfter)) return RateLimited(retryAfter);

        Result<bool> verified = await VerifyAsync(key, input, account, ct);
        if (!verified.IsOk) return verified.Failure;
        if (!verified.Value || account is null) return Failed();

        throttle.Succeeded(key, input.RemoteAddress);
        return await devices.TryCreateAsync(account, deviceName, ct) is { } signedIn ? signedIn : Failed();
    }

    internal static Failure RateLimited(TimeSpan retryAfter) =>
        new(ErrorCode.RateLimited, "Too many failed attempts: wait for retry_after_ms, then try again.", retryAfter);

    private async Task<Result<bool>> VerifyAsync(string key, SignInInput input, AccountRow? account, CancellationToken ct)
    {
        bool judged = false;
        try
        {
            Result<bool> verified = await hasher.VerifyAsync(input.Password!, account?.PasswordHash, ct);
            judged = verified.IsOk;
            return verified;
        }
        finally
        {
            if (!judged) throttle.TakeBack(key, input.RemoteAddress); // busy or cancelled: no guess was made
        }
    }

    private static Failure Failed() =>
        new(ErrorCode.SignInFailed, "The login or the password is wrong: check both, which of them is not said.");
}
