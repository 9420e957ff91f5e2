namespace Chat.Sdk;

/// <summary>What a signed-in device keeps. The refresh token is a secret.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="AccessToken">For requests.</param>
/// <param name="AccessTokenExpiresAt">Its end.</param>
/// <param name="RefreshToken">Gets the next pair; works once.</param>
public sealed record StoredSignIn(
    long PrincipalId, string Name, long DeviceId, string AccessToken, DateTimeOffset AccessTokenExpiresAt, string RefreshToken);

/// <summary>Keeps a sign-in over restarts of the app.</summary>
public interface ITokenStore
{
    /// <summary>What was saved last, or null.</summary>
    ValueTask<StoredSignIn?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces what was saved. Called before the new tokens are used.</summary>
    ValueTask SaveAsync(StoredSignIn signIn, CancellationToken cancellationToken);

    /// <summary>Forgets it.</summary>
    ValueTask ClearAsync(CancellationToken cancellationToken);
}

/// <summary>Keeps a sign-in as long as the process lives. Thread-safe.</summary>
public sealed class MemoryTokenStore : ITokenStore
{
    private volatile StoredSignIn? _signIn;

    /// <inheritdoc/>
    public ValueTask<StoredSignIn?> LoadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_signIn);

    /// <inheritdoc/>
    public ValueTask SaveAsync(StoredSignIn signIn, CancellationToken cancellationToken)
    {
        _signIn = signIn;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ClearAsync(CancellationToken cancellationToken)
    {
        _signIn = null;
        return ValueTask.CompletedTask;
    }
}
