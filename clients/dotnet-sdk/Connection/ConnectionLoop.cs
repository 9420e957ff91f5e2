using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Transport;

namespace Chat.Sdk.Connection;

/// <summary>
/// Keeps a session open: token, connection, session, verdict, pause, and again, until closed or told to stop. It never gives up by itself.
/// </summary>
internal sealed class ConnectionLoop : IAsyncDisposable
{
    /// <summary>A connection that lived this long was a good one: the back-off starts anew. As long as in the TypeScript SDK.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Failures that count at most after a connection that was let in and lost soon: a service that crashes again and again is there each
    /// time, and its clients are to be back in seconds; a pause of up to 2 s still keeps them from hammering it.
    /// </summary>
    private const int MostAfterWelcome = 3;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly ChatClientOptions _options;
    private readonly ISessionSink _sink;
    private readonly Func<IReadOnlyList<WirePosition>> _positions;
    private readonly Uri _socketUrl;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _hurry = NewSignal();
    private ConnectionState _state;
    private Task? _running;

    public ConnectionLoop(ChatClientOptions options, ISessionSink sink, Func<IReadOnlyList<WirePosition>> positions, FrameTrace trace)
    {
        (_options, _sink, _positions, Trace) = (options, sink, positions, trace);
        _backoff = new Backoff(options.Random);
        _state = new ConnectionState(ConnectionKind.Idle, options.TimeProvider.GetUtcNow());
        _socketUrl = new UriBuilder(options.Url)
        {
            Scheme = options.Url.Scheme == "https" ? "wss" : "ws",
            Path = options.Url.AbsolutePath.TrimEnd('/') + "/ws",
        }.Uri;
    }

    /// <summary>Told of every change, in order, with the lock of no one held.</summary>
    public event Action<ConnectionState>? StateChanged;

    public FrameTrace Trace { get; }

    public ConnectionState State => Volatile.Read(ref _state);

