using System.Collections.Concurrent;

namespace Chat.Domain.Search;

/// <summary>
/// Lets one search of a person run at a time on this node, and so many of all; who finds no place in a moment is told to come back. Thread-safe.
/// </summary>
public sealed class SearchGate(TimeProvider time) : IDisposable
{
    /// <summary>Searches at once on a node: as many as its connections for them.</summary>
    public const int MaxSearches = 3;

    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _places = new(MaxSearches);
    private readonly ConcurrentDictionary<long, byte> _searching = new();

    /// <summary>Runs the search, or says that it is to be tried again.</summary>
    public async Task<Result<T>> RunAloneAsync<T>(long principalId, Func<Task<Result<T>>> search, CancellationToken ct)
    {
        if (!_searching.TryAdd(principalId, 0)) return Failures.Busy(RetryAfter);
        try
        {
            return await RunAsync(search, ct);
        }
        finally
        {
            _searching.TryRemove(principalId, out _);
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<Result<T>> RunAsync<T>(Func<Task<Result<T>>> search, CancellationToken ct)
    {
        if (!await TakePlaceAsync(ct)) return Failures.Busy(RetryAfter);
        long started = time.GetTimestamp();
        try
        {
            return await search();
        }
        finally
        {
            _places.Release();
            SearchMetrics.Duration.Record(time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private async Task<bool> TakePlaceAsync(CancellationToken ct)
    {
        using CancellationTokenSource over = new(LongestWait, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, ct);
        try
        {
            await _places.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
