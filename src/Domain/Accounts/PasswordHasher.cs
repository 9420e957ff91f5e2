namespace Chat.Domain.Accounts;

/// <summary>
/// Hashes and compares passwords behind a gate: at most <see cref="PasswordOptions.MaxConcurrent"/> at a time, a bounded number waiting for
/// a bounded time, everyone else gets <c>busy</c>. Thread-safe.
/// </summary>
public sealed class PasswordHasher : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly PasswordOptions _options;
    private readonly TimeProvider _time;
    private readonly PasswordHash _nobody;
    private readonly SemaphoreSlim _gate;
    private int _waiting;
    private long _computations;

    public PasswordHasher(PasswordOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _nobody = PasswordHash.Dummy(options.Iterations);
        _gate = new SemaphoreSlim(options.MaxConcurrent, options.MaxConcurrent);
    }

    /// <summary>Hashes computed so far; lets a test see that an unknown account costs the same as a known one.</summary>
    internal long Computations => Volatile.Read(ref _computations);

    /// <summary>The places; lets a test take them all.</summary>
    internal SemaphoreSlim Gate => _gate;

    /// <summary>Hashes a new password; the text goes into <c>accounts.password_hash</c>.</summary>
    public async Task<Result<string>> HashAsync(string password, CancellationToken ct)
    {
        if (!await TryEnterAsync(ct)) return Failures.Busy(RetryAfter);

        try
        {
            Interlocked.Increment(ref _computations);
            return PasswordHash.Compute(password, _options.Iterations).ToString();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Compares a password with a stored hash. Null stands for an account that does not exist: same work, always false.</summary>
    public async Task<Result<bool>> VerifyAsync(string password, string? storedHash, CancellationToken ct)
    {
        if (!await TryEnterAsync(ct)) return Failures.Busy(RetryAfter);

        try
        {
            PasswordHash hash = PasswordHash.TryParse(storedHash, out PasswordHash? stored) ? stored : _nobody;
            bool tooLong = password.Length > PasswordRules.MaxChars; // never a password of ours, and not worth hashing
            Interlocked.Increment(ref _computations);
            bool matches = hash.Matches(tooLong ? string.Empty : password);
            return matches && !tooLong && !ReferenceEquals(hash, _nobody);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async ValueTask<bool> TryEnterAsync(CancellationToken ct)
    {
#pragma warning disable VSTHRD103 // a wait of zero takes a free place or none; it does not block
        if (_gate.Wait(0, CancellationToken.None)) return true;
#pragma warning restore VSTHRD103

        if (Interlocked.Increment(ref _waiting) > _options.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        using CancellationTokenSource patience = new(_options.MaxWait, _time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            await _gate.WaitAsync(both.Token);
            return true;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
