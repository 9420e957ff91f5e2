using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Cluster;
using Chat.Domain.Media;
using Chat.Protocol.Codes;
using Chat.Server.Cluster;
using Chat.Server.Jobs;
using Chat.Server.Sessions;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Jobs;
using Chat.Storage.Nodes;
using Chat.Storage.Receipts;
using Chat.Storage.Scheduled;
using Chat.Storage.Statuses;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Server.Tests.Jobs;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
internal sealed class JobRunnerTests
{
    private TestDatabase _database = null!;
    private JobStore _store = null!;

    [SetUp]
    public async Task CreateDatabaseAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _store = new JobStore(_database.Source);
        await ExecuteAsync("create table runs (id bigint generated always as identity, begun timestamptz, done timestamptz)");
    }

    [TearDown]
    public async Task DropDatabaseAsync() => await _database.DisposeAsync();

    [Test, CancelAfter(120_000)]
    public async Task Of_three_nodes_one_runs_each_time_that_a_job_is_due(CancellationToken ct)
    {
        const int Wanted = 40;
        TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task<string> RecordAsync(CancellationToken stop)
        {
            await using NpgsqlCommand begin = _database.Source.CreateCommand(
                "insert into runs (begun) values (clock_timestamp()) returning id");
            long id = (long)(await begin.ExecuteScalarAsync(CancellationToken.None))!;
            await using NpgsqlCommand end = _database.Source.CreateCommand("update runs set done = clock_timestamp() where id = $1");
            end.Parameters.AddWithValue(id);
            await end.ExecuteNonQueryAsync(CancellationToken.None);
            if (id >= Wanted) enough.TrySetResult();
            return "recorded";
        }

        ScriptedJob job = new("recorded", RecordAsync);
        JobRunner[] runners = [.. Enumerable.Range(1, 3).Select(node => Runner($"node{node}", TimeProvider.System, job))];
        foreach (JobRunner runner in runners) await runner.StartAsync(ct);
        await enough.Task.WaitAsync(ct);
        foreach (JobRunner runner in runners) await runner.StopAsync(ct);

        long given = await ScalarAsync("select run from jobs where name = 'recorded'");
        Assert.That(await ScalarAsync("select count(*) from runs"), Is.EqualTo(given));
        long overlapping = await ScalarAsync("select count(*) from runs a join runs b on a.id < b.id and b.begun < a.done");
        Assert.That(overlapping, Is.Zero, "runs beside each other");
        Assert.That(await ScalarAsync("select count(*) from jobs where last_outcome = 'recorded' and lease_owner is null"), Is.EqualTo(1));
    }

    [Test, CancelAfter(120_000)]
    public async Task The_job_of_a_node_that_was_killed_is_taken_over_when_its_lease_has_run_out(CancellationToken ct)
    {
        await _store.EnterAsync(["job"], ct);
        long killed = (await _store.TryTakeAsync("job", "killed", TimeSpan.FromSeconds(2), ct))!.Value;
        ScriptedJob job = new("job", _ => Task.FromResult("done by the heir"));
        JobRunner heir = Runner("heir", TimeProvider.System, job);

        Assert.That(await heir.RunIfDueAsync(job, ct), Is.False, "the lease still holds");
        while (!await heir.RunIfDueAsync(job, ct)) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);

        Assert.That(await _store.EndAsync("job", killed, "after all", TimeSpan.Zero, ct), Is.False, "who comes back notes nothing");
        Assert.That(await _store.RenewAsync("job", killed, TimeSpan.FromHours(1), ct), Is.False);
        Assert.That((await _store.ListAsync(ct)).Single().LastOutcome, Is.EqualTo("done by the heir"));
    }

    [Test, CancelAfter(120_000)]
    public async Task A_run_whose_lease_another_one_has_is_stopped_and_notes_nothing(CancellationToken ct)
    {
        await _store.EnterAsync(["job"], ct);
        ScriptedJob job = new("job", async stop =>
        {
            // As if this process had been stopped for longer than its lease, and another had run the job meanwhile.
            await ExecuteAsync("update jobs set run = run + 1, lease_owner = 'other', lease_until = clock_timestamp() + interval '1 hour'");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return "never";
        });
        JobRunner runner = Runner("slow", TimeProvider.System, job);

        Assert.That(await runner.RunIfDueAsync(job, ct));

        JobRow row = (await _store.ListAsync(ct)).Single();
        Assert.That((row.Owner, row.LastOutcome), Is.EqualTo(("other", (string?)null)));
    }

    [Test, CancelAfter(120_000)]
    public async Task A_long_run_keeps_its_lease(CancellationToken ct)
    {
        await _store.EnterAsync(["job"], ct);
        JobRunner other = Runner("other", TimeProvider.System);
        int tried = 0;
        ScriptedJob job = new("job", async stop =>
        {
            for (; tried < 15; tried++) // three leases
            {
                Assert.That(await other.RunIfDueAsync(new ScriptedJob("job", _ => Task.FromResult("twice")), stop), Is.False);
                await Task.Delay(Lease / 5, TimeProvider.System, stop);
            }

            return "alone";
        });

        Assert.That(await Runner("long", TimeProvider.System, job).RunIfDueAsync(job, ct));

        Assert.That(tried, Is.EqualTo(15));
        Assert.That((await _store.ListAsync(ct)).Single().LastOutcome, Is.EqualTo("alone"));
    }

    [TestCase(-20)]
    [TestCase(20)]
    [CancelAfter(120_000), Property("Promise", "P16")]
    public async Task A_node_whose_clock_is_years_off_runs_what_is_due_and_nothing_else(int years, CancellationToken ct)
    {
        await _store.EnterAsync(["job"], ct);
        ScriptedJob job = new("job", _ => Task.FromResult("done"), TimeSpan.FromHours(1));
        JobRunner runner = Runner("skewed", new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56 + years)), job);

        Assert.That(await runner.RunIfDueAsync(job, ct));
        Assert.That(await runner.RunIfDueAsync(job, ct), Is.False);
        long minutes = await ScalarAsync("select ceil(extract(epoch from next_at - clock_timestamp()) / 60)::bigint from jobs");
        Assert.That(minutes, Is.InRange(50, 60), "by PostgreSQL's clock");
    }

    [Test, CancelAfter(120_000)]
    public async Task A_job_that_fails_is_due_again_soon_and_does_not_stop_the_others(CancellationToken ct)
    {
        ScriptedJob bad = new("bad", _ => throw new InvalidOperationException("broken"), TimeSpan.FromDays(1));
        TaskCompletionSource ran = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedJob good = new("good", _ =>
        {
            ran.TrySetResult();
            return Task.FromResult("fine");
        });
        JobRunner runner = Runner("node", TimeProvider.System, bad, good);
        await runner.StartAsync(ct);
        await ran.Task.WaitAsync(ct);
        await runner.StopAsync(ct);

        Assert.That(await ScalarAsync("""
            select count(*) from jobs where name = 'bad' and last_outcome = 'failed: InvalidOperationException'
                and next_at < clock_timestamp() + interval '2 minutes'
            """), Is.EqualTo(1));
    }

    [Test, CancelAfter(120_000)]
    public async Task A_job_that_is_stopped_with_its_node_is_due_at_once_for_another(CancellationToken ct)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedJob job = new("job", async stop =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return "never";
        }, TimeSpan.FromDays(1));
        JobRunner leaving = Runner("leaving", TimeProvider.System, job);
        await leaving.StartAsync(ct);
        await begun.Task.WaitAsync(ct);
        await leaving.StopAsync(ct);

        ScriptedJob again = new("job", _ => Task.FromResult("done"));
        Assert.That(await Runner("staying", TimeProvider.System, again).RunIfDueAsync(again, ct));
    }

    [Test, CancelAfter(120_000)]
    public async Task Expired_refresh_tokens_go_and_the_others_stay(CancellationToken ct)
    {
        await new TestPeople(_database).CreateAsync();
        await ExecuteAsync("""
            insert into devices (principal_id, name) select id, 'phone' from principals;
            insert into refresh_tokens (token_hash, device_id, expires_at)
            select sha256(n::text::bytea), d.id, clock_timestamp() + (n - 12000) * interval '1 minute'
            from devices d, generate_series(1, 12010) n
            """);

        string outcome = await new ExpiredTokensJob(new DeviceStore(_database.Source, new RecordedEvents())).RunAsync(ct);

        Assert.That(outcome, Is.EqualTo("12000 tokens deleted"));
        Assert.That(await ScalarAsync("select count(*) from refresh_tokens"), Is.EqualTo(10));
    }

    [Test, CancelAfter(120_000)]
    public async Task Dead_invite_links_are_deleted(CancellationToken ct)
    {
        await new TestPeople(_database).CreateAsync();
        await ExecuteAsync("""
            insert into invites (code, chat_id, created_by, revoked_at)
            select n::text, inbox_chat_id, id, clock_timestamp() + interval '1 hour' - (n - 10) * interval '1 day' from principals, generate_series(1, 6010) n
            """);

        string outcome = await new DeadInvitesJob(new InviteStore(_database.Source, new RecordedEvents())).RunAsync(ct);

        Assert.That(outcome, Is.EqualTo("5970 links deleted"));
    }

    [Test, CancelAfter(120_000)]
    public async Task Finished_ceremonies_that_are_over_are_deleted(CancellationToken ct)
    {
        await ExecuteAsync("""
            insert into passkey_ceremonies (hash, expires_at)
            select sha256(n::text::bytea), clock_timestamp() + (n - 6000) * interval '1 minute' from generate_series(1, 6010) n
            """);

        string outcome = await new FinishedCeremoniesJob(new PasskeyStore(_database.Source, new RecordedEvents())).RunAsync(ct);

        Assert.That(outcome, Is.EqualTo("6000 ceremonies deleted"));
        Assert.That(await ScalarAsync("select count(*) from passkey_ceremonies"), Is.EqualTo(10));
    }

    [TestCase(30, "6000 minutes deleted", 10)]
    [TestCase(0, "6010 minutes deleted", 0)]
    [CancelAfter(120_000)]
    public async Task Times_of_receipts_are_kept_for_so_many_days_and_none_when_they_are_off(int days, string expected, long left, CancellationToken ct)
    {
        FakeTimeProvider time = new();
        int now = ReceiptTimeStore.MinuteOf(time.GetUtcNow());
        await ExecuteAsync($"""
            insert into receipt_minutes
            select n % 7, n, case when n <= 6000 then {now} - 30 * 1440 - n else {now} - 30 * 1440 + n - 6001 end, 0, 1, 0, 1 from generate_series(1, 6010) n
            """);

        string outcome = await new PastReceiptTimesJob(
            new ReceiptTimeStore(_database.Source), new ReceiptTimesOptions { KeptDays = days }, time).RunAsync(ct);

        Assert.That(outcome, Is.EqualTo(expected));
        await using NpgsqlCommand count = _database.Source.CreateCommand("select count(*) from receipt_minutes");
        Assert.That(await count.ExecuteScalarAsync(ct), Is.EqualTo(left));
    }

    [Test, CancelAfter(120_000)]
    public async Task Statuses_whose_time_is_over_are_deleted_with_the_views_of_them(CancellationToken ct)
    {
        await new TestPeople(_database).CreateAsync();
        await ExecuteAsync("""
            insert into statuses (author_id, client_status_id, kind, text, audience, created_at, expires_at)
            select id, gen_random_uuid(), 1, 'x', 1, now(), now() + (n - 250) * interval '1 minute' + interval '30 seconds' from principals, generate_series(0, 259) n
            """);
        await ExecuteAsync("insert into status_views (status_id, viewer_id, hidden) select s.id, p.id, false from statuses s, principals p");

        string outcome = await new PastStatusesJob(new StatusViewStore(_database.Source)).RunAsync(ct);

        Assert.That(outcome, Is.EqualTo("250 statuses and 250 views deleted"));
        Assert.That(await ScalarAsync("select count(*) from status_views"), Is.EqualTo(10));
    }

    [Test, CancelAfter(120_000)]
    public async Task Scheduled_messages_that_were_done_long_ago_are_deleted_and_the_files_of_them_go(CancellationToken ct)
    {
        await new TestPeople(_database).CreateAsync();
        await ExecuteAsync("""
            insert into blobs (id, owner_id, purpose, state, file_name, content_type, bytes, object_id)
            select gen_random_uuid(), id, 1, 2, 'a', 'image/png', 1, gen_random_uuid() from principals
            """);
        await ExecuteAsync("""
            insert into scheduled_messages (
                sender_id, chat_id, client_message_id, digest, body, blob_id, due_at, created_at, changed_at, state, reason, gone_at)
            select p.id, p.inbox_chat_id, gen_random_uuid(), '', 'x', case when n = 0 then b.id end, now(), now(), now(), 3, 201,
                now() + (n - 6000) * interval '1 minute' + interval '30 seconds'
            from principals p, blobs b, generate_series(0, 6009) n
            """);

        string outcome = await new PastScheduledJob(new ScheduledQueue(_database.Source, new RecordedEvents()), new MediaOptions()).RunAsync(ct);

        Assert.That(outcome, Is.EqualTo("6000 scheduled messages deleted"));
        Assert.That(await ScalarAsync("select count(*) from blobs where expires_at > now() + interval '23 hours'"), Is.EqualTo(1));
    }

    [Test, CancelAfter(120_000)]
    public async Task Dead_nodes_go_after_a_day(CancellationToken ct)
    {
        await ExecuteAsync("""
            insert into nodes (id, incarnation, version, protocol_version, schema_version, address, renewed_at) values
                ('old', 1, '1', 1, 2, 'x', clock_timestamp() - interval '25 hours'),
                ('new', 1, '1', 1, 2, 'x', clock_timestamp() - interval '23 hours')
            """);

        Assert.That(await new EndedNodesJob(new NodeStore(_database.Source)).RunAsync(ct), Is.EqualTo("1 nodes taken out"));
    }

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private JobRunner Runner(string node, TimeProvider time, params IJob[] jobs)
    {
        StartGate gate = new();
        gate.Open();
        AccessTokens tokens = new(new TokenOptions { SigningKey = new byte[32] }, time);
        ControlReceiver control = new(new DeviceRevocation(tokens, new NoSessions(), new InMemoryBus().Join()));
        JobOptions options = new()
        {
            Lease = Lease,
            ShortestPause = TimeSpan.FromMilliseconds(1),
            LongestPause = TimeSpan.FromMilliseconds(10),
        };
        JobParts parts = new(new NodeIdentity(node, 1), options, new LoopParts(gate, time, control));
        return new JobRunner(jobs, _store, parts, NullLogger<JobRunner>.Instance);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = _database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed class ScriptedJob(string name, Func<CancellationToken, Task<string>> run, TimeSpan? interval = null) : IJob
    {
        public string Name => name;

        public TimeSpan Interval => interval ?? TimeSpan.FromMilliseconds(5);

        public Task<string> RunAsync(CancellationToken ct) => run(ct);
    }

    private sealed class NoSessions : ISessions
    {
        public void Disconnect(long principalId, long deviceId, DisconnectCode code)
        {
            // Jobs end no sessions.
        }

        public bool IsConnected(long principalId, long deviceId) => false;
    }
}
