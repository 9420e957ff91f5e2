using Chat.Sdk.Rest;

namespace Chat.Sdk;

/// <summary>Verification of one's addresses, and the second step of one's sign-ins. Thread-safe.</summary>
public sealed class SecurityClient
{
    private readonly SecurityRest _rest;

    internal SecurityClient(SecurityRest rest) => _rest = rest;

    /// <summary>Sends a code to one's own e-mail address or phone number.</summary>
    /// <returns>Where it went, mostly hidden.</returns>
    /// <exception cref="ChatException"><c>rate_limited</c> (one was sent a moment ago), <c>not_configured</c>, <c>busy</c>.</exception>
    public async Task<string> SendVerificationAsync(AddressChannel channel, CancellationToken cancellationToken = default) =>
        (await _rest.SendVerificationAsync(new VerificationBody(NameOf(channel)), cancellationToken).ConfigureAwait(false)).To;

    /// <summary>Takes the code back: the address is verified. Of what is verified already any code will do.</summary>
    /// <exception cref="ChatException"><c>code_invalid</c>.</exception>
    public Task ConfirmVerificationAsync(AddressChannel channel, string code, CancellationToken cancellationToken = default) =>
        _rest.ConfirmVerificationAsync(new ConfirmationBody(NameOf(channel), code), cancellationToken);

    /// <summary>Whether sign-ins ask for a second step.</summary>
    public Task<TwoStepState> GetTwoStepAsync(CancellationToken cancellationToken = default) => _rest.GetTwoStepAsync(cancellationToken);

    /// <summary>Makes a secret for an authenticator app; nothing is asked for before <see cref="ConfirmTwoStepAsync"/>.</summary>
    /// <exception cref="ChatException"><c>sign_in_failed</c> (the password is wrong), <c>invalid_argument</c> (it is set up already), <c>rate_limited</c>.</exception>
    public Task<TwoStepSecret> BeginTwoStepAsync(string password, CancellationToken cancellationToken = default) =>
        _rest.BeginTwoStepAsync(new TwoStepBeginBody(password), cancellationToken);

    /// <summary>Takes the app's first code: from now on sign-ins ask for one.</summary>
    /// <returns>The recovery codes, which are not shown again.</returns>
    /// <exception cref="ChatException"><c>code_invalid</c>.</exception>
    public async Task<IReadOnlyList<string>> ConfirmTwoStepAsync(string code, CancellationToken cancellationToken = default) =>
        (await _rest.ConfirmTwoStepAsync(new TwoStepConfirmBody(code), cancellationToken).ConfigureAwait(false)).RecoveryCodes;

    /// <summary>Voids all recovery codes and makes new ones.</summary>
    /// <param name="password">The account's.</param>
    /// <param name="code">What the app shows, or a recovery code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException"><c>sign_in_failed</c>, <c>code_invalid</c>, <c>rate_limited</c>.</exception>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(string password, string code, CancellationToken cancellationToken = default) =>
        (await _rest.RenewRecoveryCodesAsync(new TwoStepProofBody(password, code), cancellationToken).ConfigureAwait(false)).RecoveryCodes;

    /// <summary>Lets sign-ins ask for the password alone again.</summary>
    /// <param name="password">The account's.</param>
    /// <param name="code">What the app shows, or a recovery code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException"><c>sign_in_failed</c>, <c>code_invalid</c>, <c>rate_limited</c>.</exception>
    public Task RemoveTwoStepAsync(string password, string code, CancellationToken cancellationToken = default) =>
        _rest.RemoveTwoStepAsync(new TwoStepProofBody(password, code), cancellationToken);

    private static string NameOf(AddressChannel channel) => channel == AddressChannel.Phone ? "phone" : "email";
}

/// <summary>Where a code is sent.</summary>
public enum AddressChannel
{
    /// <summary>The account's e-mail address.</summary>
    Email = 0,

    /// <summary>The account's phone number.</summary>
    Phone = 1,
}

/// <param name="Enabled">Whether sign-ins ask for a code.</param>
/// <param name="RecoveryCodesLeft">Recovery codes that are not used yet.</param>
public sealed record TwoStepState(bool Enabled, int RecoveryCodesLeft);

/// <param name="Secret">Base32, to type in.</param>
/// <param name="Uri">An otpauth URI, for a QR code.</param>
public sealed record TwoStepSecret(string Secret, string Uri);
