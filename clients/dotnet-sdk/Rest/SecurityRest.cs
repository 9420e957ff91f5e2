using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Chat.Sdk.Rest;

/// <summary>Verification and the second step over REST. Thread-safe.</summary>
internal sealed class SecurityRest(RestClient rest, SignedInCalls calls)
{
    private static SecurityJson Json => SecurityJson.Default;

    public Task<CodeSentAnswer> SendVerificationAsync(VerificationBody body, CancellationToken ct) =>
        AskAsync("verification", body, Json.VerificationBody, Json.CodeSentAnswer, ct);

    public Task ConfirmVerificationAsync(ConfirmationBody body, CancellationToken ct) =>
        DoAsync("verification/confirm", body, Json.ConfirmationBody, ct);

    public Task<TwoStepState> GetTwoStepAsync(CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<TwoStepProofBody, TwoStepState>(HttpMethod.Get, "auth/two-step", null, null, Json.TwoStepState, bearer, ct), ct);

    public Task<TwoStepSecret> BeginTwoStepAsync(TwoStepBeginBody body, CancellationToken ct) =>
        AskAsync("two-step", body, Json.TwoStepBeginBody, Json.TwoStepSecret, ct);

    public Task<RecoveryCodesAnswer> ConfirmTwoStepAsync(TwoStepConfirmBody body, CancellationToken ct) =>
        AskAsync("two-step/confirm", body, Json.TwoStepConfirmBody, Json.RecoveryCodesAnswer, ct);

    public Task<RecoveryCodesAnswer> RenewRecoveryCodesAsync(TwoStepProofBody body, CancellationToken ct) =>
        AskAsync("two-step/recovery-codes", body, Json.TwoStepProofBody, Json.RecoveryCodesAnswer, ct);

    public Task RemoveTwoStepAsync(TwoStepProofBody body, CancellationToken ct) => DoAsync("two-step/remove", body, Json.TwoStepProofBody, ct);

    private Task<TAnswer> AskAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken ct)
        where TBody : class =>
        calls.AskAsync(bearer => rest.SendAsync(HttpMethod.Post, "auth/" + path, body, bodyType, answerType, bearer, ct), ct);

    private Task DoAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken ct)
        where TBody : class =>
        calls.DoAsync(bearer => rest.SendOnlyAsync(HttpMethod.Post, "auth/" + path, body, bodyType, bearer, ct), ct);
}

internal sealed record VerificationBody(string Channel);

internal sealed record ConfirmationBody(string Channel, string Code);

internal sealed record CodeSentAnswer(string To);

internal sealed record TwoStepBeginBody(string Password);

internal sealed record TwoStepConfirmBody(string Code);

internal sealed record TwoStepProofBody(string Password, string Code);

internal sealed record RecoveryCodesAnswer(IReadOnlyList<string> RecoveryCodes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerificationBody))]
[JsonSerializable(typeof(ConfirmationBody))]
[JsonSerializable(typeof(CodeSentAnswer))]
[JsonSerializable(typeof(TwoStepState))]
[JsonSerializable(typeof(TwoStepSecret))]
[JsonSerializable(typeof(TwoStepBeginBody))]
[JsonSerializable(typeof(TwoStepConfirmBody))]
[JsonSerializable(typeof(TwoStepProofBody))]
[JsonSerializable(typeof(RecoveryCodesAnswer))]
internal sealed partial class SecurityJson : JsonSerializerContext;
