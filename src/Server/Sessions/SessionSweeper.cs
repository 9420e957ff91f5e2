using Chat.Domain.Fanout;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Server.Transport;

namespace Chat.Server.Sessions;

/// <summary>
/// Looks over all sessions once a second, for everything that is due by time: hello deadline, pings, silence, expiring tokens, slow
/// consumers; and over the fan-out and the heap now and then. One loop for all, no timer a session.
/// </summary>
internal sealed class SessionSweeper(
    SessionRegistry registry, ChatFanout fanout, SessionOptions options, TimeProvider time, ILogger<SessionSweeper> log) : BackgroundService
{
    private static readonly byte[] Ping = [0x89, 0x00]; // RFC 6455 §5.5.2: FIN, opcode 9, no payload

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>The fan-out is swept every tenth round.</summary>
    private const int FanoutRounds = 10;

    private readonly OldGeneration _oldGeneration = new();
    private int _greeting;

    /// <summary>Within this a sign-in is over, one way or the other; in a storm its hello may come as late.</summary>
    private TimeSpan LongestSignIn => options.HelloTimeout * 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        for (int round = 1; ; round++)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(stoppingToken)) return;
                Sweep();
                if (round % FanoutRounds != 0) continue;
                fanout.Sweep();
                _oldGeneration.Check();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                SessionLog.SweepFailed(log, fault); // without this loop no dead connection would ever be noticed
            }
        }
    }

    internal void Sweep()
    {
        DateTimeOffset now = time.GetUtcNow();
        int greeting = 0;
        TimeSpan helloTimeout = HelloTimeoutAt(_greeting);
        foreach ((_, Session session) in registry.All)
        {
            if (session.HasEnded) continue;
            if (session.Output.IsSlow) session.CutAsSlow();
            else if (session.IsOnline) JudgeOnline(session, now);
            else
            {
                if (!session.IsGreeted) greeting++;
                JudgeGreeting(session, helloTimeout);
            }
        }

        _greeting = greeting;
    }

    /// <summary>How long a connection may be open without a hello.</summary>
    /// <param name="greeting">Connections without one.</param>
    internal TimeSpan HelloTimeoutAt(int greeting) => greeting > ConnectionRegistry.Storm ? LongestSignIn : options.HelloTimeout;

    private void JudgeGreeting(Session session, TimeSpan helloTimeout)
    {
        TimeSpan open = time.GetElapsedTime(session.Connection.OpenedAt);
        if (!session.IsGreeted && open > helloTimeout) session.Disconnect(DisconnectCode.HelloTimeout, "no hello");
        else if (open > LongestSignIn) session.Disconnect(DisconnectCode.StorageUnavailable, "the sign-in could not be checked in time");
    }

    private void JudgeOnline(Session session, DateTimeOffset now)
    {
        TimeSpan silent = time.GetElapsedTime(session.Connection.LastReceived);
        if (session.Connection.IsBusy) return; // nothing is read meanwhile, so silence says nothing about the peer
        if (silent > options.PingInterval * 2.5)
        {
            session.Disconnect(DisconnectCode.IdleTimeout, "silent");
            return;
        }

        if (silent > options.PingInterval && time.GetElapsedTime(session.LastPing) > options.PingInterval)
        {
            session.LastPing = time.GetTimestamp();
            session.Output.TryWrite(Ping);
        }

        if (now >= session.TokenExpiresAt)
        {
            session.Disconnect(DisconnectCode.TokenExpired, "token ended");
        }
        else if (!session.TokenWarned && now >= session.TokenExpiresAt - options.TokenWarning)
        {
            session.TokenWarned = true;
            session.TryPush(FrameEncoder.EncodeWebSocket(new TokenExpiringPush(session.TokenExpiresAt.ToUnixTimeMilliseconds())), ephemeral: false);
        }
    }
}
