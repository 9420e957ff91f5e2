namespace Chat.Domain.Accounts;

/// <summary>Compares a password under the throttle: the attempt counts as failed until the throttle is told otherwise. Thread-safe.</summary>
public sealed class PasswordCheck(PasswordHasher hasher, SignInThrottle throttle)
{
    /// <param name="key">The account as <see cref="SignInThrottle"/> counts it.</param>
    /// <param name="address">The remote address.</param>
    /// <param name="password">What was given.</param>
    /// <param name="storedHash">Null for an account that does not exist: the same work, never right.</param>
    /// <param name="ct">Gives up.</param>
    internal async Task<Result<bool>> ExecuteAsync(string key, string address, string password, string? storedHash, CancellationToken ct)
    {
        if (!throttle.TryBegin(key, address, out TimeSpan retryAfter)) return SignIn.RateLimited(retryAfter);

        bool judged = false;
        try
        {
            Result<bool> verified = await hasher.VerifyAsync(password, storedHash, ct);
            judged = verified.IsOk;
            return verified;
        }
        finally
        {
            if (!judged) throttle.TakeBack(key, address); // busy or cancelled: no guess was made
        }
    }
}
