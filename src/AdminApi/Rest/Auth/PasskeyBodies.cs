using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Chat.Domain.Accounts.Passkeys;
using Chat.Storage.Accounts;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>A passkey that was made.</summary>
internal sealed record NewPasskeyBody
{
    /// <summary>The ceremony of beginPasskey, unchanged.</summary>
    [Required]
    public string? Ceremony { get; init; }

    /// <summary>The PublicKeyCredential that the authenticator gave, as JSON (RegistrationResponseJSON of WebAuthn).</summary>
    [Required]
    public JsonElement? Credential { get; init; }

    /// <summary>What to call it in the list of passkeys, 1 to 64 characters.</summary>
    [Required]
    public string? Name { get; init; }
}

/// <summary>Another name of a passkey.</summary>
internal sealed record PasskeyNameBody
{
    /// <summary>The name, 1 to 64 characters.</summary>
    [Required]
    public string? Name { get; init; }
}

/// <summary>A sign-in by a passkey.</summary>
internal sealed record PasskeySignInBody
{
    /// <summary>The ceremony of beginPasskeySignIn, unchanged.</summary>
    [Required]
    public string? Ceremony { get; init; }

    /// <summary>The PublicKeyCredential that the authenticator gave, as JSON (AuthenticationResponseJSON of WebAuthn).</summary>
    [Required]
    public JsonElement? Credential { get; init; }

    /// <summary>What to call this device in the list of devices.</summary>
    public string? DeviceName { get; init; }
}

/// <summary>What an authenticator is asked to sign.</summary>
internal sealed record PasskeyCeremonyResource
{
    /// <summary>To be given back with the answer, unchanged. Good for five minutes and one success.</summary>
    public required string Ceremony { get; init; }

    /// <summary>For the authenticator: PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON of WebAuthn.</summary>
    public required JsonElement Options { get; init; }

    public static PasskeyCeremonyResource From(PasskeyCeremony begun)
    {
        using JsonDocument options = JsonDocument.Parse(begun.OptionsJson);
        return new PasskeyCeremonyResource { Ceremony = begun.Text, Options = options.RootElement.Clone() };
    }
}

/// <summary>One's own passkey.</summary>
internal sealed record PasskeyResource
{
    /// <summary>The passkey's id.</summary>
    public required long PasskeyId { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody last signed in with it, if ever.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Whether its maker keeps a copy of it for its owner's other devices.</summary>
    public required bool BackedUp { get; init; }

    public static PasskeyResource From(PasskeyRow row) => new()
    {
        PasskeyId = row.Id,
        Name = row.Name,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
        LastUsedAt = row.LastUsedAtMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        BackedUp = row.IsBackedUp,
    };
}
