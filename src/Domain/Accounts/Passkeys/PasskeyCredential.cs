using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Chat.Domain.Accounts.Passkeys;

/// <summary>What an authenticator answered, of which only the size and the name of the passkey were looked at.</summary>
internal sealed record PasskeyCredential(string Json, byte[] Id)
{
    private const int MaxChars = 32_768;
    private const int MaxIdBytes = 1_023; // WebAuthn §4, credential id

    public static bool TryRead(JsonElement? input, [NotNullWhen(true)] out PasskeyCredential? credential, [NotNullWhen(false)] out Failure? failure)
    {
        credential = null;
        failure = Failures.Invalid("credential", "credential is missing or no PublicKeyCredential: send the JSON of what navigator.credentials gave.");
        if (input is not { ValueKind: JsonValueKind.Object } value) return false;

        string json = value.GetRawText();
        if (json.Length > MaxChars)
        {
            failure = Failures.Invalid("credential", $"credential has {json.Length} characters, at most {MaxChars} are allowed: ask for no attestation.");
            return false;
        }

        if (!value.TryGetProperty("id", out JsonElement id) || id.ValueKind != JsonValueKind.String) return false;
        if (TryReadId(id) is not { Length: > 0 and <= MaxIdBytes } bytes) return false;
        (credential, failure) = (new PasskeyCredential(json, bytes), null);
        return true;
    }

    private static byte[]? TryReadId(JsonElement id)
    {
        string text;
        try
        {
            text = id.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return null; // an escaped half of a surrogate pair: no text
        }

        return Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
    }
}
