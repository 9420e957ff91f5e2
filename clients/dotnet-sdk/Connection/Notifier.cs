using System.Threading.Channels;

namespace Chat.Sdk.Connection;

/// <summary>
/// Runs the app's handlers one after another on a task of their own, so that they may call the client back and take their time, and no
/// lock of ours is held meanwhile. Thread-safe.
/// </summary>
internal sealed class Notifier : IAsyncDisposable
{
    private readonly Channel<Action> _queue = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;

    public Notifier() => _loop = Task.Run(RunAsync);

    /// <summary>Told of what an app's handler threw; the following handlers run all the same.</summary>
    public event Action<Exception>? HandlerFailed;

    public void Post(Action handlerCall) => _queue.Writer.TryWrite(handlerCall);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await foreach (Action call in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                call();
            }
#pragma warning disable CA1031 // the app's handlers may throw anything; it is reported, and must not silence the client
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Report(fault);
            }
        }
    }

    /// <summary>Tells of what went wrong where nobody waits for it.</summary>
    public void Report(Exception fault)
    {
        try
        {
            HandlerFailed?.Invoke(fault);
        }
#pragma warning disable CA1031 // the handler of last resort is the app's too; there is no one left to tell
        catch (Exception)
#pragma warning restore CA1031
        {
            // The handlers behind it run all the same.
        }
    }
}
