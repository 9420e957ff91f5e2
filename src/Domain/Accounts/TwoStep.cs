using System.Security.Cryptography;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Sets the second step of the caller's sign-ins up, and takes it away. Whoever only holds one of the devices cannot: the password is asked for.</summary>
public sealed class TwoStep(TwoStepStore store, TwoStepSecrets secrets, TwoStepCheck check, TwoStepOwner owner, TokenOptions tokens)
{
    public async Task<Result<TwoStepState>> GetAsync(Caller caller, CancellationToken ct)
    {
        TwoStepRow? row = await store.FindAsync(caller.PrincipalId, ct);
        return row is { IsConfirmed: true } ? new TwoStepState(true, row.RecoveryCodesLeft) : new TwoStepState(false, 0);
    }

    /// <summary>Makes a secret for an app. Nothing is asked for until its first code has come back.</summary>
    public async Task<Result<TwoStepSecret>> BeginAsync(Caller caller, string? password, string remoteAddress, CancellationToken ct)
    {
        Result<AccountRow> account = await owner.CheckAsync(caller, password, remoteAddress, ct);
        if (!account.IsOk) return account.Failure;

        byte[] secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        if (!await store.BeginAsync(caller.PrincipalId, secrets.Encrypt(caller.PrincipalId, secret), ct)) return IsOn();

        string name = account.Value.Email ?? account.Value.Phone!;
        return new TwoStepSecret(Totp.ToText(secret), Totp.ToUri(secret, tokens.Issuer, name));
    }

    /// <summary>Takes the app's first code: from now on sign-ins ask for one.</summary>
    /// <returns>The recovery codes, which are shown this once.</returns>
    public async Task<Result<string[]>> ConfirmAsync(Caller caller, string? code, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(code)) return Failures.Invalid("code", "code is missing: send the six digits that the app shows.");
        TwoStepRow? row = await store.FindAsync(caller.PrincipalId, ct);
        if (row is null) return Failures.Invalid("code", "No second step was begun: begin with a secret for an app.");
        if (row.IsConfirmed) return IsOn();
        if (check.FindUse(caller.PrincipalId, row, code) is not { } use) return AccountCodes.Wrong();

        string[] shown = TwoStepSecrets.NewRecoveryCodes();
        return await store.ConfirmAsync(use, Hashes(caller.PrincipalId, shown), ct) ? shown : AccountCodes.Wrong();
    }

    /// <summary>Voids all recovery codes and makes new ones.</summary>
    public async Task<Result<string[]>> RenewRecoveryCodesAsync(Caller caller, TwoStepProof proof, CancellationToken ct)
    {
        if (await owner.JudgeAsync(caller, proof, ct) is { } failure) return failure;
        string[] shown = TwoStepSecrets.NewRecoveryCodes();
        return await store.ReplaceRecoveryCodesAsync(caller.PrincipalId, Hashes(caller.PrincipalId, shown), ct) ? shown : IsOff();
    }

    /// <summary>Sign-ins ask for the password alone again. Where no second step is, nothing happens.</summary>
    public async Task<Result<Done>> RemoveAsync(Caller caller, TwoStepProof proof, CancellationToken ct)
    {
        if (await owner.JudgeAsync(caller, proof, ct) is { } failure) return failure;
        await store.DeleteAsync(caller.PrincipalId, ct);
        return Done.Value;
    }

    private static byte[][] Hashes(long principalId, string[] codes) =>
        [.. codes.Select(code => TwoStepSecrets.TryHashRecoveryCode(principalId, code)!)];

    private static Failure IsOn() => Failures.Invalid("code", "The second step is set up already: take it away first.");

    private static Failure IsOff() => Failures.Invalid("code", "No second step is set up.");
}

/// <param name="IsOn">Whether sign-ins ask for a code.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes are not used yet.</param>
public sealed record TwoStepState(bool IsOn, int RecoveryCodesLeft);

/// <param name="Secret">Base32, to type into an app.</param>
/// <param name="Uri">The same for a QR code.</param>
public sealed record TwoStepSecret(string Secret, string Uri)
{
    public override string ToString() => nameof(TwoStepSecret);
}

/// <summary>What shows that the account's owner asks, and not only somebody at their device.</summary>
public sealed record TwoStepProof(string? Password, string? Code, string RemoteAddress)
{
    public override string ToString() => $"TwoStepProof {{ RemoteAddress = {RemoteAddress} }}";
}
