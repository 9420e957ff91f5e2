using Chat.Storage.Calls;
using Chat.Storage.Chats;
using Chat.Storage.Tests.ChatLog;
using Npgsql;

namespace Chat.Storage.Tests.Calls;

/// <summary>What the database itself keeps of calls: one a chat, one a person, and each change once.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class CallStoreTests
{
    private static readonly CallBounds Bounds = new(8, 4, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(30));

    [Test, CancelAfter(30_000)]
    public async Task The_schema_lets_no_second_live_call_into_a_chat_and_nobody_into_two(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        CallStore store = new(fixture.Database.Source, fixture.Events);
        long first = await StartAsync(store, fixture.Group, fixture.Anna, ct);
        long other = await fixture.People.CreateGroupAsync(fixture.Anna, fixture.Ben);

        Assert.That(
            await ThrownAsync(fixture, $"insert into calls (chat_id, caller_id, kind) values ({fixture.Group}, {fixture.Ben}, 1)", ct),
            Is.EqualTo("calls_live"));
        Assert.That(
            await ThrownAsync(
                fixture,
                $"""
                with c as (insert into calls (chat_id, caller_id, kind) values ({other}, {fixture.Anna}, 1) returning id)
                insert into call_participants (call_id, principal_id, state, device_id, endpoint_id, joined_at, due_at)
                select id, {fixture.Anna}, 2, 1, gen_random_uuid(), now(), now() from c
                """,
                ct),
            Is.EqualTo("call_participants_in"));
        Assert.That((await store.StartAsync(other, CallKinds.Voice, New(fixture.Anna), Bounds, ct)).Status, Is.EqualTo(CallStatus.InAnotherCall));
        Assert.That((await store.StartAsync(fixture.Group, CallKinds.Voice, New(fixture.Ben), Bounds, ct)).CallId, Is.EqualTo(first), "it is answered");
    }

    [Test, CancelAfter(60_000), Repeat(5)]
    public async Task Everything_at_once_leaves_one_call_that_ends_once(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        CallStore one = new(fixture.Database.Source, fixture.Events), other = new(fixture.Database.Source, fixture.Events);
        long callId = await StartAsync(one, fixture.Group, fixture.Anna, ct);
        await DueAsync(fixture, callId, ct);

        await Task.WhenAll(
            one.ExpireAsync(ct), other.ExpireAsync(ct), one.EndAsync(callId, fixture.Anna, null, ct), other.DeclineAsync(callId, fixture.Ben, ct),
            other.AnswerAsync(callId, New(fixture.Ben), Bounds, ct), one.EndAsync(callId, fixture.Ben, null, ct));

        CallRow call = (await new CallReader(fixture.Database.Source).FindAsync(callId, fixture.Anna, ct))!;
        Assert.That(call.EndedAtMs, Is.Not.Null);
        Assert.That(call.Seats.Select(seat => seat.State), Is.All.GreaterThan(SeatStates.In));
        await using NpgsqlCommand count = fixture.Database.Source.CreateCommand(
            "select count(*) filter (where kind = 44), count(*) filter (where kind = 43) from events where subject_id = $1");
        count.Parameters.AddWithValue(callId);
        await using NpgsqlDataReader reader = await count.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        Assert.That((reader.GetInt64(0), reader.GetInt64(1)), Is.EqualTo((1L, 2L)), "one line in the chat, and one end for each of the two");
    }

    [Test, CancelAfter(60_000)]
    public async Task One_call_that_cannot_be_ended_keeps_no_other_from_it(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        CallStore store = new(fixture.Database.Source, fixture.Events);
        long stuck = await StartAsync(store, fixture.Group, fixture.Anna, ct);
        long cora = await fixture.People.CreateAsync(), dora = await fixture.People.CreateAsync();
        long good = await StartAsync(store, await fixture.People.CreateGroupAsync(cora, dora), cora, ct);
        await DueAsync(fixture, stuck, ct);
        await DueAsync(fixture, good, ct);
        await RunAsync(fixture, $"alter table calls add constraint stuck check (id <> {stuck} or status = 1)", ct);

        await Assert.ThrowsAsync<PostgresException>(() => store.ExpireAsync(ct));

        CallReader calls = new(fixture.Database.Source);
        Assert.That((await calls.FindAsync(good, cora, ct))!.Status, Is.EqualTo(CallStatuses.Missed));
        Assert.That((await calls.FindAsync(stuck, fixture.Anna, ct))!.Status, Is.EqualTo(CallStatuses.Ringing));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_call_whose_chat_is_held_keeps_no_other_from_its_end_and_each_part_is_counted(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await using NpgsqlDataSource hasty = fixture.CreateSource(fixture.Database.ConnectionString + ";Command Timeout=1");
        CallStore store = new(hasty, fixture.Events);
        long cora = await fixture.People.CreateAsync(), dora = await fixture.People.CreateAsync(), emil = await fixture.People.CreateAsync();
        long good = await StartAsync(store, await fixture.People.CreateGroupAsync(cora, dora, emil), cora, ct);
        await DueAsync(fixture, good, ct);
        Assert.That(await store.ExpireAsync(ct), Is.EqualTo(2), "two who rang, of one call");

        List<long> calls = [];
        long stuck = await StartAsync(store, fixture.Group, fixture.Anna, ct);
        for (int i = 0; i < 5; i++)
        {
            long caller = await fixture.People.CreateAsync(), called = await fixture.People.CreateAsync();
            calls.Add(await StartAsync(store, await fixture.People.CreateGroupAsync(caller, called), caller, ct));
        }

        foreach (long callId in (long[])[stuck, .. calls]) await DueAsync(fixture, callId, ct);
        await using NpgsqlConnection holder = await HoldAsync(fixture, ct);
        await Assert.ThrowsAsync<NpgsqlException>(() => store.ExpireAsync(ct));

        Assert.That(await StatusesAsync(fixture, calls, ct), Is.All.EqualTo(CallStatuses.Missed));
        Assert.That(await StatusesAsync(fixture, [stuck], ct), Is.All.EqualTo(CallStatuses.Ringing));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_may_not_and_what_is_over_wait_for_no_lock(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        CallStore store = new(fixture.Database.Source, fixture.Events);
        CallPlace here = New(fixture.Anna);
        long over = (await store.StartAsync(fixture.Group, CallKinds.Voice, here, Bounds, ct)).CallId;
        await store.EndAsync(over, fixture.Anna, null, ct);
        long live = await StartAsync(store, fixture.Group, fixture.Anna, ct);
        long stranger = await fixture.People.CreateAsync();
        await using NpgsqlConnection holder = await HoldAsync(fixture, ct);

        async Task<T> AtOnceAsync<T>(Task<T> answer) => await answer.WaitAsync(TimeSpan.FromSeconds(5), ct);
        Assert.That(await AtOnceAsync(store.EndAsync(live, stranger, null, ct)), Is.EqualTo(CallStatus.CallNotFound));
        Assert.That(await AtOnceAsync(store.AnswerAsync(live, New(stranger), Bounds, ct)), Is.EqualTo(CallStatus.CallNotFound));
        Assert.That(await AtOnceAsync(store.EndAsync(over, fixture.Anna, null, ct)), Is.EqualTo(CallStatus.Done));
        Assert.That(await AtOnceAsync(store.AnswerAsync(over, New(fixture.Ben), Bounds, ct)), Is.EqualTo(CallStatus.Over));
        Assert.That((await AtOnceAsync(store.StartAsync(fixture.Group, CallKinds.Voice, here, Bounds, ct))).CallId, Is.EqualTo(over), "the same again");
        Assert.That(
            (await AtOnceAsync(store.StartAsync(fixture.Group, CallKinds.Voice, New(fixture.Ben), Bounds with { MaxRung = 1 }, ct))).Status,
            Is.EqualTo(CallStatus.TooManyMembers));
        Task<CallStatus> mayDo = store.EndAsync(live, fixture.Anna, null, ct);
        Assert.That(await Task.WhenAny(mayDo, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, ct)), Is.Not.SameAs(mayDo), "who may change it waits");
        await holder.CloseAsync();
        Assert.That(await mayDo, Is.EqualTo(CallStatus.Done));
    }

    [Test, CancelAfter(60_000)]
    public async Task The_line_in_the_chat_says_for_how_long_as_the_history_does(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        CallStore store = new(fixture.Database.Source, fixture.Events);
        long callId = await StartAsync(store, fixture.Group, fixture.Anna, ct);
        await store.AnswerAsync(callId, New(fixture.Ben), Bounds, ct);
        // Between the lock and the end something takes time.
        await RunAsync(
            fixture,
            """
            create function take_time() returns trigger language plpgsql as $$ begin perform pg_sleep(1.1); return new; end $$;
            create trigger take_time before update on call_participants for each row execute function take_time()
            """,
            ct);

        Assert.That(await store.EndAsync(callId, fixture.Anna, null, ct), Is.EqualTo(CallStatus.Done));

        CallRow call = (await new CallReader(fixture.Database.Source).FindAsync(callId, fixture.Anna, ct))!;
        await using NpgsqlCommand read = fixture.Database.Source.CreateCommand("select body from events where kind = 44 and subject_id = $1");
        read.Parameters.AddWithValue(callId);
        Assert.That(await read.ExecuteScalarAsync(ct), Is.EqualTo($"voice ended {(call.EndedAtMs - call.AnsweredAtMs) / 1_000}"));
    }

    /// <summary>Holds the row of the group's chat, until the connection is closed.</summary>
    private static async Task<NpgsqlConnection> HoldAsync(ChatLogFixture fixture, CancellationToken ct)
    {
        NpgsqlConnection connection = await fixture.Database.Source.OpenConnectionAsync(ct);
        await connection.BeginTransactionAsync(ct);
        await using NpgsqlCommand hold = new("select from chats where id = $1 for update", connection);
        hold.Parameters.AddWithValue(fixture.Group);
        await hold.ExecuteNonQueryAsync(ct);
        return connection;
    }

    private static async Task<List<short>> StatusesAsync(ChatLogFixture fixture, List<long> calls, CancellationToken ct)
    {
        await using NpgsqlCommand find = fixture.Database.Source.CreateCommand("select status from calls where id = any($1)");
        find.Parameters.AddWithValue(calls);
        await using NpgsqlDataReader reader = await find.ExecuteReaderAsync(ct);
        List<short> statuses = [];
        while (await reader.ReadAsync(ct)) statuses.Add(reader.GetInt16(0));
        return statuses;
    }

    private static CallPlace New(long principalId) => new(principalId, 1, Guid.NewGuid());

    private static async Task<long> StartAsync(CallStore store, long chatId, long callerId, CancellationToken ct)
    {
        CallOutcome started = await store.StartAsync(chatId, CallKinds.Voice, New(callerId), Bounds, ct);
        Assert.That(started.Status, Is.EqualTo(CallStatus.Done));
        return started.CallId;
    }

    private static Task DueAsync(ChatLogFixture fixture, long callId, CancellationToken ct) =>
        RunAsync(fixture, $"update call_participants set due_at = clock_timestamp() where call_id = {callId} and state = 1", ct);

    private static async Task RunAsync(ChatLogFixture fixture, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = fixture.Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The constraint that forbids it.</summary>
    private static async Task<string?> ThrownAsync(ChatLogFixture fixture, string sql, CancellationToken ct) =>
        (await Assert.ThrowsAsync<PostgresException>(() => RunAsync(fixture, sql, ct)))?.ConstraintName;
}
