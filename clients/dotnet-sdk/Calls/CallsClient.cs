using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Sdk.Rest;

namespace Chat.Sdk.Calls;

/// <summary>
/// Voice and video calls: who calls, who answers, and the signals by which their media find each other; the media are the app's. Events are
/// raised one after another, off the connection's own loop. Thread-safe.
/// </summary>
public sealed class CallsClient
{
    private const int MaxEarly = 200;

    private readonly CallsRest _rest;
    private readonly ClientCore _core;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, OngoingCall> _ongoing = [];
    private readonly Dictionary<long, bool> _ringing = []; // whether it was told: not while one asks whether it still rings
    private readonly List<(long CallId, Action<OngoingCall?> Apply)> _early = []; // what comes while a start or an answer is under way
    private int _joining;

    internal CallsClient(CallsRest rest, ClientCore core)
    {
        (_rest, _core) = (rest, core);
        core.CallSignalled += OnSignal;
        core.Inbox.CallHeard += OnInbox;
    }

    /// <summary>Raised when somebody calls, and it rings right now.</summary>
    public event Action<CallRecord>? Ringing;

    /// <summary>Raised when a call rings here no more.</summary>
    public event Action<CallStopped>? Stopped;

    /// <summary>Raised when one did not answer.</summary>
    public event Action<CallStopped>? Missed;

    /// <summary>Calls everybody else in a chat; where a call is live there, joins it.</summary>
    /// <exception cref="ChatException"><c>blocked</c>, <c>not_allowed</c>, <c>in_another_call</c>, <c>too_many_members</c>.</exception>
    public Task<OngoingCall> StartAsync(long chatId, CallKind kind, CancellationToken cancellationToken = default) =>
        JoinAsync(place => _rest.StartAsync(new NewCallBody(chatId, kind, place), cancellationToken), cancellationToken);

