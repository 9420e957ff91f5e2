using Chat.Storage.Chats;

namespace Chat.Storage.Calls;

/// <summary>
/// A live call while its chat and the inboxes of all who are called are locked: who sits down and gets up, what each of them is told, and
/// whether the call goes on. Changes of one call come one after another by those locks, and so do changes of what one person is in.
/// </summary>
internal sealed class LockedCall
{
    private readonly ChatTransaction _transaction;
    private readonly Dictionary<long, Seat> _seats;
    private readonly CancellationToken _ct;

    private LockedCall(ChatTransaction transaction, CallState call, Dictionary<long, Seat> seats, CancellationToken ct) =>
        (_transaction, Call, _seats, _ct) = (transaction, call, seats, ct);

    public CallState Call { get; private set; }

    public bool IsLive => Call.Status <= CallStatuses.Answered;

    public IEnumerable<Seat> Seats => _seats.Values;

    public int Inside => _seats.Values.Count(seat => seat.State == SeatStates.In);

    /// <summary>
    /// Reads a call in a transaction that holds its chat; null when a participant came whose inbox it does not hold. One that is over does
    /// not change any more, and needs no lock.
    /// </summary>
    public static async Task<LockedCall?> ReadAsync(ChatTransaction transaction, long callId, CancellationToken ct)
    {
        CallState call = (await transaction.QueryAsync<CallState>(CallSql.ReadCall, new { callId }, ct)).Single();
        List<Seat> seats = [.. await transaction.QueryAsync<Seat>(CallSql.ReadSeats, new { callId, chatId = call.ChatId }, ct)];
        if (call.Status <= CallStatuses.Answered && seats.Exists(seat => transaction.Find(seat.Inbox) is null)) return null;
        return new LockedCall(transaction, call, seats.ToDictionary(seat => seat.PrincipalId), ct);
    }

    public Seat? Find(long principalId) => _seats.GetValueOrDefault(principalId);

    /// <summary>Somebody takes part from here; the first who does answers the call. All who are in it hear of it, their own devices too.</summary>
    /// <param name="inbox">The person's, which is locked.</param>
    /// <param name="place">Where they take part.</param>
    /// <param name="lease">How long they count as there without a sign of life.</param>
    public async Task SitAsync(long inbox, CallPlace place, TimeSpan lease)
    {
        (long principalId, long deviceId, Guid endpointId) = (place.PrincipalId, place.DeviceId, place.EndpointId);
        await _transaction.ExecuteAsync(CallSql.Sit, new { callId = Call.Id, principalId, deviceId, endpointId, lease = lease.TotalSeconds }, _ct);
        _seats[place.PrincipalId] = new Seat
        {
            PrincipalId = place.PrincipalId,
            Inbox = inbox,
            State = SeatStates.In,
            EndpointId = place.EndpointId,
            IsMember = true,
        };
        if (Call.Status == CallStatuses.Ringing)
        {
            await _transaction.ExecuteAsync(CallSql.Answer, new { callId = Call.Id }, _ct);
            Call = Call with { Status = CallStatuses.Answered, AnsweredAtMs = _transaction.AtMs };
        }

        TellInside($"answered {endpointId:N}", place.PrincipalId);
    }

    /// <summary>Somebody is in the call, or rung, no more.</summary>
    /// <param name="state">What the call was to them then.</param>
    public async Task GetUpAsync(Seat seat, short state)
    {
        await _transaction.ExecuteAsync(CallSql.Leave, new { callId = Call.Id, principalId = seat.PrincipalId, state }, _ct);
        bool wasIn = seat.State == SeatStates.In;
        _seats[seat.PrincipalId] = seat with { State = state };
        if (state == SeatStates.Missed) Tell(_seats[seat.PrincipalId], EventKinds.CallEnded, Call.CallerId, "missed");
        else TellInside(wasIn ? $"left {seat.EndpointId:N}" : "declined", seat.PrincipalId);
    }

    /// <summary>Ends the call if nobody talks any more, or nobody is left who might answer.</summary>
    /// <param name="isLost">Who left last was lost, and did not hang up.</param>
    /// <returns>Whether it ended.</returns>
    public async Task<bool> SettleAsync(bool isLost = false)
    {
        if (!IsLive) return true; // each end comes once
        bool isAnswered = Call.Status == CallStatuses.Answered;
        bool callerWaits = _seats[Call.CallerId].State == SeatStates.In;
        bool rings = _seats.Values.Any(seat => seat.State == SeatStates.Ringing && seat.IsDue != true);
        if (isAnswered ? Inside >= 2 : callerWaits && rings) return false;

        (short status, short reason) = isAnswered
            ? (CallStatuses.Ended, isLost ? CallReasons.Lost : CallReasons.HungUp)
            : !callerWaits ? (CallStatuses.Missed, isLost ? CallReasons.Lost : CallReasons.Cancelled) : Unanswered();
        await FinishAsync(status, reason);
        return true;
    }

