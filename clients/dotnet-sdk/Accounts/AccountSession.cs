using Chat.Protocol.Codes;
using Chat.Sdk.Rest;

namespace Chat.Sdk;

/// <summary>
/// A signed-in device: gives access tokens, renews them by itself, and renews only once however many ask. Thread-safe.
/// Give <see cref="TokenAsync"/> to <see cref="ChatClientOptions.Token"/>.
/// </summary>
public sealed class AccountSession : IDisposable
{
    /// <summary>A token this close to its end is renewed before it is used.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly RestClient _rest;
    private readonly AccountOptions _options;
    private readonly HttpClient? _ownHttp;
    private readonly Lock _gate = new();
    private StoredSignIn _signIn;
    private Task<StoredSignIn>? _refreshing;

    private AccountSession(RestClient rest, HttpClient? ownHttp, AccountOptions options, StoredSignIn signIn) =>
        (_rest, _ownHttp, _options, _signIn) = (rest, ownHttp, options, signIn);

    /// <summary>The person who is signed in.</summary>
    public long PrincipalId => Current.PrincipalId;

    /// <summary>Their name.</summary>
    public string Name => Current.Name;

    /// <summary>This device.</summary>
    public long DeviceId => Current.DeviceId;

    private StoredSignIn Current => Volatile.Read(ref _signIn);

    /// <summary>Signs in by e-mail or phone.</summary>
    /// <exception cref="ChatException">
    /// <c>sign_in_failed</c>, <c>second_factor_required</c> (sign in again with <see cref="AccountOptions.SecondStepCode"/>),
    /// <c>code_invalid</c>, <c>account_blocked</c>, <c>rate_limited</c>, or the service cannot be reached.
    /// </exception>
    public static Task<AccountSession> SignInAsync(
        Uri url, string login, string password, AccountOptions? options = null, CancellationToken cancellationToken = default)
    {
        AccountOptions known = options ?? new AccountOptions();
        return OpenAsync(url, known, rest => rest.SendAsync(
            HttpMethod.Post, "auth/login", new LoginBody(login, password, known.SecondStepCode, known.DeviceName), RestJson.Default.LoginBody,
            RestJson.Default.SignedInAnswer, null, cancellationToken), cancellationToken);
    }

    /// <summary>Signs in by e-mail or phone.</summary>
    /// <exception cref="ChatException"><c>sign_in_failed</c>, <c>account_blocked</c>, <c>rate_limited</c>, or the service cannot be reached.</exception>
    public static Task<AccountSession> SignInAsync(
        string url, string login, string password, AccountOptions? options = null, CancellationToken cancellationToken = default) =>
        SignInAsync(new Uri(url), login, password, options, cancellationToken);

    /// <summary>Signs in with a passkey that the person chooses: neither password nor code is asked for.</summary>
    /// <param name="url">The server's base address.</param>
    /// <param name="authenticator">
    /// Gets WebAuthn's <c>PublicKeyCredentialRequestOptionsJSON</c> and gives <c>AuthenticationResponseJSON</c>, as the platform's passkey interface does.
    /// What it throws comes out as it is.
    /// </param>
    /// <param name="options">How the session is kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException">
    /// <c>passkey_refused</c>, <c>passkey_origin_refused</c>, <c>passkey_ceremony_over</c> (try again), <c>account_blocked</c>, <c>not_configured</c>,
    /// <c>rate_limited</c>, or the service cannot be reached.
    /// </exception>
    /// <exception cref="System.Text.Json.JsonException">What the authenticator gave is no JSON.</exception>
    public static Task<AccountSession> SignInWithPasskeyAsync(
        Uri url, Func<string, CancellationToken, Task<string>> authenticator, AccountOptions? options = null, CancellationToken cancellationToken = default)
    {
        AccountOptions known = options ?? new AccountOptions();
        return OpenAsync(url, known, rest => PasskeysRest.SignInAsync(rest, authenticator, known.DeviceName, cancellationToken), cancellationToken);
    }

