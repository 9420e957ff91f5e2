using StackExchange.Redis;

namespace Chat.Server.Cluster;

/// <summary>
/// Hears why one attempt to connect fails: StackExchange.Redis throws the same exception for most causes and tells the cause only to its
/// logger. Everything else that it logs is left unread. Thread-safe.
/// </summary>
internal sealed class RedisAttemptLog : ILoggerFactory, ILogger
{
    /// <summary>The cause is logged on another thread than the one that throws.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource<Exception> _cause = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first cause that was logged, or what was thrown when there is none, as after a time-out.</summary>
    /// <param name="thrown">By the attempt.</param>
    public async Task<Exception> CauseAsync(Exception thrown, TimeProvider time)
    {
        await ((Task)_cause.Task).WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _cause.Task.IsCompletedSuccessfully ? await _cause.Task : thrown;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error && !_cause.Task.IsCompleted;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is RedisConnectionException or IOException or System.Security.Authentication.AuthenticationException)
            _cause.TrySetResult(exception);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
