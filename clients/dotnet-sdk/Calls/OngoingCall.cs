using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;

namespace Chat.Sdk.Calls;

/// <summary>
/// A call that this place takes part in: who else does, and the signals between them. It says by itself that it is there, until it is over.
/// Events are raised one after another, off the connection's own loop. Thread-safe.
/// </summary>
public sealed class OngoingCall : IAsyncDisposable
{
    private const int KeepsPerLease = 3;
    private const int WaitsPerLease = 6; // for how long one sign of life is waited for; then it is given again
    private const int MaxHeld = 200;

    private readonly ClientCore _core;
    private readonly CallsClient _calls;
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationToken _isOver;
    private readonly Lock _gate = new();
    private readonly SignalOrder _order = new();
    private readonly HashSet<long> _others = [];
    private readonly Dictionary<long, Guid> _places = [];
    private readonly HashSet<Guid> _gone = [];
    private readonly Queue<CallSignal> _held = new(); // until somebody listens
    private Task _sending = Task.CompletedTask;
    private Action<CallSignal>? _signalled;
    private string? _how;

    internal OngoingCall(CallRecord record, Guid endpointId, ClientCore core, CallsClient calls)
    {
        (Record, EndpointId, _core, _calls, _isOver) = (record, endpointId, core, calls, _over.Token);
        foreach (CallParticipant one in record.Participants)
            if (one.Part == CallPart.In && one.PrincipalId != core.Me?.PrincipalId) _others.Add(one.PrincipalId);
    }

    /// <summary>Raised with what another participant sent, in its order; what came before the first handler is raised then.</summary>
    public event Action<CallSignal>? Signalled
    {
        add
        {
            lock (_gate)
            {
                _signalled += value;
                while (_held.TryDequeue(out CallSignal? held)) Raise(held);
            }
        }

        remove
        {
            lock (_gate) _signalled -= value;
        }
    }

    /// <summary>Raised when somebody takes part.</summary>
    public event Action<long>? Joined;

    /// <summary>Raised when somebody does no more.</summary>
    public event Action<long>? Left;

    /// <summary>Raised once, with the word of the service: <c>ended</c>, <c>declined</c> or <c>missed</c>.</summary>
    public event Action<string>? Ended;

    /// <summary>The call as it was when this place began to take part.</summary>
    public CallRecord Record { get; }

    /// <summary>This place, as the others know it.</summary>
    public Guid EndpointId { get; }

    /// <summary>The others who take part; a snapshot.</summary>
    public IReadOnlyCollection<long> Others
    {
        get
        {
            lock (_gate) return [.. _others];
        }
    }

    /// <summary>How it ended; null while it goes on.</summary>
    public string? How
    {
        get
        {
            lock (_gate) return _how;
        }
    }

    /// <summary>Passes something to another participant; signals to one arrive in the order of these calls, if they arrive.</summary>
    /// <returns>Done when the service has passed it on.</returns>
    /// <exception cref="ChatException"><c>call_not_found</c>: the call is over, or the other one has left.</exception>
    public Task SignalAsync(long to, CallSignalKind kind, string body)
    {
        lock (_gate)
        {
            SignalCallRequest request = new(Record.CallId, EndpointId, to, _order.Next(to), kind, body);
            Task sent = SendAsync(_sending, request);
            _sending = sent;
            return sent;
        }
    }

