using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Sdk.Rest;

/// <summary>Passkeys over REST. Thread-safe.</summary>
internal sealed class PasskeysRest(RestClient rest, SignedInCalls calls)
{
    private const string Path = "auth/passkeys";

    private static PasskeysJson Json => PasskeysJson.Default;

    public Task<PasskeyCeremonyAnswer> BeginAsync(PasskeyProofBody proof, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(HttpMethod.Post, Path + "/options", proof, Json.PasskeyProofBody, Json.PasskeyCeremonyAnswer, bearer, ct), ct);

    public Task<Passkey> AddAsync(NewPasskeyBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(HttpMethod.Post, Path, body, Json.NewPasskeyBody, Json.Passkey, bearer, ct), ct);

    public Task<PasskeysAnswer> ListAsync(CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<PasskeyNameBody, PasskeysAnswer>(HttpMethod.Get, Path, null, null, Json.PasskeysAnswer, bearer, ct), ct);

    public Task<Passkey> RenameAsync(long passkeyId, PasskeyNameBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(HttpMethod.Patch, $"{Path}/{passkeyId}", body, Json.PasskeyNameBody, Json.Passkey, bearer, ct), ct);

    public Task RemoveAsync(long passkeyId, PasskeyProofBody proof, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(HttpMethod.Post, $"{Path}/{passkeyId}/remove", proof, Json.PasskeyProofBody, bearer, ct), ct);

    /// <summary>The two calls of a sign-in, with what the authenticator gives in between.</summary>
    public static async Task<SignedInAnswer> SignInAsync(
        RestClient rest, Func<string, CancellationToken, Task<string>> authenticator, string? deviceName, CancellationToken ct)
    {
        PasskeyCeremonyAnswer begun = await rest.SendAsync<PasskeySignInBody, PasskeyCeremonyAnswer>(
            HttpMethod.Post, "auth/passkey-sign-in/options", null, null, Json.PasskeyCeremonyAnswer, null, ct).ConfigureAwait(false);
        string credential = await authenticator(begun.Options.GetRawText(), ct).ConfigureAwait(false);
        PasskeySignInBody body = new(begun.Ceremony, Parse(credential), deviceName);
        return await rest.SendAsync(
            HttpMethod.Post, "auth/passkey-sign-in", body, Json.PasskeySignInBody, RestJson.Default.SignedInAnswer, null, ct).ConfigureAwait(false);
    }

    internal static JsonElement Parse(string credentialJson)
    {
        using JsonDocument document = JsonDocument.Parse(credentialJson);
        return document.RootElement.Clone();
    }
}

internal sealed record PasskeyProofBody(string Password, string? Code);

internal sealed record PasskeyCeremonyAnswer(string Ceremony, JsonElement Options);

internal sealed record NewPasskeyBody(string Ceremony, JsonElement Credential, string Name);

internal sealed record PasskeyNameBody(string Name);

internal sealed record PasskeySignInBody(string Ceremony, JsonElement Credential, string? DeviceName);

internal sealed record PasskeysAnswer(IReadOnlyList<Passkey> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PasskeyProofBody))]
[JsonSerializable(typeof(PasskeyCeremonyAnswer))]
[JsonSerializable(typeof(NewPasskeyBody))]
[JsonSerializable(typeof(PasskeyNameBody))]
[JsonSerializable(typeof(PasskeySignInBody))]
[JsonSerializable(typeof(Passkey))]
[JsonSerializable(typeof(PasskeysAnswer))]
internal sealed partial class PasskeysJson : JsonSerializerContext;
