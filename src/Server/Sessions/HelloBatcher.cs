using System.Threading.Channels;
using Chat.Storage.Accounts;

namespace Chat.Server.Sessions;

/// <summary>
/// Reads the memberships of all sign-ins that wait in one query, as the batch writer does for writes: ten thousand sessions that come
/// back at once cost a few dozen queries (architecture decision D6).
/// </summary>
internal sealed class HelloBatcher(SessionStore store, ILogger<HelloBatcher> log) : IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private Task _loop = Task.CompletedTask;
    private int _count;

    /// <summary>Sign-ins that wait for the database, those in the batch under way included.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>What the database knows of a session; null when the device is unknown or revoked.</summary>
    /// <exception cref="SignInUnavailableException">The database does not answer.</exception>
    public Task<SessionSeed?> ReadAsync(SessionKey key)
    {
        Waiting waiting = new(key, new TaskCompletionSource<SessionSeed?>(TaskCreationOptions.RunContinuationsAsynchronously));
        if (_waiting.Writer.TryWrite(waiting)) Interlocked.Increment(ref _count);
        else waiting.Result.SetException(new SignInUnavailableException("The node is stopping."));
        return waiting.Result.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        List<Waiting> batch = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out Waiting? waiting)) batch.Add(waiting);
            await ReadBatchAsync(batch);
            Interlocked.Add(ref _count, -batch.Count);
        }
    }

    private async Task ReadBatchAsync(List<Waiting> batch)
    {
        try
        {
            IReadOnlyList<SessionSeed?> seeds = await store.ReadAsync([.. batch.Select(waiting => waiting.Key)], CancellationToken.None);
            for (int i = 0; i < batch.Count; i++) batch[i].Result.TrySetResult(seeds[i]);
        }
        catch (Exception fault) // of whatever kind: this loop serves every sign-in of the node
        {
            SessionLog.HelloReadFailed(log, fault, batch.Count);
            foreach (Waiting waiting in batch)
                waiting.Result.TrySetException(new SignInUnavailableException("The database does not answer.", fault));
        }
    }

    private sealed record Waiting(SessionKey Key, TaskCompletionSource<SessionSeed?> Result);
}