    public void Start()
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested) throw new ObjectDisposedException(nameof(ChatClient), "The client was closed.");

            _running ??= Task.Run(() => RunAsync(_stop.Token));
        }
    }

    /// <summary>Ends a pause between two attempts at once, unless the service said how long it is to be.</summary>
    public void Hurry()
    {
        lock (_gate) _hurry.TrySetResult();
    }

    /// <summary>Tells the state once signed in; called by the sink when its own state is ready for callers.</summary>
    public void SetOnline() => SetState(ConnectionKind.Online, State.Attempt, null, null);

    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate) running = _running;

        await _stop.CancelAsync().ConfigureAwait(false);
        if (running is null) SetState(ConnectionKind.Closed, 0, null, new ConnectionEnd((int)DisconnectCode.Normal, "Closed by the app."));
        else await running.ConfigureAwait(false);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        int failures = 0;
        TokenReason why = TokenReason.Connect;
        while (true)
        {
            SetState(ConnectionKind.Connecting, failures, null, State.End);
            Attempt attempt = await TryAsync(why, ct).ConfigureAwait(false);
            if (attempt.Verdict == DisconnectVerdict.Stop || ct.IsCancellationRequested)
            {
                SetState(ConnectionKind.Closed, failures, null, attempt.End);
                return;
            }

            why = attempt.Verdict == DisconnectVerdict.ComeBack ? TokenReason.Connect
                : attempt.End.Code == (int)DisconnectCode.TokenExpired ? TokenReason.Expired
                : TokenReason.Rejected;
            if (attempt.Lived >= Settled) failures = 0;
            else if (State.Kind == ConnectionKind.Online) failures = Math.Min(failures, MostAfterWelcome);
            TimeSpan pause = attempt.ComeBackAfter ?? _backoff.Next(failures);
            failures++;
            await PauseAsync(pause, mayHurry: attempt.ComeBackAfter is null, failures, attempt.End, ct).ConfigureAwait(false);
        }
    }

    /// <summary>A fault of our own, or of a transport, counts as a lost connection: the loop must not end with it.</summary>
    private async Task<Attempt> TryAsync(TokenReason why, CancellationToken ct)
    {
        try
        {
            return await TryOnceAsync(why, ct).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the reason is in the state, the next attempt follows
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Attempt.Failed(new ConnectionEnd((int)DisconnectCode.Abnormal, fault.Message), null);
        }
    }

    private async Task<Attempt> TryOnceAsync(TokenReason why, CancellationToken ct)
    {
        ITransportConnection connection;
        string token;
        try
        {
            token = await _options.Token(why, ct).ConfigureAwait(false);
            using var deadline = new CancellationTokenSource(ConnectTimeout, _options.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
            connection = await _options.Transport.ConnectAsync(_socketUrl, either.Token).ConfigureAwait(false);
        }
        catch (ChatException final) when (!final.Retryable)
        {
            return Attempt.Stopped(new ConnectionEnd(final.Code, final.Message));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Attempt.Stopped(new ConnectionEnd((int)DisconnectCode.Normal, "Closed by the app."));
        }
#pragma warning disable CA1031 // the token callback is the app's and may throw anything; the reason is in the state, the next attempt follows
        catch (Exception fault)
#pragma warning restore CA1031
        {
            TimeSpan? wish = fault is ChatException { RetryAfter: { } after } ? after : null;
            return Attempt.Failed(new ConnectionEnd((int)DisconnectCode.Abnormal, fault.Message), wish);
        }

        long opened = _options.TimeProvider.GetTimestamp();
        using var session = new WireSession(connection, _sink, Trace, _options.TimeProvider);
        var hello = new HelloRequest(ProtocolLimits.ProtocolVersion, token, _options.ClientName, _positions());
        ConnectionEnd end = await session.RunAsync(hello, ct).ConfigureAwait(false);
        return Attempt.Ended(end, session.Goodbye, _options.TimeProvider.GetElapsedTime(opened));
    }

    private async Task PauseAsync(TimeSpan pause, bool mayHurry, int failures, ConnectionEnd end, CancellationToken ct)
    {
        TaskCompletionSource hurry = NewSignal();
        lock (_gate) _hurry = hurry;

        Task delay = Task.Delay(pause, _options.TimeProvider, ct);
        SetState(ConnectionKind.Waiting, failures, pause, end);
        await Task.WhenAny(delay, mayHurry ? hurry.Task : delay).ConfigureAwait(false);
    }

    private void SetState(ConnectionKind kind, int attempt, TimeSpan? retryIn, ConnectionEnd? end)
    {
        var state = new ConnectionState(kind, _options.TimeProvider.GetUtcNow(), attempt, retryIn, end);
        Volatile.Write(ref _state, state);
        StateChanged?.Invoke(state);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How one attempt went.</summary>
    private readonly record struct Attempt(ConnectionEnd End, DisconnectVerdict Verdict, TimeSpan Lived, TimeSpan? ComeBackAfter)
    {
        public static Attempt Stopped(ConnectionEnd end) => new(end, DisconnectVerdict.Stop, TimeSpan.Zero, null);

        public static Attempt Failed(ConnectionEnd end, TimeSpan? wish) => new(end, DisconnectVerdict.ComeBack, TimeSpan.Zero, wish);

        public static Attempt Ended(ConnectionEnd end, GoodbyePush? goodbye, TimeSpan lived)
        {
            if (goodbye is not { } farewell) return new Attempt(end, DisconnectCodes.Verdict(end.Code), lived, null);

            // The farewell says why; the close behind it may be cut off on its way.
            ConnectionEnd told = end.Code is (int)DisconnectCode.Abnormal or (int)DisconnectCode.NoStatus
                ? new ConnectionEnd((int)farewell.Code, farewell.Reason)
                : end;
            return new Attempt(
                told, DisconnectCodes.Verdict(told.Code), lived, TimeSpan.FromMilliseconds(Math.Max(0, farewell.ReconnectAfterMs)));
        }
    }
}
