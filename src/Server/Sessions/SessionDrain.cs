using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Server.Transport.Sockets;

namespace Chat.Server.Sessions;

/// <summary>
/// Sends everyone away in order when the node stops (promise P13): not ready any more, no new connections, a <c>goodbye</c> with a spread
/// time to come back, time for what is in flight to be answered, then the closes, a slice at a time.
/// </summary>
internal sealed class SessionDrain(SessionRegistry registry, DrainState state, SessionOptions options, SocketTransport transport, TimeProvider time)
    : IAsyncDisposable
{
    private const int MaxReconnectMs = 10_000;

    /// <summary>Few may come back soon, many must not come at once: so much later for each that is here, up to the longest.</summary>
    private const int ReconnectMsASession = 20;

    /// <summary>
    /// Those who wait to be closed are, over this share of the time within which they are asked to come back: no second has a fifth of them.
    /// </summary>
    private const double ClosingShare = 0.6;

    /// <summary>How long requests that came before the goodbye may take to be answered.</summary>
    private static readonly TimeSpan InFlightTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What is on its way when the goodbye goes out is still read and answered.</summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _late = Task.CompletedTask;

    /// <summary>Completes when those who were here are gone, or after <see cref="SessionOptions.DrainTimeout"/>; latecomers are cut from then on.</summary>
    public async Task RunAsync()
    {
        state.Begin();
        transport.StopAccepting(); // refused at the door, a balancer tries another node
        long start = time.GetTimestamp();
        Session[] present = [.. registry.All.Select(entry => entry.Value)];
        int spread = Math.Min(MaxReconnectMs, present.Length * ReconnectMsASession);
        foreach (Session session in present)
        {
            GoodbyePush goodbye = new(DisconnectCode.Draining, "the server is stopping", Random.Shared.Next(spread + 1));
            session.TryPush(FrameEncoder.EncodeWebSocket(goodbye), ephemeral: false);
        }

        await WaitAsync(() => Array.TrueForAll(present, static session => session.HasEnded), start, OnTheWay);
        await WaitAsync(() => Array.TrueForAll(present, static session => session.IsIdle || session.HasEnded), start, InFlightTimeout);
        await CloseInSlicesAsync(present, TimeSpan.FromMilliseconds(spread * ClosingShare));
        await WaitAsync(() => !Array.Exists(present, registry.Contains), start, options.DrainTimeout);
        _late = CutLatecomersAsync();
    }

    /// <summary>Waits for nobody any more: who is still here is cut, and comes back by itself. What was acked is stored as ever.</summary>
    public void Hurry() => _hurry.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _late;
        _over.Dispose();
    }

    private async Task CloseInSlicesAsync(Session[] present, TimeSpan within)
    {
        Session[] left = Array.FindAll(present, static session => !session.HasEnded); // SDKs leave by themselves
        int slices = Math.Max(1, (int)(within / Slice));
        for (int slice = 0; slice < slices; slice++)
        {
            for (int i = slice; i < left.Length; i += slices) left[i].Disconnect(DisconnectCode.Draining, "stopping");
            if (slice + 1 < slices && !Array.TrueForAll(left, static session => session.HasEnded)) await PauseAsync(Slice);
        }
    }

    private async Task WaitAsync(Func<bool> reached, long start, TimeSpan timeout)
    {
        while (!reached() && !_hurry.Task.IsCompleted && time.GetElapsedTime(start) < timeout) await PauseAsync(Poll);
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        if (!_hurry.Task.IsCompleted) await Task.WhenAny(_hurry.Task, Task.Delay(pause, time));
    }

    /// <summary>The listener closes only after this; until then a connection that is upgraded would keep it waiting.</summary>
    private async Task CutLatecomersAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            foreach ((_, Session session) in registry.All) session.Connection.Abort();
            await Task.Delay(Poll, time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
