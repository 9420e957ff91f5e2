using Chat.Chaos.History;
using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>
/// One device that listens on a bare connection and is signed out in the middle of the run: from then on it must hear nothing.
/// </summary>
internal sealed class Revocation : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly WireObserver _observer;
    private readonly Task _running;

    public Revocation(ChaosDevice device, WireObserver observer, TimeSpan after)
    {
        _observer = observer;
        observer.Settle();
        observer.Start();
        _running = RunAsync(device, after);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _observer.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(ChaosDevice device, TimeSpan after)
    {
        try
        {
            await Task.Delay(after, TimeProvider.System, _stop.Token);
            long asked = HistoryClock.Now();
            while (!await TrySignOutAsync(device))
            {
                await Task.Delay(Retry, TimeProvider.System, _stop.Token);
                asked = HistoryClock.Now();
            }
            _observer.Write(new HistoryEntry { Op = HistoryOp.Revoke }, asked);
        }
        catch (OperationCanceledException)
        {
            // The run ended before.
        }
    }

    private async Task<bool> TrySignOutAsync(ChaosDevice device)
    {
        try
        {
            await device.Account.SignOutAsync(_stop.Token);
            return true;
        }
        catch (ChatException)
        {
            return false; // the node is gone, or cannot now
        }
    }
}
