using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Judges the code of a second step: what an app shows, or a recovery code. Each is taken once, on all nodes. Thread-safe.</summary>
public sealed class TwoStepCheck(TwoStepStore store, TwoStepSecrets secrets, TimeProvider time)
{
    private const int MaxChars = 64;

    /// <summary>Null when the code is right, or when no second step is asked for any more.</summary>
    internal async Task<Failure?> JudgeAsync(long principalId, string? code, CancellationToken ct)
    {
        TwoStepRow? row = await store.FindAsync(principalId, ct);
        if (row is not { IsConfirmed: true }) return null;
        if (string.IsNullOrWhiteSpace(code) || code.Length > MaxChars) return AccountCodes.Wrong();

        if (FindUse(principalId, row, code) is { } use) return await store.TakeStepAsync(use, ct) ? null : AccountCodes.Wrong();
        if (TwoStepSecrets.TryHashRecoveryCode(principalId, code) is { } hash && await store.TakeRecoveryCodeAsync(principalId, hash, ct)) return null;
        return AccountCodes.Wrong();
    }

    /// <summary>Null when it is not what an app shows now.</summary>
    internal TwoStepUse? FindUse(long principalId, TwoStepRow row, string code)
    {
        string digits = code.Replace(" ", "", StringComparison.Ordinal);
        if (secrets.TryDecrypt(principalId, row.Secret) is not { } secret) return null;
        return Totp.FindStep(secret, digits, time.GetUtcNow()) is { } step ? new TwoStepUse(principalId, row.Secret, step) : null;
    }
}
