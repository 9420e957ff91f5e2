using Chat.Storage.Chats;
using Dapper;
using Npgsql;

namespace Chat.Storage.Calls;

/// <summary>
/// Starts calls and changes them. Each change is one transaction that holds the chat and the inboxes of all who are called: of two that
/// come at once, on whatever nodes, one comes first and the other sees what it did. What the participants learn are events of their inboxes,
/// and how it went is an event of the chat (ADR 0022). A request that is repeated changes nothing. Thread-safe.
/// </summary>
public sealed class CallStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    /// <summary>Somebody may come to a call between the look at who is in it and the lock; the next look sees them.</summary>
    private const int MaxLooks = 5;

    /// <summary>Calls that one look ends at most.</summary>
    public const int DueAtOnce = 200;

    private static readonly Task<CallStatus> Done = Task.FromResult(CallStatus.Done);

    /// <summary>
    /// Calls everybody else in a chat. Where there is a live call in it already, this is an answer to that one: so two who call each other at
    /// once are in one call, that of whoever came first.
    /// </summary>
    public Task<CallOutcome> StartAsync(long chatId, short kind, CallPlace place, CallBounds bounds, CancellationToken ct) =>
        LookAsync(() => TryStartAsync(chatId, kind, place, bounds, ct));

    /// <summary>Takes part from here. Also for one of a group who was not there when it rang, or left, while others talk.</summary>
    public Task<CallStatus> AnswerAsync(long callId, CallPlace place, CallBounds bounds, CancellationToken ct) => ChangeAsync(
        callId, place.PrincipalId, (transaction, call) => AnswerAsync(transaction, call, place, bounds, ct), ct);

    /// <summary>Says no to a call that rings, on all of the person's devices.</summary>
    public Task<CallStatus> DeclineAsync(long callId, long principalId, CancellationToken ct) => ChangeAsync(
        callId, principalId,
        (_, call) => call.Find(principalId) switch
        {
            { State: SeatStates.Declined } => Done,
            { State: SeatStates.In } => Task.FromResult(CallStatus.AnsweredElsewhere),
            { State: SeatStates.Ringing } seat => GetUpAsync(call, seat, SeatStates.Declined),
            _ => Task.FromResult(CallStatus.Over),
        },
        ct);

    /// <summary>Hangs up; the caller of a call that still rings cancels it, and one who is rung declines. Twice is no failure.</summary>
    public Task<CallStatus> EndAsync(long callId, long principalId, CancellationToken ct) => ChangeAsync(
        callId, principalId,
        (_, call) => call.Find(principalId) switch
        {
            { State: SeatStates.In } seat => GetUpAsync(call, seat, SeatStates.Left),
            { State: SeatStates.Ringing } seat => GetUpAsync(call, seat, SeatStates.Declined),
            _ => Done,
        },
        ct);

    /// <summary>
    /// Ends what is over by time in some live calls: who did not answer has missed them, who gave no sign of life has left. Every node may do
    /// so at once; what one has done the next one finds done.
    /// </summary>
    /// <returns>How many calls were looked at; as many as <see cref="DueAtOnce"/> tells that there are more.</returns>
    public async Task<int> ExpireAsync(CancellationToken ct)
    {
        List<long> due;
        await using (NpgsqlConnection connection = await source.OpenConnectionAsync(ct))
            due = [.. await connection.QueryAsync<long>(new CommandDefinition(CallSql.FindDue, new { limit = DueAtOnce }, cancellationToken: ct))];
        PostgresException? first = null;
        foreach (long callId in due)
        {
            try
            {
                await ChangeAsync(callId, null, (_, call) => ExpireAsync(call), ct);
            }
            catch (PostgresException refused)
            {
                first ??= refused; // one call that cannot be ended keeps none of the others from it
            }
        }

        return first is null ? due.Count : throw first;
    }

    private async Task<CallOutcome?> TryStartAsync(long chatId, short kind, CallPlace place, CallBounds bounds, CancellationToken ct)
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        var asked = new { chatId, callerId = place.PrincipalId, limit = bounds.MaxRung + 1 };
        List<long> inboxes = [.. await transaction.QueryAsync<long>(CallSql.MemberInboxes, asked, ct)];
        if (inboxes.Count == 0) return Refused(CallStatus.ChatNotFound); // a stranger locks nobody
        bool isTooLarge = inboxes.Count > bounds.MaxRung;
        // The call that is there may have others than the members: who left still has a seat.
        inboxes.AddRange(await InboxesAsync(transaction, chatId, place.PrincipalId, ct));
        await transaction.LockAsync([chatId, .. inboxes.Distinct()], ct);
        if (transaction.Find(chatId) is not { Kind: not ChatKinds.Inbox } chat) return Refused(CallStatus.ChatNotFound);
        if (await FindSameAsync(transaction, place, ct) is { } same)
            return same.ChatId == chatId ? new CallOutcome(CallStatus.Done, same.CallId) : Refused(CallStatus.EndpointReused);

        Dictionary<long, Called> called = await ReadCalledAsync(transaction, chatId, place.PrincipalId, isTooLarge, ct);
        if (!called.TryGetValue(place.PrincipalId, out Called? caller)) return Refused(CallStatus.ChatNotFound);
        CallStatus judged = Judge(chat, caller, isTooLarge);
        if (judged != CallStatus.Done) return Refused(judged);
        if (await transaction.ScalarAsync<long?>(CallSql.FindLive, new { chatId }, ct) is { } live)
        {
            if (await LockedCall.ReadAsync(transaction, live, ct) is not { } there) return null;
            await ExpireAsync(there); // what nobody answered in time is no call to join
            if (there.IsLive) return await JoinLiveAsync(transaction, there, place, bounds, ct);
            called = await ReadCalledAsync(transaction, chatId, place.PrincipalId, onlyCaller: false, ct);
            caller = called[place.PrincipalId];
        }

        if (caller.IsBusy) return Refused(CallStatus.InAnotherCall);
        List<Called> reached =
        [
            .. called.Values.Where(one => one is { IsBlocked: false, TakesCalls: true } && one != caller && transaction.Find(one.Inbox) is not null),
        ];
        if (reached.Count == 0) return Refused(CallStatus.NotAllowed);

        long callId = await InsertAsync(transaction, chat.Kind, (chatId, kind, place), reached, bounds, ct);
        await transaction.CommitAsync(sink, ct);
        return new CallOutcome(CallStatus.Done, callId);
    }

    private static async Task<long> InsertAsync(
        ChatTransaction transaction, short chatKind, (long ChatId, short Kind, CallPlace Place) wished, List<Called> reached, CallBounds bounds,
        CancellationToken ct)
    {
        (long chatId, short kind, CallPlace place) = wished;
        long? receiverId = chatKind == ChatKinds.Direct ? reached[0].PrincipalId : null;
        long callId = await transaction.ScalarAsync<long>(
            CallSql.Insert, new { chatId, callerId = place.PrincipalId, receiverId, kind }, ct);
        await transaction.ExecuteAsync(
            CallSql.InsertRung,
            new
            {
                callId,
                ringing = bounds.Ringing.TotalSeconds,
                ids = reached.Select(one => one.PrincipalId).ToArray(),
                states = reached.Select(one => one.IsBusy ? SeatStates.Busy : SeatStates.Ringing).ToArray(),
            },
            ct);
        await transaction.ExecuteAsync(
            CallSql.Sit,
            new { callId, principalId = place.PrincipalId, deviceId = place.DeviceId, endpointId = place.EndpointId, lease = bounds.Lease.TotalSeconds },
            ct);
        LockedCall call = (await LockedCall.ReadAsync(transaction, callId, ct))!;
        call.Ring();
        await call.SettleAsync(); // nobody rings: all are in other calls
        return callId;
    }

    private static async Task<CallStatus> ExpireAsync(LockedCall call)
    {
        if (!call.IsLive) return CallStatus.Done; // another node was faster
        foreach (Seat seat in call.Seats.Where(seat => seat is { IsDue: true, State: SeatStates.In }).ToList())
            await call.GetUpAsync(seat, SeatStates.Left);
        if (await call.SettleAsync(isLost: true)) return CallStatus.Done; // and with it all who still rang have missed it
        foreach (Seat seat in call.Seats.Where(seat => seat is { IsDue: true, State: SeatStates.Ringing }).ToList())
            await call.GetUpAsync(seat, SeatStates.Missed);
        return CallStatus.Done;
    }

    private static async Task<CallStatus> GetUpAsync(LockedCall call, Seat seat, short state)
    {
        await call.GetUpAsync(seat, state);
        await call.SettleAsync();
        return CallStatus.Done;
    }

    private static CallStatus Judge(LockedChat chat, Called caller, bool isTooLarge)
    {
        if (chat.Kind is not (ChatKinds.Direct or ChatKinds.Group)) return CallStatus.NotAllowed;
        if (chat.IsBlocked) return CallStatus.Blocked;
        if (chat.Kind == ChatKinds.Group && caller.Role < chat.SendRole) return CallStatus.NotAllowed;
        return isTooLarge ? CallStatus.TooManyMembers : CallStatus.Done;
    }

    private async Task<CallOutcome> JoinLiveAsync(
        ChatTransaction transaction, LockedCall call, CallPlace place, CallBounds bounds, CancellationToken ct)
    {
        CallStatus status = await AnswerAsync(transaction, call, place, bounds, ct);
        if (status != CallStatus.Done) return Refused(status);
        await transaction.CommitAsync(sink, ct);
        return new CallOutcome(CallStatus.Done, call.Call.Id);
    }

    private static async Task<CallStatus> AnswerAsync(
        ChatTransaction transaction, LockedCall call, CallPlace place, CallBounds bounds, CancellationToken ct)
    {
        long principalId = place.PrincipalId;
        Seat? seat = call.Find(principalId);
        if (seat?.EndpointId == place.EndpointId) return CallStatus.Done; // asked again, whatever became of it since
        if (seat?.State == SeatStates.In) return CallStatus.AnsweredElsewhere;
        if (!call.IsLive) return CallStatus.Over;
        if (seat is { IsMember: false }) return CallStatus.CallNotFound;
        if (transaction.Find(call.Call.ChatId)!.IsBlocked) return CallStatus.Blocked;
        if (await FindSameAsync(transaction, place, ct) is not null) return CallStatus.EndpointReused;
        if (seat is { State: SeatStates.Ringing, IsDue: true } && call.Call.Status == CallStatuses.Ringing) return CallStatus.Over;

        if (await transaction.ScalarAsync<bool>(CallSql.IsElsewhere, new { principalId, callId = call.Call.Id }, ct)) return CallStatus.InAnotherCall;
        if (call.Inside >= bounds.MaxInside) return CallStatus.Full;
        if (await transaction.ScalarAsync<bool>(CallSql.IsBlockedInside, new { principalId, callId = call.Call.Id }, ct)) return CallStatus.Blocked;

        long inbox = seat?.Inbox ?? await transaction.ScalarAsync<long>(CallSql.Inbox, new { principalId }, ct);
        await call.SitAsync(inbox, place, bounds.Lease);
        return CallStatus.Done;
    }

    private static async Task<Same?> FindSameAsync(ChatTransaction transaction, CallPlace place, CancellationToken ct) =>
        (await transaction.QueryAsync<Same>(
            CallSql.FindByEndpoint, new { principalId = place.PrincipalId, endpointId = place.EndpointId }, ct)).SingleOrDefault();

    /// <summary>The caller's own inbox, and those of all who have a seat in the chat's live call.</summary>
    private static async Task<long[]> InboxesAsync(ChatTransaction transaction, long chatId, long principalId, CancellationToken ct)
    {
        List<long> inboxes = [];
        if (await transaction.ScalarAsync<long?>(CallSql.Inbox, new { principalId }, ct) is { } own) inboxes.Add(own);
        if (await transaction.ScalarAsync<long?>(CallSql.FindLive, new { chatId }, ct) is { } callId)
            inboxes.AddRange((await transaction.QueryAsync<Placed>(CallSql.Place, new { callId }, ct)).Select(seat => seat.Inbox));
        return [.. inboxes];
    }

    private static async Task<Dictionary<long, Called>> ReadCalledAsync(
        ChatTransaction transaction, long chatId, long callerId, bool onlyCaller, CancellationToken ct) =>
        (await transaction.QueryAsync<Called>(CallSql.Judge, new { chatId, callerId, onlyCaller }, ct)).ToDictionary(one => one.PrincipalId);

    private static CallOutcome Refused(CallStatus status) => new(status, 0);

    /// <summary>Again while somebody comes to the call between the look at who is in it and the lock.</summary>
    /// <param name="attempt">Null: look again.</param>
    private static async Task<T> LookAsync<T>(Func<Task<T?>> attempt)
        where T : struct
    {
        for (int looks = 0; looks < MaxLooks; looks++)
        {
            if (await ChatTransaction.RepeatAsync(attempt) is { } known) return known;
        }

        throw new TimeoutException("People came to a call faster than it could be changed."); // told as a database that does not answer
    }

    /// <param name="principalId">Who must be called to it; null for nobody in particular.</param>
    private Task<CallStatus> ChangeAsync(
        long callId, long? principalId, Func<ChatTransaction, LockedCall, Task<CallStatus>> change, CancellationToken ct) =>
        LookAsync(() => TryChangeAsync(callId, principalId, change, ct));

    private async Task<CallStatus?> TryChangeAsync(
        long callId, long? principalId, Func<ChatTransaction, LockedCall, Task<CallStatus>> change, CancellationToken ct)
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        List<Placed> seats = [.. await transaction.QueryAsync<Placed>(CallSql.Place, new { callId }, ct)];
        if (seats.Count == 0) return CallStatus.CallNotFound;

        await transaction.LockAsync([seats[0].ChatId, .. seats.Select(seat => seat.Inbox)], ct);
        LockedCall? call = await LockedCall.ReadAsync(transaction, callId, ct);
        if (call is null) return null;
        if (principalId is { } who && call.Find(who) is null) return CallStatus.CallNotFound;

        CallStatus status = await change(transaction, call);
        if (status == CallStatus.Done) await transaction.CommitAsync(sink, ct);
        return status;
    }

    private sealed record Placed(long ChatId, long Inbox);

    private sealed record Same(long CallId, long ChatId);

    private sealed record Called(long PrincipalId, short Role, long Inbox, bool IsBlocked, bool TakesCalls, bool IsBusy);
}
