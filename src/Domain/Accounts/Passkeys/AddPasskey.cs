using System.Text.Json;
using Chat.Domain.Limits;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts.Passkeys;

/// <summary>
/// Gives the caller's account a passkey. Whoever only holds one of the devices cannot: to begin asks for the password, and for the code where there
/// is a second step. Thread-safe.
/// </summary>
public sealed class AddPasskey(
    PasskeyStore store, AccountStore accounts, TwoStepOwner owner, PasskeyParts parts, AccountNotices notices, RequestLimits limits)
{
    /// <summary>Longest name of a passkey.</summary>
    public const int MaxNameChars = 64;

    /// <summary>An RSA key of 8,192 bits has about 1,050 with what is around it.</summary>
    private const int MaxKeyBytes = 2_048;

    public async Task<Result<PasskeyCeremony>> BeginAsync(Caller caller, TwoStepProof proof, CancellationToken ct)
    {
        if (!parts.Options.IsOn) return PasskeyFailures.NotConfigured();
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;

        // First, or a recovery code would be spent for nothing.
        IReadOnlyList<PasskeyRow> present = await store.ListAsync(caller.PrincipalId, ct);
        if (present.Count >= PasskeyStore.MaxPerAccount) return PasskeyFailures.TooMany();
        Result<AccountRow> proven = await owner.ProveAsync(caller, proof, ct);
        if (!proven.IsOk) return proven.Failure;

        AccountRow account = proven.Value;
        PasskeyChallenge challenge = await parts.Verifier.ChallengeToAddAsync(
            new PasskeyOwner(account.PrincipalId, account.Email ?? account.Phone!, account.Name), present);
        return new PasskeyCeremony(parts.Ceremonies.SealAddition(account, challenge.State), challenge.OptionsJson);
    }

    /// <summary>
    /// Keeps the passkey that was made, and tells the owner of the account at another place. The same again has the same outcome: whoever did not get
    /// the answer asks once more.
    /// </summary>
    public async Task<Result<PasskeyRow>> FinishAsync(Caller caller, string? ceremony, JsonElement? credential, string? name, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        if (!TryName(name, out string given, out Failure? bad)) return bad!;
        if (!PasskeyCredential.TryRead(credential, out PasskeyCredential? made, out bad)) return bad;
        if (await accounts.FindAsync(caller.PrincipalId, ct) is not { } account) return Failures.AccountIsGone();
        if (parts.Ceremonies.TryOpenAddition(account, ceremony) is not { } opened) return PasskeyFailures.Over();

        PasskeyJudgement judgement = await parts.Verifier.JudgeNewAsync(made.Json, opened.State);
        if (PasskeyFailures.Of(judgement) is { } refused) return refused;
        ProvenPasskey proven = judgement.Proven!;
        if (proven.PublicKey.Length > MaxKeyBytes) return PasskeyFailures.KeyTooLong(MaxKeyBytes);
        AddPasskeyOutcome outcome = await store.AddAsync(
            new NewPasskey(
                caller.PrincipalId, account.PasswordHash, opened.Hash, proven.CredentialId, proven.PublicKey, proven.SignCount, proven.Transports,
                proven.IsBackupEligible, proven.IsBackedUp, given),
            CancellationToken.None);
        if (outcome.Status == AddPasskeyStatus.Added) notices.TellOfPasskey(account, given);
        return outcome.Status switch
        {
            AddPasskeyStatus.Added => outcome.Passkey!,
            AddPasskeyStatus.TooMany => PasskeyFailures.TooMany(),
            AddPasskeyStatus.Taken => PasskeyFailures.Taken(),
            AddPasskeyStatus.Blocked => Failures.AccountBlocked(),
            _ => PasskeyFailures.Over(),
        };
    }

    /// <summary>Trims a passkey's name and judges it: 1 to 64 characters.</summary>
    internal static bool TryName(string? input, out string name, out Failure? failure)
    {
        name = input?.Trim() ?? "";
        failure = name.Length == 0
            ? Failures.Invalid("name", $"name is missing or blank: send 1 to {MaxNameChars} characters.")
            : TextRules.JudgeShort(name, "name", MaxNameChars);
        return failure is null;
    }
}

/// <param name="Text">To be given back with the answer.</param>
/// <param name="OptionsJson">For the authenticator.</param>
public sealed record PasskeyCeremony(string Text, string OptionsJson)
{
    public override string ToString() => nameof(PasskeyCeremony);
}

/// <summary>What making a passkey and signing in with one have in common.</summary>
public sealed record PasskeyParts(PasskeyOptions Options, IPasskeyVerifier Verifier, PasskeyCeremonies Ceremonies);
