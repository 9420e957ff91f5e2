using Chat.Sdk.Connection;

namespace Chat.Sdk;

/// <summary>Says how often a call of an upload is made again after a passing failure, and when. One upload.</summary>
internal sealed class UploadPatience(TimeProvider time, Backoff backoff)
{
    /// <summary>Failures in a row; with the pauses of <see cref="Backoff"/> about half a minute.</summary>
    private const int MaxFailures = 8;

    private int _failures;

    /// <summary>The upload came further: the count begins anew. That a question was answered is no such thing.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Waits before the next attempt; throws what failed when it makes no sense, or was tried often enough.</summary>
    public async Task WaitAsync(ChatException failure, CancellationToken ct)
    {
        if (!failure.Retryable || ++_failures > MaxFailures) throw failure;

        TimeSpan pause = backoff.Next(_failures - 1);
        if (failure.RetryAfter is { } told && told > pause) pause = told;
        await Task.Delay(pause, time, ct).ConfigureAwait(false);
    }

    /// <summary>Makes a call until it goes well.</summary>
    public async Task<T> InsistAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await call(ct).ConfigureAwait(false);
            }
            catch (ChatException failure)
            {
                await WaitAsync(failure, ct).ConfigureAwait(false);
            }
        }
    }
}
