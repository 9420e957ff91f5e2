using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Makes an account with a name and an e-mail address and/or a phone number, and signs its first device in .</summary>
public sealed class RegisterAccount(AccountStore accounts, PasswordHasher hasher, SignInThrottle throttle, DeviceSignIn devices)
{
    public async Task<Result<SignedIn>> ExecuteAsync(RegisterInput input, CancellationToken ct)
    {
        if (Judge(input, out Draft draft) is { } refused) return refused;
        if (throttle.IsOverLimit(input.RemoteAddress, out TimeSpan retryAfter)) return SignIn.RateLimited(retryAfter);

        Result<string> hash = await hasher.HashAsync(input.Password!, ct);
        if (!hash.IsOk) return hash.Failure;

        NewAccount account = new(draft.Name, draft.Email, draft.Phone, hash.Value);
        CreateAccountResult created = await accounts.CreateAsync(account, ct);
        if (created.Status != CreateAccountStatus.Created)
        {
            throttle.AddressFailed(input.RemoteAddress); // who asks for many taken addresses is reading our member list
            return Taken(created.Status == CreateAccountStatus.EmailTaken ? "email" : "phone");
        }

        return await devices.TryCreateAsync(new Caller(created.PrincipalId, 0), hash.Value, draft.Name, draft.DeviceName, ct) is { } signedIn
            ? signedIn
            : await SignIn.ChangedMeanwhileAsync(accounts, created.PrincipalId, ct);
    }

    private static Failure? Judge(RegisterInput input, out Draft draft)
    {
        draft = default;
        if (!TextRules.TryName(input.Name, "name", out string? name, out Failure? failure)) return failure;

        string? email = null;
        bool hasEmail = !string.IsNullOrWhiteSpace(input.Email);
        if (hasEmail && !LoginName.TryNormalizeEmail(input.Email, out email))
            return Failures.Invalid("email", "email is not an address of the form name@domain.tld of at most 255 characters: correct it.");

        string? phone = null;
        bool hasPhone = !string.IsNullOrWhiteSpace(input.Phone);
        if (hasPhone && !LoginName.TryNormalizePhone(input.Phone, out phone))
            return Failures.Invalid("phone", "phone is not an international number: write + and the country code, 7 to 15 digits in all.");
        if (email is null && phone is null)
            return Failures.Invalid("email", "email and phone are both missing: send at least one of them.");

        if (PasswordRules.Judge(input.Password) is { } weak) return weak;
        if (!DeviceSignIn.TryDeviceName(input.DeviceName, out string deviceName, out failure)) return failure;

        draft = new Draft(name, email, phone, deviceName);
        return null;
    }

    private static Failure Taken(string field) => new(
        ErrorCode.AccountExists, $"An account with this {field} exists: sign in, or register with another one.", Field: field);

    private readonly record struct Draft(string Name, string? Email, string? Phone, string DeviceName);
}
