using Chat.Sdk.Rest;

namespace Chat.Sdk;

/// <summary>
/// One's own passkeys: what signs in with a finger or a PIN, in the place of the password and of a second step's code. Thread-safe. To sign in with
/// one: <see cref="AccountSession.SignInWithPasskeyAsync"/>.
/// </summary>
public sealed class PasskeysClient
{
    private readonly PasskeysRest _rest;

    internal PasskeysClient(PasskeysRest rest) => _rest = rest;

    /// <summary>Lets an authenticator make a passkey, and adds it to the account.</summary>
    /// <param name="name">What to call it, 1 to 64 characters.</param>
    /// <param name="password">The account's.</param>
    /// <param name="authenticator">
    /// Gets WebAuthn's <c>PublicKeyCredentialCreationOptionsJSON</c> and gives <c>RegistrationResponseJSON</c>, as the platform's passkey interface does.
    /// What it throws comes out as it is.
    /// </param>
    /// <param name="code">Where the account has a second step: what its app shows, or a recovery code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException">
    /// <c>sign_in_failed</c>, <c>code_invalid</c>, <c>passkey_refused</c>, <c>passkey_origin_refused</c>, <c>passkey_ceremony_over</c>,
    /// <c>invalid_argument</c> (there are as many as may be), <c>not_configured</c>, <c>rate_limited</c>.
    /// </exception>
    /// <exception cref="System.Text.Json.JsonException">What the authenticator gave is no JSON.</exception>
    public async Task<Passkey> AddAsync(
        string name, string password, Func<string, CancellationToken, Task<string>> authenticator, string? code = null,
        CancellationToken cancellationToken = default)
    {
        PasskeyCeremonyAnswer begun = await _rest.BeginAsync(new PasskeyProofBody(password, code), cancellationToken).ConfigureAwait(false);
        string credential = await authenticator(begun.Options.GetRawText(), cancellationToken).ConfigureAwait(false);
        return await _rest.AddAsync(new NewPasskeyBody(begun.Ceremony, PasskeysRest.Parse(credential), name), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The account's, the oldest first; at most ten.</summary>
    public async Task<IReadOnlyList<Passkey>> ListAsync(CancellationToken cancellationToken = default) =>
        (await _rest.ListAsync(cancellationToken).ConfigureAwait(false)).Items;

    /// <summary>Gives a passkey another name.</summary>
    /// <exception cref="ChatException"><c>passkey_not_found</c>, <c>invalid_argument</c>.</exception>
    public Task<Passkey> RenameAsync(long passkeyId, string name, CancellationToken cancellationToken = default) =>
        _rest.RenameAsync(passkeyId, new PasskeyNameBody(name), cancellationToken);

    /// <summary>Nobody signs in with it any more; devices that did stay signed in. One that is not there stays so.</summary>
    /// <param name="passkeyId">Which.</param>
    /// <param name="password">The account's.</param>
    /// <param name="code">Where the account has a second step: what its app shows, or a recovery code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException"><c>sign_in_failed</c>, <c>code_invalid</c>, <c>rate_limited</c>.</exception>
    public Task RemoveAsync(long passkeyId, string password, string? code = null, CancellationToken cancellationToken = default) =>
        _rest.RemoveAsync(passkeyId, new PasskeyProofBody(password, code), cancellationToken);
}

/// <param name="PasskeyId">Names it.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="LastUsedAt">When somebody last signed in with it; null for never.</param>
/// <param name="BackedUp">Whether its maker keeps a copy for its owner's other devices.</param>
public sealed record Passkey(long PasskeyId, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool BackedUp);