    /// <summary>Ends the call whoever is in it, or rung: its chat is no more.</summary>
    public Task EndAsync() => !IsLive
        ? Task.CompletedTask
        : Call.Status == CallStatuses.Answered
            ? FinishAsync(CallStatuses.Ended, CallReasons.HungUp)
            : FinishAsync(CallStatuses.Missed, CallReasons.Cancelled);

    /// <summary>Tells those who are rung; the caller's other devices are not.</summary>
    public void Ring()
    {
        foreach (Seat seat in _seats.Values.Where(seat => seat.State == SeatStates.Ringing))
            Tell(seat, EventKinds.CallRinging, Call.CallerId, CallKinds.Name(Call.Kind));
    }

    private (short Status, short Reason) Unanswered()
    {
        List<Seat> called = [.. _seats.Values.Where(seat => seat.PrincipalId != Call.CallerId)];
        if (called.Exists(seat => seat.State is SeatStates.Missed or SeatStates.Ringing)) return (CallStatuses.Missed, CallReasons.Unanswered);
        return called.Exists(seat => seat.State == SeatStates.Declined)
            ? (CallStatuses.Declined, CallReasons.Declined)
            : (CallStatuses.Missed, CallReasons.Busy);
    }

    private async Task FinishAsync(short status, short reason)
    {
        // As long as the history says: its time is a later one than that of the lock, by as much as the work took since.
        long endedAtMs = await _transaction.ScalarAsync<long>(CallSql.Finish, new { callId = Call.Id, status, reason }, _ct);
        await _transaction.ExecuteAsync(CallSql.LeaveAll, new { callId = Call.Id }, _ct);
        foreach (Seat seat in _seats.Values.ToList())
        {
            // Whoever left the chat has heard all that was for them, unless they are still taken as there.
            if (seat.IsMember || seat.State <= SeatStates.In) Tell(seat, EventKinds.CallEnded, Call.CallerId, WordFor(seat, status));
            _seats[seat.PrincipalId] = seat with { State = SeatStates.Over(seat.State) };
        }

        long seconds = Call.AnsweredAtMs is { } answered ? Math.Max(0, endedAtMs - answered) / 1_000 : 0;
        string line = string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{CallKinds.Name(Call.Kind)} {CallStatuses.Name(status)} {seconds}");
        _transaction.Add(Call.ChatId, EventKinds.Call, Call.CallerId, Call.Id, text: line);
        Call = Call with { Status = status };
    }

    /// <summary>What an ended call was to one of those who were called. Who was told once that they missed it is not told so again.</summary>
    private string WordFor(Seat seat, short status)
    {
        if (seat.PrincipalId == Call.CallerId) return CallStatuses.Name(status);
        if (seat.State == SeatStates.Ringing) return "missed";
        if (seat.State == SeatStates.Busy && status != CallStatuses.Ended) return "missed";
        if (seat.State == SeatStates.Declined && status != CallStatuses.Ended) return "declined";
        return "ended";
    }

    /// <summary>Tells those in the call, and whom it is about. Who was removed from the chat hears only of themselves.</summary>
    private void TellInside(string words, long who)
    {
        foreach (Seat seat in _seats.Values)
        {
            if (seat is { State: SeatStates.In, IsMember: true } || seat.PrincipalId == who) Tell(seat, EventKinds.CallChanged, who, words);
        }
    }

    private void Tell(Seat seat, short kind, long senderId, string text) => _transaction.Add(seat.Inbox, kind, senderId, Call.Id, text: text);
}

/// <summary>A call's row as far as its changes go by it.</summary>
internal sealed record CallState(long Id, long ChatId, long CallerId, short Kind, short Status, long? AnsweredAtMs);

/// <summary>One who is called, or calls.</summary>
internal sealed record Seat
{
    public long PrincipalId { get; init; }

    public long Inbox { get; init; }

    /// <summary>One of <see cref="SeatStates"/>.</summary>
    public short State { get; init; }

    public Guid? EndpointId { get; init; }

    /// <summary>The time of ringing, or of being there without a sign of life, is over.</summary>
    public bool? IsDue { get; init; }

    public bool IsMember { get; init; }
}
