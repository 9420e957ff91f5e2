using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts.Passkeys;

/// <summary>What WebAuthn asks of a server: makes challenges, and judges what authenticators answer. Keeps nothing. Thread-safe.</summary>
public interface IPasskeyVerifier
{
    /// <summary>A challenge to make a passkey.</summary>
    /// <param name="owner">Whose it will be.</param>
    /// <param name="present">Authenticators that hold one of these make none.</param>
    Task<PasskeyChallenge> ChallengeToAddAsync(PasskeyOwner owner, IReadOnlyList<PasskeyRow> present);

    /// <summary>A challenge to sign in with any passkey.</summary>
    Task<PasskeyChallenge> ChallengeToSignInAsync();

    /// <summary>Judges a passkey that was made. Nothing that comes in is a reason to throw.</summary>
    /// <param name="credentialJson">The <c>PublicKeyCredential</c> as it came.</param>
    /// <param name="state">Of the challenge.</param>
    Task<PasskeyJudgement> JudgeNewAsync(string credentialJson, string state);

    /// <summary>Judges a signature, but for its counter, which only the database can compare. Nothing that comes in is a reason to throw.</summary>
    /// <param name="credentialJson">The <c>PublicKeyCredential</c> as it came.</param>
    /// <param name="state">Of the challenge.</param>
    /// <param name="known">The passkey that it names.</param>
    Task<PasskeyJudgement> JudgeUseAsync(string credentialJson, string state, PasskeyRow known);
}

/// <param name="Name">What tells the account from others of the same person.</param>
/// <param name="DisplayName">The person's name.</param>
public sealed record PasskeyOwner(long PrincipalId, string Name, string DisplayName);

/// <param name="OptionsJson">For the authenticator.</param>
/// <param name="State">For the judgement: what was challenged.</param>
public sealed record PasskeyChallenge(string OptionsJson, string State);

/// <summary>What a passkey has proved, or nothing.</summary>
/// <param name="Proven">Null when it proved nothing.</param>
/// <param name="ForeignOrigin">Set when that is because of the page on which it was used.</param>
public sealed record PasskeyJudgement(ProvenPasskey? Proven, string? ForeignOrigin = null);

/// <param name="PublicKey">As COSE has it.</param>
/// <param name="SignCount">Of this answer.</param>
public sealed record ProvenPasskey(
    byte[] CredentialId, byte[] PublicKey, long SignCount, string[] Transports, bool IsBackupEligible, bool IsBackedUp);
