using System.Security.Cryptography;
using Chat.Domain.Accounts.Issuers;
using Chat.Domain.Cluster;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// What an operator does to an account that is named by its e-mail address or phone number, or by <c>issuer:subject</c> (R-025). Nodes are told through the broker which
/// devices to cut, and learn all of it from the database (<see cref="ObeyOperator"/>). Each may be repeated. Thread-safe.
/// </summary>
public sealed class OperateAccount(OperatorStore store, PasswordHasher hasher, IBroker broker)
{
    /// <summary>Longest reason of a block.</summary>
    public const int MaxReasonChars = 200;

    private const int MaxIssuerChars = 200;
    private const int PasswordChars = 20;

    /// <summary>No letter looks like another, or like a digit: it is read to people on the phone.</summary>
    private const string PasswordLetters = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>A password for <see cref="ResetPasswordAsync"/>: more than 110 random bits.</summary>
    public static string RandomPassword() => RandomNumberGenerator.GetString(PasswordLetters, PasswordChars);

    /// <summary>What is wrong with how a login is written; null when there may be an account of it.</summary>
    public static Failure? JudgeLogin(string? login) => IssuedName.TryParse(login, out _) || LoginName.TryNormalize(login, out _)
        ? null
        : Failures.Invalid("login", "The login is no address: give the e-mail address, the phone number with + and the country code, or issuer:subject.");

    public async Task<Result<OperatorView>> ShowAsync(string? login, CancellationToken ct)
    {
        if (IssuedName.TryParse(login, out IssuedName issued))
            return await store.FindIssuedAsync(issued.Issuer, issued.Subject, ct) is { } found ? found : NotFound(login);
        if (!LoginName.TryNormalize(login, out string? normalized))
            return JudgeLogin(login)!;
        return await store.FindAsync(normalized, ct) is { } account ? account : NotFound(login!);
    }

    /// <summary>Signs all devices out and lets nobody sign in.</summary>
    /// <param name="login">Whose account.</param>
    /// <param name="reason">For operators; null leaves the one of a block before.</param>
    /// <param name="issuedBy">Who does it.</param>
    /// <param name="ct">Gives up.</param>
    public Task<Result<OperatorOutcome>> BlockAsync(string? login, string? reason, string issuedBy, CancellationToken ct)
    {
        string? given = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        return TextRules.JudgeShort(given, "reason", MaxReasonChars) is { } bad
            ? Task.FromResult<Result<OperatorOutcome>>(bad)
            : ChangeAsync(login, id => store.BlockAsync(id, given, Issuer(issuedBy), CancellationToken.None), ct);
    }

    /// <summary>Lets people sign in again, with the password of before. Nothing else changes.</summary>
    public Task<Result<OperatorOutcome>> UnblockAsync(string? login, string issuedBy, CancellationToken ct) =>
        ChangeAsync(login, id => store.UnblockAsync(id, Issuer(issuedBy), CancellationToken.None), ct);

    /// <summary>Sets a password, voids codes that were sent, and signs all devices out. A blocked account stays blocked.</summary>
    public async Task<Result<OperatorOutcome>> ResetPasswordAsync(string? login, NewPassword wanted, string issuedBy, CancellationToken ct)
    {
        if (PasswordRules.Judge(wanted.Password) is { } weak) return weak;
        if (IssuedName.TryParse(login, out _)) return Failures.NoPassword();
        Result<string> hash = await hasher.HashAsync(wanted.Password!, ct);
        if (!hash.IsOk) return hash.Failure;
        return await ChangeAsync(
            login, id => store.ResetPasswordAsync(new OperatorReset(id, hash.Value, wanted.RemovesTwoStep), Issuer(issuedBy), CancellationToken.None), ct);
    }

    private async Task<Result<OperatorOutcome>> ChangeAsync(string? login, Func<long, Task<OperatorOutcome?>> change, CancellationToken ct)
    {
        Result<OperatorView> account = await ShowAsync(login, ct);
        if (!account.IsOk) return account.Failure;
        if (await change(account.Value.PrincipalId) is not { } outcome) return NotFound(login!);

        DeviceRevocation.Tell(broker, account.Value.PrincipalId, outcome.SignedOut);
        return outcome;
    }

    private static string Issuer(string name) => name.Length <= MaxIssuerChars ? name : name[..MaxIssuerChars];

    private static Failure NotFound(string login) =>
        new(ErrorCode.PrincipalNotFound, $"No account has the login {login}: check it.", Field: "login");
}

/// <param name="Password">What the account's person is told.</param>
/// <param name="RemovesTwoStep">
/// Sign-ins are by the password alone: of use to who has lost the app and the recovery codes. Passkeys, which stand for both steps, go as well.
/// </param>
public sealed record NewPassword(string? Password, bool RemovesTwoStep = false)
{
    public override string ToString() => nameof(NewPassword);
}
