using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.TestKit;
using Npgsql;
using static Chat.Storage.Tests.ChatLog.ChatLogFixture;

namespace Chat.Storage.Tests.ChatLog;

/// <summary>The SQLSTATE rules and the unknown commit, against a real server.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ChatLogFaultTests
{
    [Test, CancelAfter(60_000), Property("Promise", "P5"), Property("Fault", "F-07")]
    public async Task Commit_whose_reply_is_lost_is_found_again_by_its_id()
    {
        const int Rounds = 30;
        await using ChatLogFixture fixture = await CreateAsync();
        await using var proxy = new PostgresProxy(fixture.Database.ConnectionString);
        ChatLogWriter writer = fixture.CreateWriter(
            fixture.CreateSource(proxy.ConnectionString), new ChatLogOptions { MinBackOff = TimeSpan.FromMilliseconds(1) });
        await writer.AppendAsync(Message(fixture.Group, fixture.Ben));

        for (int i = 0; i < Rounds; i++)
        {
            proxy.SwallowNextReply();
            AppendOutcome outcome = await writer.AppendAsync(Message(fixture.Group, fixture.Ben, $"{i}"));

            Assert.That(outcome.Status, Is.AnyOf(AppendStatus.Appended, AppendStatus.Duplicate));
            Assert.That(outcome.Sequence, Is.EqualTo(4 + i));
        }

        Assert.That(proxy.Swallowed, Is.EqualTo(Rounds));
        Assert.That(writer.UnknownBatches, Is.EqualTo(Rounds));
        await fixture.AssertDenseAsync(fixture.Group);
        Assert.That(fixture.Events.Of(fixture.Group).Select(e => e.Sequence), Is.EqualTo(Enumerable.Range(1, 3 + Rounds)), "each was told once");
    }

    [Test, CancelAfter(60_000), Property("Promise", "P5")]
    public async Task Request_lost_on_its_way_is_stored_by_the_second_try()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        await using var proxy = new PostgresProxy(fixture.Database.ConnectionString);
        ChatLogWriter writer = fixture.CreateWriter(
            fixture.CreateSource(proxy.ConnectionString), new ChatLogOptions { MinBackOff = TimeSpan.FromMilliseconds(1) });
        await writer.AppendAsync(Message(fixture.Group, fixture.Ben));

        for (int i = 0; i < 10; i++)
        {
            proxy.CutBeforeNextRequest();
            Assert.That((await writer.AppendAsync(Message(fixture.Group, fixture.Ben, $"{i}"))).Sequence, Is.EqualTo(4 + i));
        }
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(60_000), Property("Promise", "P5"), Property("Issue", 4)]
    public async Task A_message_that_is_given_up_in_doubt_is_said_to_be_so_before_its_sender_hears_of_it()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        await using var proxy = new PostgresProxy(fixture.Database.ConnectionString);
        var options = new ChatLogOptions { MinBackOff = TimeSpan.FromMinutes(1), Deadline = TimeSpan.FromSeconds(5) }; // no second try
        ChatLogWriter writer = fixture.CreateWriter(fixture.CreateSource(proxy.ConnectionString), options);
        await writer.AppendAsync(Message(fixture.Group, fixture.Ben));

        proxy.SwallowNextReply();
        AppendOutcome outcome = await writer.AppendAsync(Message(fixture.Group, fixture.Ben));

        Assert.That(outcome.Status, Is.EqualTo(AppendStatus.Unavailable));
        Assert.That(fixture.Events.InDoubt, Is.EqualTo(new[] { fixture.Group }));
        Assert.That(await new HeadStore(fixture.Database.Source).ReadHeadAsync(fixture.Group, default), Is.EqualTo(4), "it is stored");
    }

    [Test, CancelAfter(60_000), Property("Promise", "P5"), Property("Issue", 4)]
    public async Task A_refusal_of_the_moment_is_none_while_an_earlier_attempt_is_in_doubt()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        long cara = await fixture.People.CreateAsync();
        await using var proxy = new PostgresProxy(fixture.Database.ConnectionString);
        ChatLogWriter writer = fixture.CreateWriter(
            fixture.CreateSource(proxy.ConnectionString), new ChatLogOptions { MinBackOff = TimeSpan.FromMilliseconds(1) });
        await writer.AppendAsync(Message(fixture.Group, fixture.Ben));
        NewEvent message = Message(fixture.Group, cara);

        proxy.CutBeforeNextRequest();
        AppendOutcome inDoubt = await writer.AppendAsync(message);
        AppendOutcome certain = await writer.AppendAsync(message);

        Assert.That((inDoubt.Status, certain.Status), Is.EqualTo((AppendStatus.Unavailable, AppendStatus.NotAMember)));
        Assert.That(fixture.Events.InDoubt, Is.EqualTo(new[] { fixture.Group }));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P12"), Property("Fault", "F-08")]
    public async Task While_PostgreSQL_is_silent_nobody_waits_but_who_found_out_and_then_all_goes_on(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await CreateAsync();
        string folder = Directory.CreateTempSubdirectory("chat-silent-").FullName;
        string connectionString;
        await using (PostgresProxy first = new(fixture.Database.ConnectionString, folder)) connectionString = first.ConnectionString;
        ChatLogWriter writer = fixture.CreateWriter(
            fixture.CreateSource(connectionString),
            new ChatLogOptions { Deadline = TimeSpan.FromMilliseconds(300), MaxQueueAge = TimeSpan.FromMilliseconds(100), MaxBatchEvents = 1 });

        // The first finds out; the second waits behind it and is told with it, not after a deadline of its own.
        AppendOutcome found = await writer.AppendAsync(Message(fixture.Group, fixture.Ben));
        ValueTask<AppendOutcome> behind = writer.AppendAsync(Message(fixture.Group, fixture.Ben));

        Assert.That(found.Status, Is.EqualTo(AppendStatus.Busy));
        Assert.That((await behind).Status, Is.EqualTo(AppendStatus.Busy));
        ValueTask<AppendOutcome> refused = writer.AppendAsync(Message(fixture.Group, fixture.Ben));
        Assert.That(refused.IsCompletedSuccessfully, "refused at once");
        Assert.That((await refused).Status, Is.EqualTo(AppendStatus.Busy));

        Directory.CreateDirectory(folder); // it went with the proxy
        await using PostgresProxy again = new(fixture.Database.ConnectionString, folder);
        while ((await writer.AppendAsync(Message(fixture.Group, fixture.Ben, "at last"))).Status != AppendStatus.Appended)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(120_000), Property("Promise", "P1"), Property("Promise", "P4"), Property("Fault", "F-06")]
    public async Task Terminated_backends_lose_nothing_and_double_nothing()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter[] writers =
        [
            .. Enumerable.Range(0, 2).Select(_ => fixture.CreateWriter(
                fixture.CreateSource(fixture.Database.ConnectionString), new ChatLogOptions { MinBackOff = TimeSpan.FromMilliseconds(1) })),
        ];
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        using var done = new CancellationTokenSource();

        Task<Dictionary<Guid, long>>[] sending = [.. writers.Select(writer => SendUntilAsync(fixture, writer, done.Token))];
        int killed = 0;
        for (int i = 0; i < 150; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 25)), TimeProvider.System);
            await using NpgsqlCommand kill = fixture.Database.Source.CreateCommand(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and "
                + "application_name = 'chat other'");
            killed += (int)(long)(await kill.ExecuteScalarAsync())!;
        }
        await done.CancelAsync();
        Dictionary<Guid, long>[] acked = await Task.WhenAll(sending);

        TestContext.Out.WriteLine($"{killed} backends killed, {acked.Sum(all => all.Count)} acked, {writers.Sum(w => w.UnknownBatches)} batches in doubt");
        Assert.That(writers.Sum(writer => writer.UnknownBatches), Is.GreaterThan(0), "the test has tested something");
        await fixture.AssertDenseAsync(fixture.Group);
        Dictionary<Guid, long> stored = (await fixture.ReadAllAsync(fixture.Group)).Where(e => e.ClientMessageId is not null)
            .ToDictionary(e => e.ClientMessageId!.Value, e => e.Sequence); // throws on a double
        foreach ((Guid id, long sequence) in acked.SelectMany(all => all))
            Assert.That(stored[id], Is.EqualTo(sequence));
        Assert.That(stored, Has.Count.EqualTo(acked.Sum(all => all.Count)), "every send was retried until it was acked");
    }

    [Test, CancelAfter(60_000), Property("Promise", "P12"), Property("Fault", "F-08")]
    public async Task When_storage_stalls_new_events_are_busy_within_the_queue_age_and_those_in_hand_go_on_later()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        var options = new ChatLogOptions { MaxQueueAge = TimeSpan.FromMilliseconds(200) };
        ChatLogWriter writer = fixture.CreateWriter(options: options);
        await writer.AppendAsync(Message(fixture.Group, fixture.Ben));
        await using NpgsqlConnection holder = await fixture.Database.Source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select from chats where id = {fixture.Group} for update", holder))
            await hold.ExecuteNonQueryAsync();

        ValueTask<AppendOutcome> inHand = writer.AppendAsync(Message(fixture.Group, fixture.Ben));
        // The lock outlives lock_timeout (55P03) at least once.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System);
        AppendOutcome refused = await writer.AppendAsync(Message(fixture.Group, fixture.Ben));
        await transaction.RollbackAsync();

        Assert.That(refused.Status, Is.EqualTo(AppendStatus.Busy));
        Assert.That((await inHand).Status, Is.EqualTo(AppendStatus.Appended));
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(60_000), Property("Fault", "F-09")]
    public async Task Read_only_server_stores_nothing_and_the_log_recovers_by_itself()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        var options = new ChatLogOptions { Deadline = TimeSpan.FromMilliseconds(400), RetryAfter = TimeSpan.FromMilliseconds(10) };
        ChatLogWriter writer = fixture.CreateWriter(options: options);
        await writer.AppendAsync(Message(fixture.Group, fixture.Ben));
        string database = new NpgsqlConnectionStringBuilder(fixture.Database.ConnectionString).Database!;
        await fixture.ExecuteAsync($"alter database {database} set default_transaction_read_only = on");
        await TerminateOthersAsync(fixture);

        AppendOutcome refused = await writer.AppendAsync(Message(fixture.Group, fixture.Ben));
        await fixture.ExecuteAsync($"begin read write; alter database {database} reset default_transaction_read_only; commit");
        await TerminateOthersAsync(fixture);
        AppendOutcome after = await SendUntilAckedAsync(writer, Message(fixture.Group, fixture.Ben));

        // The cut connection left it in doubt, or the new one refused it for certain: both tell the client to come again.
        Assert.That(refused.Status, Is.AnyOf(AppendStatus.Busy, AppendStatus.Unavailable));
        Assert.That(after.Sequence, Is.EqualTo(4));
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(60_000)]
    public async Task Server_that_is_gone_is_busy_for_certain_after_the_deadline()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        var builder = new NpgsqlConnectionStringBuilder(fixture.Database.ConnectionString) { Host = "/tmp/no-postgres-here" };
        ChatLogWriter writer = fixture.CreateWriter(
            fixture.CreateSource(builder.ConnectionString), new ChatLogOptions { Deadline = TimeSpan.FromMilliseconds(500) });

        AppendOutcome outcome = await writer.AppendAsync(Message(fixture.Group, fixture.Ben));

        Assert.That(outcome.Status, Is.EqualTo(AppendStatus.Busy), "nothing was ever sent, so it is certainly not stored");
    }

    [TestCase("22021", AppendFault.Data)]
    [TestCase("23503", AppendFault.Data)]
    [TestCase("23505", AppendFault.Race)]
    [TestCase("40001", AppendFault.Race)]
    [TestCase("40P01", AppendFault.Race)]
    [TestCase("53100", AppendFault.Full)]
    [TestCase("53200", AppendFault.Full)]
    [TestCase("53300", AppendFault.Full)]
    [TestCase("25006", AppendFault.Aborted)]
    [TestCase("55P03", AppendFault.Aborted)]
    [TestCase("57014", AppendFault.Aborted)]
    [TestCase("57P01", AppendFault.Unknown)]
    [TestCase("57P02", AppendFault.Unknown)]
    [TestCase("57P03", AppendFault.Unknown)]
    [TestCase("08006", AppendFault.Unknown)]
    public void Each_sqlstate_has_its_meaning(string state, object expected)
    {
        var exception = new PostgresException("message", "ERROR", "ERROR", state);

        Assert.That(AppendFaults.Classify(exception), Is.EqualTo(expected));
    }

    [Test]
    public void What_a_dying_server_says_is_in_doubt_whatever_its_code()
    {
        Assert.That(AppendFaults.Classify(new PostgresException("message", "FATAL", "FATAL", "53200")), Is.EqualTo(AppendFault.Unknown));
        Assert.That(AppendFaults.Classify(new NpgsqlException("eof", new EndOfStreamException())), Is.EqualTo(AppendFault.Unknown));
        Assert.That(AppendFaults.Classify(new NpgsqlException("slow", new TimeoutException())), Is.EqualTo(AppendFault.Unknown));
        Assert.That(AppendFaults.KeepsConnection(new NpgsqlException("slow", new TimeoutException())), Is.False);
    }

    private static async Task<Dictionary<Guid, long>> SendUntilAsync(ChatLogFixture fixture, ChatLogWriter writer, CancellationToken done)
    {
        var acked = new Dictionary<Guid, long>();
        while (!done.IsCancellationRequested)
        {
            NewEvent[] messages = [.. Enumerable.Range(0, 10).Select(_ => Message(fixture.Group, fixture.Ben))];
            Task<AppendOutcome>[] sends = [.. messages.Select(message => SendUntilAckedAsync(writer, message))];
            AppendOutcome[] outcomes = await Task.WhenAll(sends);
            for (int i = 0; i < messages.Length; i++)
                acked.Add(messages[i].ClientMessageId, outcomes[i].Sequence);
        }
        return acked;
    }

    /// <summary>What a client does: the same id again after busy and unavailable.</summary>
    private static async Task<AppendOutcome> SendUntilAckedAsync(ChatLogWriter writer, NewEvent message)
    {
        while (true)
        {
            AppendOutcome outcome = await writer.AppendAsync(message);
            if (outcome.Status is AppendStatus.Appended or AppendStatus.Duplicate) return outcome;
            Assert.That(outcome.Status, Is.AnyOf(AppendStatus.Busy, AppendStatus.Unavailable));
            await Task.Delay(outcome.RetryAfter, TimeProvider.System);
        }
    }

    private static Task TerminateOthersAsync(ChatLogFixture fixture) => fixture.ExecuteAsync(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

    [Test]
    public void A_server_that_speaks_another_language_is_understood()
    {
        var known = new PostgresException("doppelter Schlüsselwert", "FEHLER", "ERROR", PostgresErrorCodes.UniqueViolation);
        var cut = new PostgresException("Verbindung wird abgebrochen", "FATAL", "FATAL", "57P01");

        Assert.That(PlainAppendSql.TellsOtherwise(known));
        Assert.That(AppendFaults.KeepsConnection(known));
        Assert.That(AppendFaults.Classify(cut), Is.EqualTo(AppendFault.Unknown));
    }
}