    /// <summary>Makes an account and signs in.</summary>
    /// <exception cref="ChatException"><c>account_exists</c>, <c>invalid_argument</c>, or the service cannot be reached.</exception>
    public static Task<AccountSession> RegisterAsync(
        Uri url, string name, string? email, string? phone, string password, AccountOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        AccountOptions known = options ?? new AccountOptions();
        return OpenAsync(url, known, rest => rest.SendAsync(
            HttpMethod.Post, "auth/register", new RegisterBody(name, email, phone, password, known.DeviceName),
            RestJson.Default.RegisterBody, RestJson.Default.SignedInAnswer, null, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Sends a code for a new password to the e-mail address or phone number, if an account has it; whether one has is not said.
    /// </summary>
    /// <exception cref="ChatException"><c>rate_limited</c>, <c>busy</c>, <c>not_configured</c>, or the service cannot be reached.</exception>
    public static Task ForgotPasswordAsync(Uri url, string login, HttpClient? httpClient = null, CancellationToken cancellationToken = default) =>
        AskAsync(url, httpClient, rest => rest.SendOnlyAsync(
            HttpMethod.Post, "auth/password/forgot", new ForgotBody(login), RestJson.Default.ForgotBody, null, cancellationToken));

    /// <summary>Sets the new password with the code, and signs all devices out.</summary>
    /// <exception cref="ChatException"><c>code_invalid</c>, <c>account_blocked</c>, <c>invalid_argument</c>, <c>rate_limited</c>, or the service cannot be reached.</exception>
    public static Task ResetPasswordAsync(
        Uri url, string login, string code, string newPassword, HttpClient? httpClient = null, CancellationToken cancellationToken = default) =>
        AskAsync(url, httpClient, rest => rest.SendOnlyAsync(
            HttpMethod.Post, "auth/password/reset", new ResetBody(login, code, newPassword), RestJson.Default.ResetBody, null, cancellationToken));

    /// <summary>Goes on with the sign-in that <see cref="AccountOptions.Store"/> holds; null when it holds none. No request is made.</summary>
    public static async Task<AccountSession?> RestoreAsync(Uri url, AccountOptions options, CancellationToken cancellationToken = default)
    {
        StoredSignIn? stored = await options.Store.LoadAsync(cancellationToken).ConfigureAwait(false);
        if (stored is null) return null;

        HttpClient? ownHttp = options.HttpClient is null ? new HttpClient() : null;
        return new AccountSession(new RestClient(options.HttpClient ?? ownHttp!, url), ownHttp, options, stored);
    }

    /// <summary>An access token, renewed if it ends soon or <paramref name="why"/> says that the last one will not do.</summary>
    /// <exception cref="ChatException"><c>refresh_token_invalid</c>: sign in again. <c>account_blocked</c>: by the operator. Others are worth another try.</exception>
    public async ValueTask<string> TokenAsync(TokenReason why, CancellationToken cancellationToken = default)
    {
        StoredSignIn held = Current;
        bool isFresh = held.AccessTokenExpiresAt - _options.TimeProvider.GetUtcNow() > Margin;
        if (why == TokenReason.Connect && isFresh) return held.AccessToken;

        Task<StoredSignIn> refreshing;
        lock (_gate)
        {
            // Another caller renewed it since this one looked: that one will do.
            if (_refreshing is null && _signIn != held) return _signIn.AccessToken;

            refreshing = _refreshing ??= Task.Run(RefreshAsync, CancellationToken.None);
        }

        return (await refreshing.WaitAsync(cancellationToken).ConfigureAwait(false)).AccessToken;
    }

    /// <summary>Signs this device out; its connections are cut.</summary>
    public Task SignOutAsync(CancellationToken cancellationToken = default) => EndAsync("auth/logout", cancellationToken);

    /// <summary>Signs all devices of the account out, this one included.</summary>
    public Task SignOutEverywhereAsync(CancellationToken cancellationToken = default) =>
        EndAsync("auth/logout-everywhere", cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _ownHttp?.Dispose();

    private static async Task<AccountSession> OpenAsync(
        Uri url, AccountOptions options, Func<RestClient, Task<SignedInAnswer>> signIn, CancellationToken ct)
    {
        HttpClient? ownHttp = options.HttpClient is null ? new HttpClient() : null;
        try
        {
            var rest = new RestClient(options.HttpClient ?? ownHttp!, url);
            StoredSignIn stored = ToStored(await signIn(rest).ConfigureAwait(false));
            await options.Store.SaveAsync(stored, ct).ConfigureAwait(false);
            return new AccountSession(rest, ownHttp, options, stored);
        }
        catch
        {
            ownHttp?.Dispose();
            throw;
        }
    }

    private static async Task AskAsync(Uri url, HttpClient? httpClient, Func<RestClient, Task> ask)
    {
        using HttpClient? ownHttp = httpClient is null ? new HttpClient() : null;
        await ask(new RestClient(httpClient ?? ownHttp!, url)).ConfigureAwait(false);
    }

    private async Task<StoredSignIn> RefreshAsync()
    {
        try
        {
            SignedInAnswer answer = await _rest.SendAsync(
                HttpMethod.Post, "auth/refresh", new RefreshBody(Current.RefreshToken), RestJson.Default.RefreshBody,
                RestJson.Default.SignedInAnswer, null, CancellationToken.None).ConfigureAwait(false);
            StoredSignIn fresh = ToStored(answer);

            // Saved first: the old refresh token is used up, and an app that stops here must find the new one.
            await _options.Store.SaveAsync(fresh, CancellationToken.None).ConfigureAwait(false);
            Volatile.Write(ref _signIn, fresh);
            return fresh;
        }
        finally
        {
            lock (_gate) _refreshing = null;
        }
    }

    private async Task EndAsync(string path, CancellationToken ct)
    {
        try
        {
            string token = await TokenAsync(TokenReason.Connect, ct).ConfigureAwait(false);
            await _rest.SendOnlyAsync<RefreshBody>(HttpMethod.Post, path, null, null, token, ct).ConfigureAwait(false);
        }
        catch (ChatException over) when (over.Code is (int)ErrorCode.TokenInvalid or (int)ErrorCode.RefreshTokenInvalid or (int)ErrorCode.AccountBlocked)
        {
            // Signed out already, elsewhere or by time: that is what was asked.
        }

        await _options.Store.ClearAsync(ct).ConfigureAwait(false);
    }

    private static StoredSignIn ToStored(SignedInAnswer answer)
    {
        SignedInTokens tokens = answer.Data;
        return new StoredSignIn(
            tokens.User.PrincipalId, tokens.User.Name, tokens.DeviceId, tokens.Token, tokens.ExpiresAt, tokens.RefreshToken);
    }
}
