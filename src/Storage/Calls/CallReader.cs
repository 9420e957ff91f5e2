using Dapper;
using Npgsql;

namespace Chat.Storage.Calls;

/// <summary>Reads calls as those see them who are, or were, called, and what signals and signs of life go by. Thread-safe.</summary>
public sealed class CallReader(NpgsqlDataSource source)
{
    private const string Columns = """
        c.id as "Id", c.chat_id as "ChatId", c.caller_id as "CallerId", c.receiver_id as "ReceiverId", c.kind as "Kind", c.status as "Status",
            c.reason as "Reason", floor(extract(epoch from c.started_at) * 1000)::bigint as "StartedAtMs",
            floor(extract(epoch from c.answered_at) * 1000)::bigint as "AnsweredAtMs",
            floor(extract(epoch from c.ended_at) * 1000)::bigint as "EndedAtMs",
            (select floor(extract(epoch from max(r.due_at)) * 1000)::bigint from call_participants r
                where r.call_id = c.id and r.state = 1 and c.status <= 2) as "RingsUntilMs",
            floor(extract(epoch from case
                when exists (
                    select from members m where m.chat_id = c.chat_id and m.principal_id = @principalId and m.left_at_sequence is null) then null
                when exists (select from chats h where h.id = c.chat_id and h.deleted_at is not null) then mine.gone_at
                else coalesce(
                    (select e.created_at from members m join events e on e.chat_id = m.chat_id and e.sequence = m.left_at_sequence
                        where m.chat_id = c.chat_id and m.principal_id = @principalId order by m.left_at_sequence desc limit 1),
                    mine.left_at, c.started_at) end) * 1000)::bigint as "GoneAtMs"
        """;

    private const string Find = $"""
        select {Columns} from call_participants mine join calls c on c.id = mine.call_id
        where mine.principal_id = @principalId and mine.call_id = @callId
        """;

    // Of somebody with ten thousand calls, as many rows of the index are read as the page has, and those that the direction leaves out.
    private const string List = $"""
        select {Columns} from call_participants mine join calls c on c.id = mine.call_id
        where mine.principal_id = @principalId and mine.call_id < @before
            and (@outgoing::boolean is null or (c.caller_id = @principalId) = @outgoing) and (not @missed or mine.state in (5, 6))
        order by mine.call_id desc limit @limit
        """;

    // Live are those that ring the person, that the person is in, and those it was called to and may still join; there is one a chat.
    private const string ListActive = $"""
        select {Columns} from call_participants mine join calls c on c.id = mine.call_id
        where mine.principal_id = @principalId
            and c.id = any(array(
                select l.id from calls l join members own on own.chat_id = l.chat_id
                where own.principal_id = @principalId and own.left_at_sequence is null and l.status <= 2))
        order by c.id desc limit @limit
        """;

    private const string ListSeats = """
        select call_id as "CallId", principal_id as "PrincipalId", state as "State", endpoint_id as "EndpointId",
            floor(extract(epoch from joined_at) * 1000)::bigint as "JoinedAtMs", floor(extract(epoch from left_at) * 1000)::bigint as "LeftAtMs"
        from call_participants where call_id = any(@ids) order by call_id, principal_id
        """;

    private const string Sum = """
        select c.kind as "Kind", c.status as "Status", c.caller_id = @principalId as "IsOutgoing", mine.state as "State", count(*) as "Count",
            floor(extract(epoch from sum(mine.talked)) * 1000)::bigint as "TalkedMs"
        from call_participants mine join calls c on c.id = mine.call_id
        where mine.principal_id = @principalId and c.started_at >= @from and c.started_at < @to and c.status > 2
        group by 1, 2, 3, 4
        """;

    private const string CountPeople = """
        select count(distinct other.principal_id) from call_participants mine join calls c on c.id = mine.call_id
        join call_participants other on other.call_id = mine.call_id and other.principal_id <> mine.principal_id and other.joined_at is not null
        where mine.principal_id = @principalId and mine.joined_at is not null and c.started_at >= @from and c.started_at < @to and c.status = 3
        """;

    /// <summary>Null where there is none for this person.</summary>
    public async Task<CallRow?> FindAsync(long callId, long principalId, CancellationToken ct) =>
        (await ReadAsync(Find, principalId, new { callId, principalId }, ct)).SingleOrDefault();

    /// <summary>The newest first.</summary>
    /// <param name="before">Calls with a lower id; null for the first page.</param>
    /// <param name="outgoing">Only those that the person made, or only the others; null for all.</param>
    /// <param name="missed">Only those that the person missed.</param>
    public Task<IReadOnlyList<CallRow>> ListAsync(
        long principalId, long? before, bool? outgoing, bool missed, int limit, CancellationToken ct) =>
        ReadAsync(List, principalId, new { principalId, before = before ?? long.MaxValue, outgoing, missed, limit }, ct);

    /// <summary>Those that ring or are talked in.</summary>
    public Task<IReadOnlyList<CallRow>> ListActiveAsync(long principalId, int limit, CancellationToken ct) =>
        ReadAsync(ListActive, principalId, new { principalId, limit }, ct);

    /// <summary>What ended calls that began in a time add up to, and with how many people the person talked.</summary>
    public async Task<(IReadOnlyList<CallCount> Counts, long People)> SumAsync(
        long principalId, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var values = new { principalId, from = FarTime.Clamp(from), to = FarTime.Clamp(to) };
        IEnumerable<CallCount> counts = await connection.QueryAsync<CallCount>(new CommandDefinition(Sum, values, cancellationToken: ct));
        return ([.. counts], await connection.ExecuteScalarAsync<long>(new CommandDefinition(CountPeople, values, cancellationToken: ct)));
    }

    /// <summary>Who is in a call that was answered, and where; empty when it is none.</summary>
    public async Task<IReadOnlyList<CallRoute>> FindRoutesAsync(long callId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<CallRoute>(new CommandDefinition(CallSql.Routes, new { callId }, cancellationToken: ct))];
    }

    /// <summary>A participant is still there. False: it is not in the call, or not any more.</summary>
    public async Task<bool> KeepAsync(long callId, CallPlace place, TimeSpan lease, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var values = new
        {
            callId,
            principalId = place.PrincipalId,
            deviceId = place.DeviceId,
            endpointId = place.EndpointId,
            lease = lease.TotalSeconds,
        };
        return await connection.ExecuteAsync(new CommandDefinition(CallSql.Keep, values, cancellationToken: ct)) > 0;
    }

    private async Task<IReadOnlyList<CallRow>> ReadAsync(string sql, long principalId, object values, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        List<CallRow> calls = [.. await connection.QueryAsync<CallRow>(new CommandDefinition(sql, values, cancellationToken: ct))];
        if (calls.Count == 0) return calls;
        ILookup<long, CallSeatRow> seats = (await connection.QueryAsync<CallSeatRow>(new CommandDefinition(
            ListSeats, new { ids = calls.Select(call => call.Id).ToArray() }, cancellationToken: ct))).ToLookup(seat => seat.CallId);
        return [.. calls.Select(call => (call with { Seats = [.. seats[call.Id]] }).AsKnownTo(principalId))];
    }
}
