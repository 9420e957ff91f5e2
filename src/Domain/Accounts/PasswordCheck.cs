namespace Chat.Domain.Accounts;

/// <summary>Compares a password under the throttle: the attempt counts as failed until the throttle is told otherwise. Thread-safe.</summary>
public sealed class PasswordCheck(PasswordHasher hasher, SignInThrottle throttle)
{
    /// <param name="key">The account as <see cref="SignInThrottle"/> counts it.</param>
    /// <param name="address">The remote address.</param>
    /// <param name="password">What was given.</param>
    /// <param name="storedHash">Null for an account that does not exist: the same work, never right.</param>
    /// <param name="ct">Gives up.</param>
    internal Task<Result<bool>> ExecuteAsync(string key, string address, string password, string? storedHash, CancellationToken ct) =>
        throttle.AttemptAsync(key, address, () => hasher.VerifyAsync(password, storedHash, ct));
}