    /// <summary>Hangs up here. It is over at once, also where the service cannot be told: that sees it by the silence.</summary>
    public async Task EndAsync(CancellationToken cancellationToken = default)
    {
        if (How is not null) return;
        Finish("ended");
        using CancellationTokenSource silence = new(TimeSpan.FromMilliseconds(Record.KeepWithinMs), _core.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            await _calls.EndAsync(Record.CallId, EndpointId, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested)
        {
            // By now the service has seen it itself.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _over.Dispose();
        }
    }

    /// <summary>Begins to say that this place is there.</summary>
    internal void Start()
    {
        if (Record.Part == CallPart.In) _ = KeepAsync(TimeSpan.FromMilliseconds(Record.KeepWithinMs));
        else Finish(Record.Status is CallStatus.Declined ? "declined" : Record.Status is CallStatus.Missed ? "missed" : "ended");
    }

    internal void Join(long principalId)
    {
        lock (_gate)
        {
            if (_how is not null || principalId == _core.Me?.PrincipalId || !_others.Add(principalId)) return;
        }

        _core.Notifier.Post(() => Joined?.Invoke(principalId));
    }

    /// <param name="place">Where, if the service said so. One who signals from another place by now has come back, and left only the one before.</param>
    internal void Leave(long principalId, Guid? place = null)
    {
        lock (_gate)
        {
            Guid? known = _places.TryGetValue(principalId, out Guid at) ? at : null;
            if ((place ?? known) is { } left) _gone.Add(left);
            if (known is not null && place is not null && known != place) return;
            _places.Remove(principalId);
            if (!_others.Remove(principalId)) return;
        }

        _core.Notifier.Post(() => Left?.Invoke(principalId));
    }

    internal void Take(in CallSignalPush push)
    {
        bool isBack;
        lock (_gate)
        {
            if (_how is not null || _gone.Contains(push.EndpointId)) return;
            isBack = _places.TryGetValue(push.From, out Guid before) && before != push.EndpointId;
        }

        if (isBack) Leave(push.From); // it left and came back, and the inbox has not said so yet
        Join(push.From);
        lock (_gate)
        {
            _places[push.From] = push.EndpointId;
            if (!_order.TryTake(push.From, push.EndpointId, push.Sequence, out bool isBehindHole)) return;
            if (push.Kind is < CallSignalKind.Offer or > CallSignalKind.Restart) return; // a later version's; its number counts
            CallSignal signal = new(push.From, push.Kind, push.Body, isBehindHole);
            if (_signalled is not null) Raise(signal);
            else if (_held.Count < MaxHeld) _held.Enqueue(signal);
        }
    }

    internal void Finish(string how)
    {
        lock (_gate)
        {
            if (_how is not null) return;
            _how = how;
        }

        _calls.Forget(this);
        _over.Cancel();
        _core.Notifier.Post(() => Ended?.Invoke(how));
    }

    private void Raise(CallSignal signal) => _core.Notifier.Post(() => _signalled?.Invoke(signal));

    private async Task SendAsync(Task before, SignalCallRequest request)
    {
        try
        {
            await before.ConfigureAwait(false);
        }
        catch (ChatException)
        {
            // That one's own caller hears of it; to the other side it is a hole.
        }

        await _core.CallAsync<SignalCallRequest, OkReply>(request, _isOver).ConfigureAwait(false);
    }

    private async Task KeepAsync(TimeSpan lease)
    {
        try
        {
            TimeSpan pause = lease / KeepsPerLease;
            while (true)
            {
                await Task.Delay(pause, _core.Time, _isOver).ConfigureAwait(false);
                pause = await KeepOnceAsync(lease).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
        catch (ChatException)
        {
            Finish("ended"); // one is out of it, or the client is closed
        }
    }

    /// <summary>A request may wait longer for its reply, on a connection that is dead already, than the service waits for a sign of life.</summary>
    /// <returns>After what time the next one is to be given.</returns>
    private async Task<TimeSpan> KeepOnceAsync(TimeSpan lease)
    {
        using CancellationTokenSource late = new(lease / WaitsPerLease, _core.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_isOver, late.Token);
        try
        {
            await _core.CallAsync<KeepCallRequest, OkReply>(new KeepCallRequest(Record.CallId, EndpointId), either.Token).ConfigureAwait(false);
            return lease / KeepsPerLease;
        }
        catch (OperationCanceledException) when (!_isOver.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (ChatException refused) when (refused.Code != (int)ErrorCode.CallNotFound && refused.Retryable)
        {
            return lease / WaitsPerLease;
        }
    }
}
