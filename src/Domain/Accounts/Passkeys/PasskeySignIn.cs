using System.Text.Json;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Accounts.Passkeys;

/// <summary>
/// Signs a person in by a passkey, which verified them itself: no password and no code is asked for. Nobody learns which accounts there are,
/// and that one is blocked is said to its passkey only. Thread-safe.
/// </summary>
public sealed partial class PasskeySignIn(
    PasskeyStore store, PasskeyParts parts, SignInThrottle throttle, DeviceSignIn devices, ILogger<PasskeySignIn> log)
{
    public async Task<Result<PasskeyCeremony>> BeginAsync()
    {
        if (!parts.Options.IsOn) return PasskeyFailures.NotConfigured();
        PasskeyChallenge challenge = await parts.Verifier.ChallengeToSignInAsync();
        return new PasskeyCeremony(parts.Ceremonies.SealSignIn(challenge.State), challenge.OptionsJson);
    }

    public async Task<Result<SignedIn>> ExecuteAsync(PasskeySignInInput input, CancellationToken ct)
    {
        if (!DeviceSignIn.TryDeviceName(input.DeviceName, out string deviceName, out Failure? bad)) return bad!;
        if (!PasskeyCredential.TryRead(input.Credential, out PasskeyCredential? credential, out bad)) return bad;
        if (throttle.IsOverLimit(input.RemoteAddress, out TimeSpan retryAfter)) return SignIn.RateLimited(retryAfter);
        if (parts.Ceremonies.TryOpenSignIn(input.Ceremony) is not { } ceremony) return PasskeyFailures.Over();

        PasskeyRow? known = await store.FindAsync(credential.Id, ct);
        PasskeyJudgement judgement = known is null
            ? new PasskeyJudgement(null)
            : await parts.Verifier.JudgeUseAsync(credential.Json, ceremony.State, known);
        if (PasskeyFailures.Of(judgement) is { } refused)
        {
            if (judgement.ForeignOrigin is null) throttle.AddressFailed(input.RemoteAddress); // that page is the operator's to set right
            return refused;
        }

        return await throttle.SignInAsync(
            SignIn.KeyOf(known!.PrincipalId), input.RemoteAddress, isPassword: false, isTried: static code => code != ErrorCode.AccountBlocked,
            () => UseAsync(known, judgement.Proven!, ceremony, deviceName));
    }

    private async Task<Result<SignedIn>> UseAsync(PasskeyRow known, ProvenPasskey proven, PasskeyCeremonies.Ceremony ceremony, string deviceName)
    {
        NewRefreshToken refresh = devices.CreateRefreshToken();
        PasskeyUse use = new(
            known.CredentialId, known.PrincipalId, ceremony.Hash, proven.SignCount, proven.IsBackedUp, deviceName, refresh.Hash, refresh.ExpiresAt);
        UsePasskeyOutcome outcome = await store.UseAsync(use, CancellationToken.None);
        switch (outcome.Status)
        {
            case UsePasskeyStatus.SignedIn:
                await devices.TellOthersAsync(known.PrincipalId, outcome.DeviceId, deviceName, CancellationToken.None);
                return devices.Complete(new Caller(known.PrincipalId, outcome.DeviceId, (PrincipalKind)outcome.Kind), outcome.Name, refresh);
            case UsePasskeyStatus.Blocked:
                return Failures.AccountBlocked();
            case UsePasskeyStatus.CounterBack:
                CounterWentBack(log, known.Id, known.PrincipalId, proven.SignCount);
                return PasskeyFailures.CounterBack();
            case UsePasskeyStatus.Removed:
                return PasskeyFailures.Unknown();
            default:
                return PasskeyFailures.Over();
        }
    }

    [LoggerMessage(
        EventId = EventIds.PasskeyCounterBack,
        Level = LogLevel.Warning,
        Message = "Passkey {PasskeyId} of account {PrincipalId} was refused: its counter of signatures went back to {SignCount}, there may be a copy of it")]
    private static partial void CounterWentBack(ILogger logger, long passkeyId, long principalId, long signCount);
}

/// <param name="RemoteAddress">Failures are counted by it.</param>
public sealed record PasskeySignInInput(string? Ceremony, JsonElement? Credential, string? DeviceName, string RemoteAddress)
{
    public override string ToString() => $"PasskeySignInInput {{ RemoteAddress = {RemoteAddress} }}";
}