    /// <summary>Takes part from here.</summary>
    /// <exception cref="ChatException"><c>answered_elsewhere</c>, <c>call_ended</c>, <c>in_another_call</c>, <c>too_many_members</c>.</exception>
    public async Task<OngoingCall> AnswerAsync(long callId, CancellationToken cancellationToken = default)
    {
        try
        {
            return await JoinAsync(
                place => _rest.AnswerAsync(callId, new AnswerBody(place), cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (ChatException refused) when (refused.Code is (int)ErrorCode.AnsweredElsewhere or (int)ErrorCode.CallEnded or (int)ErrorCode.CallNotFound)
        {
            Silence(callId, refused.Code == (int)ErrorCode.AnsweredElsewhere ? "answered" : "ended", 0);
            throw;
        }
    }

    /// <summary>Says no, on all of one's devices.</summary>
    public async Task DeclineAsync(long callId, CancellationToken cancellationToken = default)
    {
        await _core.InsistAsync(() => _rest.ChangeAsync(callId, "decline", cancellationToken), cancellationToken).ConfigureAwait(false);
        Silence(callId, "declined", 0);
    }

    /// <summary>Hangs up, wherever one takes part; cancels what still rings.</summary>
    public Task<CallRecord> EndAsync(long callId, CancellationToken cancellationToken = default) =>
        _rest.ChangeAsync(callId, "end", cancellationToken);

    /// <summary>One call.</summary>
    /// <exception cref="ChatException"><c>call_not_found</c>.</exception>
    public Task<CallRecord> GetAsync(long callId, CancellationToken cancellationToken = default) => _rest.GetAsync(callId, cancellationToken);

    /// <summary>
    /// What rings, what one is in, and what one was called to and others talk in. That what rings does no more is told (<see cref="Stopped"/>) from then on.
    /// </summary>
    public async Task<IReadOnlyList<CallRecord>> ActiveAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<CallRecord> active = (await _rest.ListAsync("calls/active", cancellationToken).ConfigureAwait(false)).Items;
        lock (_gate)
        {
            foreach (CallRecord record in active)
            {
                if (record is { Part: CallPart.Ringing, EndedAt: null } && !_ongoing.ContainsKey(record.CallId)) _ringing[record.CallId] = true;
            }
        }

        return active;
    }

    /// <summary>One's calls, the newest first.</summary>
    /// <param name="direction">Only these; null for all.</param>
    /// <param name="cursor">The page before's <see cref="CallPage.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CallPage> HistoryAsync(
        CallDirection? direction = null, string? cursor = null, int limit = 50, CancellationToken cancellationToken = default) =>
        _rest.HistoryAsync(direction, cursor, limit, cancellationToken);

    /// <summary>What one's ended calls of a time add up to: the last thirty days, unless asked otherwise.</summary>
    public Task<CallStatistics> StatisticsAsync(
        DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellationToken = default) =>
        _rest.StatisticsAsync(from, to, cancellationToken);

    /// <summary>The STUN and TURN servers of the service, with credentials for a while.</summary>
    public Task<IReadOnlyList<IceServer>> IceServersAsync(CancellationToken cancellationToken = default) => _rest.IceServersAsync(cancellationToken);

    /// <summary>Ends it for one place, and for none that came after it; again and again while the outcome is unknown.</summary>
    internal Task EndAsync(long callId, Guid place, CancellationToken ct) =>
        _core.InsistAsync(() => _rest.ChangeAsync(callId, $"end?endpointId={place:D}", ct), ct);

    internal void Forget(OngoingCall call)
    {
        lock (_gate) _ongoing.Remove(call.Record.CallId);
    }

    /// <summary>Under one place, again and again while the outcome is unknown: the same place is the same call.</summary>
    private async Task<OngoingCall> JoinAsync(Func<Guid, Task<CallRecord>> ask, CancellationToken ct)
    {
        Guid place = Guid.NewGuid();
        lock (_gate) _joining++;
        OngoingCall? call = null;
        try
        {
            CallRecord? record = null;
            await _core.InsistAsync(async () => record = await ask(place).ConfigureAwait(false), ct).ConfigureAwait(false);
            call = new OngoingCall(record!, place, _core, this);
            return call;
        }
        finally
        {
            Settle(call);
            call?.Start();
        }
    }

    /// <summary>A start or an answer is over: what came meanwhile has its place now.</summary>
    private void Settle(OngoingCall? call)
    {
        List<(long CallId, Action<OngoingCall?> Apply)> due;
        lock (_gate)
        {
            _joining--;
            if (call is { Record.Part: CallPart.In })
            {
                _ongoing[call.Record.CallId] = call;
                _ringing.Remove(call.Record.CallId);
            }

            due = [.. _early.Where(one => _joining == 0 || one.CallId == call?.Record.CallId)];
            _early.RemoveAll(due.Contains);
        }

        foreach ((long callId, Action<OngoingCall?> apply) in due) apply(Find(callId));
    }

    private OngoingCall? Find(long callId)
    {
        lock (_gate) return _ongoing.GetValueOrDefault(callId);
    }

    private void OnSignal(CallSignalPush push) => Apply(push.CallId, call => call?.Take(in push));

    private void OnInbox(WireEvent heard)
    {
        if (heard.SubjectId is not { } callId) return;
        if (heard.Kind == EventKind.CallRinging) _ = RingAsync(callId);
        else Apply(callId, call => Tell(heard, callId, call));
    }

    private void Apply(long callId, Action<OngoingCall?> apply)
    {
        OngoingCall? call;
        lock (_gate)
        {
            call = _ongoing.GetValueOrDefault(callId);
            if (call is null && _joining > 0)
            {
                if (_early.Count < MaxEarly) _early.Add((callId, apply));
                return;
            }
        }

        apply(call);
    }

    private void Tell(WireEvent heard, long callId, OngoingCall? call)
    {
        string[] words = (heard.Text ?? "").Split(' ');
        string word = words[0];
        Guid? place = words.Length > 1 && Guid.TryParseExact(words[1], "N", out Guid said) ? said : null;
        bool isOwn = heard.SenderId == _core.Me?.PrincipalId;
        if (heard.Kind == EventKind.CallEnded)
        {
            call?.Finish(word is "declined" or "missed" ? word : "ended");
            Silence(callId, word, heard.SenderId);
            if (word == "missed" && !isOwn)
                _core.Notifier.Post(() => Missed?.Invoke(new CallStopped(callId, word, heard.SenderId)));
        }
        else if (isOwn)
        {
            // By oneself, perhaps on another device; what a place before this one did is no matter.
            if (word == "left" && (place is null || place == call?.EndpointId)) call?.Finish("ended");
            else if (word != "left" && call is null) Silence(callId, word, 0);
        }
        else if (word == "answered")
        {
            call?.Join(heard.SenderId);
        }
        else if (word == "left")
        {
            call?.Leave(heard.SenderId, place);
        }
    }

    /// <summary>What the inbox says may be old: it rings only if it rings now.</summary>
    private async Task RingAsync(long callId)
    {
        lock (_gate)
        {
            if (_ongoing.ContainsKey(callId) || !_ringing.TryAdd(callId, false)) return;
        }

        CallRecord? record = null;
        try
        {
            await _core.InsistAsync(async () => record = await _rest.GetAsync(callId, default).ConfigureAwait(false), default).ConfigureAwait(false);
        }
        catch (ChatException)
        {
            // It is no call of ours any more, or the client is closed: nothing rings.
        }

        lock (_gate)
        {
            if (record is not { Part: CallPart.Ringing, EndedAt: null }) _ringing.Remove(callId);
            if (!_ringing.ContainsKey(callId)) return;
            _ringing[callId] = true;
        }

        _core.Notifier.Post(() => Ringing?.Invoke(record!));
    }

    private void Silence(long callId, string why, long callerId)
    {
        lock (_gate)
        {
            if (!_ringing.Remove(callId, out bool wasTold) || !wasTold) return;
        }

        _core.Notifier.Post(() => Stopped?.Invoke(new CallStopped(callId, why, callerId)));
    }
}
