using System.Globalization;
using Chat.Storage.Chats;
using Chat.Storage.Tests.ChatLog;
using Npgsql;

namespace Chat.Storage.Tests.Chats;

/// <summary>What is left of a chat that was deleted for everyone goes in bounded steps, wherever a run ends, and nothing else goes.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ChatPurgeTests
{
    private const int Messages = 12_000;

    /// <summary>Every table that keeps something of a chat, but for the row of the chat itself, calls and scheduled messages, which are their people's.</summary>
    private static readonly string[] Tables =
    [
        "events", "members", "message_changes", "message_edits", "message_reactions", "quiet_events", "mentions", "starred_messages", "hidden_messages",
        "drafts", "invites", "search_words", "search_progress", "search_skipped", "receipt_minutes", "blob_messages", "admin_only_chats",
    ];

    [Test, CancelAfter(60_000)]
    public async Task Nothing_is_left_but_the_end_and_nothing_of_another_chat_is_touched(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        long other = await fixture.People.CreateGroupAsync(fixture.Anna, fixture.Ben);
        await FillAsync(fixture, fixture.Group, Messages);
        await FillAsync(fixture, other, 50);
        Dictionary<string, long> before = await CountAllAsync(fixture, other);
        Assert.That(before.Values, Is.All.GreaterThan(0), "every table is looked at");
        ChatDeletionStore deletions = new(fixture.Database.Source, fixture.Events);
        Assert.That((await deletions.DeleteAsync(fixture.Group, fixture.Anna, ct)).Status, Is.EqualTo(MembershipStatus.Done));
        ChatPurgeStore purge = new(fixture.Database.Source);
        Assert.That((await purge.RunAsync(TimeSpan.Zero, 1_000, ct)).Rows, Is.Zero, "not before all were told");
        while (await deletions.TellNextAsync(null, 219, ct)) continue;
        Assert.That((await purge.RunAsync(TimeSpan.FromHours(1), 1_000, ct)).Rows, Is.Zero, "not before its time");

        int runs = 0;
        PurgeReport report;
        do
        {
            report = await purge.RunAsync(TimeSpan.Zero, 1, ct); // one statement a run: it ends in the middle of everything
            runs++;
        }
        while (!report.IsDone && runs < 200);

        Assert.That((report.IsDone, report.Chats), Is.EqualTo((true, 1)));
        Assert.That(runs, Is.GreaterThan(10));
        Dictionary<string, long> after = await CountAllAsync(fixture, fixture.Group);
        Assert.That(after.Remove("events", out long events) ? events : 0, Is.EqualTo(1), "the event that says that it is deleted");
        Assert.That(after.Values, Is.All.Zero, string.Join(' ', after));
        Assert.That(await CountAllAsync(fixture, other), Is.EqualTo(before));
        Assert.That(await CountAsync(fixture, "select count(*) from chat_farewells"), Is.Zero);
        Assert.That(await CountAsync(fixture, $"select count(*) from chats where id = {fixture.Group} and name is null and member_count = 0"), Is.EqualTo(1));
        Assert.That(await CountAsync(fixture, $"select count(*) from blobs where chat_id = {fixture.Group} and state = 3"), Is.EqualTo(2), "a file and the picture");
        Assert.That((await purge.RunAsync(TimeSpan.Zero, 100, ct)), Is.EqualTo(new PurgeReport(0, 0, IsDone: true)), "once");
        Assert.That((await deletions.DeleteAsync(fixture.Group, fixture.Anna, ct)).Status, Is.EqualTo(MembershipStatus.AlreadyThere), "and it is remembered");
    }

    /// <summary>Other nodes are in the middle of the same chat, such as one that lost its lease: all come to an end, and each row goes once.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Two_runs_at_once_leave_nothing(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await FillAsync(fixture, fixture.Group, Messages);
        ChatDeletionStore deletions = new(fixture.Database.Source, fixture.Events);
        await deletions.DeleteAsync(fixture.Group, fixture.Anna, ct);
        while (await deletions.TellNextAsync(null, 219, ct)) continue;

        PurgeReport[] reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new ChatPurgeStore(fixture.Database.Source).RunAsync(TimeSpan.Zero, 1_000, ct)));

        Assert.That(reports.Select(report => report.IsDone), Is.All.True);
        Assert.That((await CountAllAsync(fixture, fixture.Group)).Values.Sum(), Is.EqualTo(1));
    }

    /// <summary>One node stops in the middle of a step, while another waits for the same chat: nothing is left out, and nothing counted twice.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Of_two_runs_one_ends_midway_and_the_other_leaves_nothing(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await FillAsync(fixture, fixture.Group, Messages);
        ChatDeletionStore deletions = new(fixture.Database.Source, fixture.Events);
        await deletions.DeleteAsync(fixture.Group, fixture.Anna, ct);
        while (await deletions.TellNextAsync(null, 219, ct)) continue;
        await using NpgsqlConnection holder = await fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction held = await holder.BeginTransactionAsync(ct);
        string middle = string.Create(CultureInfo.InvariantCulture, $"select from events where chat_id = {fixture.Group} and sequence = 8000 for update");
        await using (NpgsqlCommand hold = new(middle, holder, held)) await hold.ExecuteNonQueryAsync(ct);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        ChatPurgeStore purge = new(fixture.Database.Source);
        Task<PurgeReport> first = purge.RunAsync(TimeSpan.Zero, 1_000, stop.Token);
        string begun = string.Create(CultureInfo.InvariantCulture, $"select count(*) from events where chat_id = {fixture.Group}");
        long whole = await CountAsync(fixture, begun);
        while (await CountAsync(fixture, begun) > whole - ChatPurgeStore.RowsAtOnce) ct.ThrowIfCancellationRequested();
        Task<PurgeReport> second = purge.RunAsync(TimeSpan.Zero, 1_000, ct);

        await stop.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        await held.RollbackAsync(ct);
        PurgeReport report = await second;

        Assert.That((report.IsDone, report.Chats), Is.EqualTo((true, 1)));
        Assert.That((await CountAllAsync(fixture, fixture.Group)).Values.Sum(), Is.EqualTo(1));
    }

    /// <summary>What is being indexed just now is in the index before its words are looked for, though the row moves while it is waited for.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Words_that_are_written_meanwhile_go_too(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await FillAsync(fixture, fixture.Group, 50);
        ChatDeletionStore deletions = new(fixture.Database.Source, fixture.Events);
        await deletions.DeleteAsync(fixture.Group, fixture.Anna, ct);
        while (await deletions.TellNextAsync(null, 219, ct)) continue;
        await using NpgsqlConnection holder = await fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction indexing = await holder.BeginTransactionAsync(ct);
        string step = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            update search_progress set indexed_up_to = 51 where chat_id = {fixture.Group};
            update search_skipped set tries = tries + 1 where chat_id = {fixture.Group};
            insert into search_words (chat_id, word, sent_at, sequence) values ({fixture.Group}, 'late', 51, 51)
            """);
        await using (NpgsqlCommand claimed = new(step, holder, indexing)) await claimed.ExecuteNonQueryAsync(ct);

        Task<PurgeReport> run = new ChatPurgeStore(fixture.Database.Source).RunAsync(TimeSpan.Zero, 1_000, ct);
        const string waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        while (await CountAsync(fixture, waiting) == 0)
        {
            Assert.That(run.IsCompleted, Is.False, "it waits for the indexing");
            ct.ThrowIfCancellationRequested();
        }

        await indexing.CommitAsync(ct);
        Assert.That((await run).IsDone);
        Assert.That((await CountAllAsync(fixture, fixture.Group)).Values.Sum(), Is.EqualTo(1));
    }

    /// <summary>More pictures than one statement takes.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Pictures_go_however_many_there_are(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await fixture.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            insert into blobs (id, owner_id, chat_id, purpose, state, file_name, content_type, bytes, received, object_id)
            select gen_random_uuid(), {fixture.Anna}, {fixture.Group}, 3, 2, 'a', 'image/png', 9, 9, gen_random_uuid()
            from generate_series(0, {ChatPurgeStore.RowsAtOnce})
            """));
        ChatDeletionStore deletions = new(fixture.Database.Source, fixture.Events);
        await deletions.DeleteAsync(fixture.Group, fixture.Anna, ct);
        while (await deletions.TellNextAsync(null, 219, ct)) continue;

        Assert.That((await new ChatPurgeStore(fixture.Database.Source).RunAsync(TimeSpan.Zero, 1_000, ct)).IsDone);

        Assert.That(await CountAsync(fixture, $"select count(*) from blobs where chat_id = {fixture.Group} and state < 3"), Is.Zero);
    }

    /// <summary>Whatever is wrong with one chat, the people of the others are told, and the others purged.</summary>
    [Test, CancelAfter(60_000)]
    public async Task One_that_fails_always_does_not_stand_before_the_others(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        long other = await fixture.People.CreateGroupAsync(fixture.Anna, fixture.Ben);
        await fixture.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            create function is_broken() returns trigger language plpgsql as $$
            begin
                if new.chat_id = {{{fixture.Group}}} then raise exception 'broken'; end if;
                return new;
            end $$;
            create trigger broken before update on chat_farewells for each row execute function is_broken();
            """));
        ChatDeletionStore deletions = new(fixture.Database.Source, fixture.Events);
        foreach (long chat in (long[])[fixture.Group, other])
            Assert.That((await deletions.DeleteAsync(chat, fixture.Anna, ct)).Status, Is.EqualTo(MembershipStatus.Done));

        const string untold = "select count(*) from chat_farewells where not is_told";
        for (int tries = 0; tries < 64 && await CountAsync(fixture, untold) > 1; tries++)
        {
            try
            {
                await deletions.TellNextAsync(null, 219, ct);
            }
            catch (PostgresException broken) when (broken.MessageText == "broken")
            {
                continue;
            }
        }

        Assert.That(await CountAsync(fixture, untold), Is.EqualTo(1));
        await fixture.ExecuteAsync("drop trigger broken on chat_farewells");
        Assert.That(await deletions.TellNextAsync(null, 219, ct), Is.True);

        await fixture.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            create or replace function is_broken() returns trigger language plpgsql as $$
            begin
                if old.chat_id = {{{fixture.Group}}} then raise exception 'broken'; end if;
                return old;
            end $$;
            create trigger broken before delete on events for each row execute function is_broken();
            """));
        ChatPurgeStore purge = new(fixture.Database.Source);
        string left = string.Create(CultureInfo.InvariantCulture, $"select count(*) from deleted_chats where chat_id = {other} and purged_at is null");
        for (int tries = 0; tries < 64 && await CountAsync(fixture, left) > 0; tries++)
        {
            Assert.That(
                async () => await purge.RunAsync(TimeSpan.Zero, 1_000, ct),
                Throws.InstanceOf<PostgresException>().With.Property(nameof(PostgresException.MessageText)).EqualTo("broken"));
        }

        Assert.That(await CountAsync(fixture, left), Is.Zero);
    }

    /// <summary>A node of the version before lets a reader in that waited for the chat's lock: it is told to begin again.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Nobody_is_written_into_it_by_whoever_does_not_know(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await new ChatDeletionStore(fixture.Database.Source, fixture.Events).DeleteAsync(fixture.Group, fixture.Anna, ct);

        Assert.That(
            async () => await fixture.ExecuteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"insert into members (chat_id, principal_id, role, joined_at_sequence) values ({fixture.Group}, {fixture.Ben}, 1, 9)")),
            Throws.InstanceOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.SerializationFailure));
    }

    private static async Task<Dictionary<string, long>> CountAllAsync(ChatLogFixture fixture, long chatId)
    {
        Dictionary<string, long> counts = [];
        foreach (string table in Tables)
            counts[table] = await CountAsync(fixture, string.Create(CultureInfo.InvariantCulture, $"select count(*) from {table} where chat_id = {chatId}"));
        return counts;
    }

    private static async Task<long> CountAsync(ChatLogFixture fixture, string sql)
    {
        await using NpgsqlCommand command = fixture.Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Something of everything that is kept of a chat.</summary>
    private static Task FillAsync(ChatLogFixture fixture, long chat, int messages) => fixture.ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        insert into events (chat_id, sequence, kind, sender_id, created_at, client_message_id, body)
        select {chat}, s, 1, {fixture.Anna}, now(), gen_random_uuid(), 'hello' from generate_series(3, {messages}) s;
        update chats set head_sequence = {messages} where id = {chat};
        insert into message_changes (chat_id, sequence, as_of) select {chat}, s, s from generate_series(3, {messages}, 2) s;
        insert into message_edits (chat_id, message_sequence, edit_sequence) values ({chat}, 3, 4);
        insert into message_reactions (chat_id, sequence, principal_id, emoji, event_sequence) values ({chat}, 3, {fixture.Ben}, '👍', 5);
        insert into mentions (principal_id, chat_id, sequence) values ({fixture.Ben}, {chat}, 3);
        insert into starred_messages (principal_id, chat_id, sequence, event_sequence) select {fixture.Ben}, {chat}, s, s from generate_series(3, {messages}) s;
        insert into hidden_messages (principal_id, chat_id, sequence, event_sequence) values ({fixture.Anna}, {chat}, 3, 1);
        insert into drafts (principal_id, chat_id, text, version) values ({fixture.Anna}, {chat}, 'Dear', 1);
        insert into invites (code, chat_id, created_by) values ('code{chat}', {chat}, {fixture.Anna});
        insert into search_words (chat_id, word, sent_at, sequence) select {chat}, 'hello', s, s from generate_series(3, {messages}) s;
        insert into search_progress (chat_id, indexed_up_to, old_below) values ({chat}, {messages}, 1);
        insert into search_skipped (chat_id, sequence) values ({chat}, 3);
        insert into receipt_minutes (chat_id, principal_id, minute, delivered_before, delivered, read_before, read) values ({chat}, {fixture.Ben}, 1, 0, 1, 0, 1);
        insert into admin_only_chats (chat_id) values ({chat});
        with made as (
            insert into blobs (id, owner_id, chat_id, purpose, state, file_name, content_type, bytes, received, object_id)
            select gen_random_uuid(), {fixture.Anna}, {chat}, p, 2, 'a', 'image/png', 9, 9, gen_random_uuid() from unnest(array[1, 3]) p returning id, purpose
        )
        insert into blob_messages (chat_id, sequence, blob_id) select {chat}, s, id from made cross join generate_series(3, 1000) s where purpose = 1;
        """));
}
