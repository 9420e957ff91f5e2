using Chat.Domain.Limits;
using Chat.Protocol.Codes;

namespace Chat.Domain.Accounts;

/// <summary>
/// Slows the guessing of passwords (promises 4.1), and whoever signs one account in over and over: failures are counted per account,
/// whether it exists or not, and per remote address. An attempt counts as failed from its start, so that many at once find no gap; success
/// takes it back. Thread-safe.
/// </summary>
/// <remarks>
/// An address from which the account was signed in before has a window of its own, so that a stranger who fails on purpose does not lock the
/// owner out.
/// </remarks>
public sealed class SignInThrottle(SignInThrottleOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly FailureWindows _accounts = new(options.MaxPerAccount, options.AccountWindow, options.MaxRemembered, time);
    private readonly FailureWindows _addresses = new(options.MaxPerAddress, options.AddressWindow, options.MaxRemembered, time);
    private readonly FailureWindows _signIns = new(options.MaxPerMinute, TimeSpan.FromMinutes(1), options.MaxRemembered, time);
    private readonly RecentKeys _homes = new(options.MaxRemembered);

    /// <summary>Accounts and addresses held in memory now.</summary>
    internal int Remembered
    {
        get
        {
            lock (_gate) return _accounts.Count + _addresses.Count + _signIns.Count + _homes.Count;
        }
    }

    /// <summary>Signs an account in, if it may be once more from the address, and does not count what was not tried after all.</summary>
    /// <param name="account">As for <see cref="TryBegin"/>.</param>
    /// <param name="address">The remote address.</param>
    /// <param name="isPassword">As for <see cref="JudgeSignIn"/>.</param>
    /// <param name="isTried">Whether a refusal was one of what was shown: others are of the moment or of the account, and nothing thrown is.</param>
    /// <param name="signIn">Does it.</param>
    internal async Task<Result<SignedIn>> SignInAsync(
        string account, string address, bool isPassword, Func<ErrorCode, bool> isTried, Func<Task<Result<SignedIn>>> signIn)
    {
        if (JudgeSignIn(account, address, isPassword, out bool isCounted) is { } limited) return limited;

        bool stays = false;
        try
        {
            Result<SignedIn> outcome = await signIn();
            stays = outcome.IsOk || isTried(outcome.Failure.Code);
            return outcome;
        }
        finally
        {
            if (isCounted && !stays) TakeBackSignIn(account, address);
        }
    }

    /// <summary>
    /// Null when the account may be signed in from the address once more, which counts whether it succeeds or not. Counted
    /// for the two together, so that nobody elsewhere keeps the owner out, and one office signs all of its people in.
    /// </summary>
    /// <param name="account">As for <see cref="TryBegin"/>.</param>
    /// <param name="address">The remote address.</param>
    /// <param name="isPassword">Whether <see cref="TryBegin"/> is asked next: then the longer of both waits is told, there. A passkey is no guess.</param>
    /// <param name="isCounted">Whether there is something for <see cref="TakeBackSignIn"/>.</param>
    internal Failure? JudgeSignIn(string account, string address, bool isPassword, out bool isCounted)
    {
        isCounted = false;
        if (options.MaxPerMinute == 0) return null;

        address = RemoteAddress.Normalize(address);
        string key = HomeKey(account, address);
        long now = time.GetTimestamp();
        lock (_gate)
        {
            TimeSpan wait = _signIns.WaitFor(key, now);
            if (isPassword && WaitForFailures(account, address, now) > wait) return null; // the attempt is told so, and how much longer that takes
            if (wait > TimeSpan.Zero)
            {
                LimitMetrics.Limited("sign_in");
                return new Failure(ErrorCode.RateLimited, "This account was signed in too often: wait for retry_after_ms, then try again.", wait);
            }

            _signIns.Add(key, now);
            isCounted = true;
            return null;
        }
    }

    /// <summary>A sign-in that was counted was not tried (busy, storage down), or made no device though the password or the passkey was right.</summary>
    internal void TakeBackSignIn(string account, string address)
    {
        address = RemoteAddress.Normalize(address);
        lock (_gate) _signIns.TakeBack(HomeKey(account, address));
    }

    /// <summary>Asks for one attempt and counts it as failed until <see cref="Succeeded"/> or <see cref="TakeBack"/>.</summary>
    /// <param name="account">The account's id, or the normalised login of an account that does not exist.</param>
    /// <param name="address">The remote address.</param>
    /// <param name="retryAfter">When false is returned: the wait until an attempt is borne again.</param>
    public bool TryBegin(string account, string address, out TimeSpan retryAfter)
    {
        address = RemoteAddress.Normalize(address);
        long now = time.GetTimestamp();
        lock (_gate)
        {
            retryAfter = WaitForFailures(account, address, now);
            if (retryAfter > TimeSpan.Zero) return false;

            _accounts.Add(AccountKey(account, address), now);
            _addresses.Add(address, now);
            return true;
        }
    }

    /// <summary>The password was right: the account starts anew, and the address gets this attempt back.</summary>
    public void Succeeded(string account, string address)
    {
        address = RemoteAddress.Normalize(address);
        lock (_gate)
        {
            _accounts.Reset(AccountKey(account, address));
            _addresses.TakeBack(address);
            _homes.Add(HomeKey(account, address));
        }
    }

    /// <summary>The attempt was not judged (busy, storage down): it was no guess.</summary>
    public void TakeBack(string account, string address)
    {
        address = RemoteAddress.Normalize(address);
        lock (_gate)
        {
            _accounts.TakeBack(AccountKey(account, address));
            _addresses.TakeBack(address);
        }
    }

    /// <summary>
    /// Makes one attempt. It counts as failed until <see cref="Succeeded"/> or <see cref="TakeBack"/>, and not at all if it was not judged:
    /// busy, storage down, or nothing that could be a guess.
    /// </summary>
    internal async Task<Result<T>> AttemptAsync<T>(string account, string address, Func<Task<Result<T>>> judge)
    {
        if (!TryBegin(account, address, out TimeSpan retryAfter)) return SignIn.RateLimited(retryAfter);

        bool isJudged = false;
        try
        {
            Result<T> judged = await judge();
            isJudged = judged.IsOk || judged.Failure.Code == ErrorCode.CodeInvalid;
            return judged;
        }
        finally
        {
            if (!isJudged) TakeBack(account, address);
        }
    }

    /// <summary>True when the address may not probe any more; counts nothing.</summary>
    public bool IsOverLimit(string address, out TimeSpan retryAfter)
    {
        address = RemoteAddress.Normalize(address);
        lock (_gate)
        {
            retryAfter = _addresses.WaitFor(address, time.GetTimestamp());
            return retryAfter > TimeSpan.Zero;
        }
    }

    /// <summary>Counts a probe that names no account to guess at, such as a registration of an e-mail address that is taken.</summary>
    public void AddressFailed(string address)
    {
        address = RemoteAddress.Normalize(address);
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_addresses.WaitFor(address, now) == TimeSpan.Zero) _addresses.Add(address, now);
        }
    }

    /// <summary>Nobody has guessed at this account: it has another password. What its guessers' addresses did stays.</summary>
    public void Forget(string account)
    {
        lock (_gate)
        {
            _accounts.Reset(account);
            _accounts.ResetAll(HomeKey(account, ""));
        }
    }

    private TimeSpan WaitForFailures(string account, string address, long now)
    {
        TimeSpan ofAccount = _accounts.WaitFor(AccountKey(account, address), now), ofAddress = _addresses.WaitFor(address, now);
        return ofAccount > ofAddress ? ofAccount : ofAddress;
    }

    private string AccountKey(string account, string address)
    {
        string home = HomeKey(account, address);
        return _homes.Contains(home) ? home : account;
    }

    private static string HomeKey(string account, string address) => $"{account}\n{address}";
}
