using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Server.Sessions;

/// <summary>
/// Sends everyone away in order when the node stops: a <c>goodbye</c> with a spread time to come back, time for what is in flight to be
/// answered, then the close (promise P13). Who comes meanwhile is refused at hello.
/// </summary>
internal sealed class SessionDrain(SessionRegistry registry, DrainState state, SessionOptions options, TimeProvider time) : IAsyncDisposable
{
    private const int MaxReconnectMs = 10_000;

    /// <summary>How long requests that came before the goodbye may take to be answered.</summary>
    private static readonly TimeSpan InFlightTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _over = new();
    private Task _late = Task.CompletedTask;

    /// <summary>Completes when those who were here are gone, or after <see cref="SessionOptions.DrainTimeout"/>; latecomers are cut from then on.</summary>
    public async Task RunAsync()
    {
        state.Begin();
        long start = time.GetTimestamp();
        Session[] present = [.. registry.All.Select(entry => entry.Value)];
        int spread = Math.Min(MaxReconnectMs, present.Length * 2); // a handful may come back at once, thousands must not
        foreach (Session session in present)
        {
            GoodbyePush goodbye = new(DisconnectCode.Draining, "the server is stopping", Random.Shared.Next(spread + 1));
            session.TryPush(FrameEncoder.EncodeWebSocket(goodbye), ephemeral: false);
        }

        await WaitAsync(() => Array.TrueForAll(present, session => session.IsIdle || session.HasEnded), start, InFlightTimeout);
        foreach (Session session in present) session.Disconnect(DisconnectCode.Draining, "stopping");
        await WaitAsync(() => !Array.Exists(present, registry.Contains), start, options.DrainTimeout);
        _late = CutLatecomersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _late;
        _over.Dispose();
    }

    private async Task WaitAsync(Func<bool> reached, long start, TimeSpan timeout)
    {
        while (!reached() && time.GetElapsedTime(start) < timeout) await Task.Delay(Poll, time);
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
