using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Server.Sessions;

/// <summary>Sends everyone away in order when the node stops: a <c>goodbye</c> with a spread time to come back, then the close (promise P13).</summary>
internal sealed class SessionDrain(SessionRegistry registry, SessionOptions options, TimeProvider time)
{
    private const int MaxReconnectMs = 10_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Completes when all are gone, or after <see cref="SessionOptions.DrainTimeout"/>.</summary>
    public async Task RunAsync()
    {
        long start = time.GetTimestamp();
        int spread = Math.Min(MaxReconnectMs, registry.Count * 2); // a handful may come back at once, thousands must not
        foreach ((_, Session session) in registry.All)
        {
            int reconnectAfterMs = Random.Shared.Next(spread + 1);
            GoodbyePush goodbye = new(DisconnectCode.Draining, "the server is stopping", reconnectAfterMs);
            session.TryPush(FrameEncoder.EncodeWebSocket(goodbye), ephemeral: false);
            session.Disconnect(DisconnectCode.Draining, "stopping");
        }

        while (registry.Count > 0 && time.GetElapsedTime(start) < options.DrainTimeout) await Task.Delay(Poll, time);
    }
}
