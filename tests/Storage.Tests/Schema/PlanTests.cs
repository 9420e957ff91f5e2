using System.Globalization;
using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Media;
using Chat.Storage.Messages;
using Chat.Storage.Notices;
using Chat.Storage.People;
using Chat.Storage.Push;
using Chat.Storage.Receipts;
using Chat.Storage.Scheduled;
using Chat.Storage.Search;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Storage.Tests.Schema;

/// <summary>
/// With a realistic number of rows no query of the product walks through a whole table. PostgreSQL's own counters are asked, because
/// they count what the prepared statements really did; EXPLAIN would show what another session might do.
/// </summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class PlanTests
{
    // 20,000 people with an inbox each; 2,000 groups of 10; 100 events a group: 200,000 events. Person 1 is in 300 groups.
    private const string Fill = """
        insert into chats (kind, head_sequence, member_count, name)
        select case when i <= 20000 then 5 else 2 end, case when i <= 20000 then 0 else 100 end, 10, 'chat ' || i from generate_series(1, 22000) i;
        insert into principals (kind, name, inbox_chat_id) select 1, 'person ' || i, i from generate_series(1, 20000) i;
        insert into devices (principal_id, name) select i, 'device' from generate_series(1, 20000) i;
        insert into refresh_tokens (token_hash, device_id, expires_at)
        select sha256(i::text::bytea), i, now() + (i - 100) * interval '1 minute' from generate_series(1, 20000) i;
        insert into members (chat_id, principal_id, role, joined_at_sequence) select i, i, 1, 1 from generate_series(1, 20000) i;
        insert into members (chat_id, principal_id, role, joined_at_sequence)
        select 20000 + g, case when m = 0 and g <= 300 then 1 else 2 + (g * 10 + m) % 19999 end, case m when 0 then 2 else 1 end, 1 from generate_series(1, 2000) g, generate_series(0, 9) m;
        insert into events (chat_id, sequence, kind, sender_id, created_at, client_message_id, body)
        select 20000 + g, s, 1, 1, now(), gen_random_uuid(), repeat('x', 50) from generate_series(1, 2000) g, generate_series(1, 100) s;
        insert into message_changes (chat_id, sequence, as_of, edited_as, edited_at, reactions, pinned_by, pinned_at)
        select 20000 + g, s, s, s, now(), '{"👍": 1}', case when s = 50 then 1 end, case when s = 50 then now() end
        from generate_series(1, 2000) g, generate_series(10, 100, 10) s;
        insert into message_edits (chat_id, message_sequence, edit_sequence)
        select 20000 + g, s, s from generate_series(1, 2000) g, generate_series(10, 100, 10) s;
        insert into message_reactions (chat_id, sequence, principal_id, emoji, event_sequence)
        select 20000 + g, s, p, '👍', s from generate_series(1, 2000) g, generate_series(10, 100, 10) s, generate_series(1, 3) p;
        insert into starred_messages (principal_id, chat_id, sequence, event_sequence)
        select p, 20000 + g, 20, g from generate_series(1, 2000) g, generate_series(1, 10) p;
        insert into quiet_events (chat_id, sequence, ordinal) select 20000 + g, s * 10, s from generate_series(1, 2000) g, generate_series(1, 10) s;
        insert into hidden_messages (principal_id, chat_id, sequence, event_sequence) select 1, 20000 + g, s, s from generate_series(1, 2000) g, generate_series(1, 5) s;
        insert into events (chat_id, sequence, kind, sender_id, created_at, subject_id, body)
        select 1, 1000000 + s, case s % 4 when 0 then 8 when 1 then 43 when 2 then 48 else 37 end, 2, now() - interval '1 day' + s * interval '1 second',
            case s % 4 when 0 then 20001 + s % 300 when 1 then s end, case s % 4 when 1 then 'missed' when 2 then 'laptop' end
        from generate_series(1, 2000) s;
        insert into events (chat_id, sequence, kind, sender_id, created_at, subject_id, subject_role)
        select 20000 + g, 1000000, 7, 2, now() - g * interval '1 minute', 1 + g % 10, 2 from generate_series(1, 300) g;
        insert into calls (chat_id, caller_id, kind, status, reason, ended_at) select 20001 + i % 300, 2, 1, 5, 4, now() from generate_series(1, 20000) i;
        insert into call_participants (call_id, principal_id, state) select i, p, 5 from generate_series(1, 20000) i, generate_series(1, 2) p;
        update message_reactions set author_id = 1 + sequence / 10 % 10, reacted_at = floor(extract(epoch from now()) * 1000)::bigint - chat_id;
        insert into mentions (principal_id, chat_id, sequence) select p, 20000 + g, s * 9 from generate_series(2000, 1, -1) g, generate_series(1, 5) p, generate_series(1, 10) s;
        update events set attributes = '{"content": {"kind": 2}}' where sequence % 20 = 5;
        insert into invites (code, chat_id, created_by) select 'code' || g, 20000 + g, 1 from generate_series(1, 2000) g;
        insert into invites (code, chat_id, created_by, revoked_at) select 'dead' || g, 21500, 1, now() - interval '90 days' from generate_series(1, 200) g;
        insert into invites (code, chat_id, created_by, max_uses, uses, created_at)
        select 'used' || g, 21500, 1, 1, 1, now() - interval '90 days' from generate_series(1, 200) g;
        insert into drafts (principal_id, chat_id, text, version) select p, 20000 + g, 'draft', g from generate_series(1, 2000) g, generate_series(1, 5) p;
        insert into admin_only_chats (chat_id) select 21000 + g from generate_series(1, 1000) g;
        insert into contacts (principal_id, contact_id, name, favourite)
        select p, 1 + (p + c * 37) % 20000, 'contact', c = 3 from generate_series(1, 20000) p, generate_series(1, 5) c where 1 + (p + c * 37) % 20000 <> p;
        insert into blocks (principal_id, blocked_id) select p, p + 1 from generate_series(1, 19999) p;
        insert into blobs (id, owner_id, chat_id, purpose, state, file_name, content_type, bytes, received, object_id, expires_at, deleted_at)
        select md5('b' || i)::uuid, 1 + i % 20000, 20001 + i % 2000, 1, 1 + i % 3, 'a.png', 'image/png', 10, 0,
            case when i % 3 = 0 or i % 30 <> 2 then md5('o' || i)::uuid end, now() + (i - 1000) * interval '1 minute',
            case when i % 3 = 2 then now() - i * interval '1 minute' end
        from generate_series(1, 30000) i;
        insert into blob_objects (id, blob_id, start_at, bytes, received) select object_id, id, 0, 10, true from blobs where object_id is not null;
        insert into blob_garbage (object_id, due_at) select md5('g' || i)::uuid, now() + (i - 100) * interval '1 minute' from generate_series(1, 20000) i;
        insert into blob_messages (chat_id, sequence, blob_id)
        select 20001 + i % 2000, 2 + i / 2000, md5('b' || i)::uuid from generate_series(1, 30000) i;
        insert into scheduled_messages (
            sender_id, chat_id, client_message_id, digest, body, blob_id, due_at, next_at, created_at, changed_at, state, sequence, gone_at)
        select case when i % 200 = 101 then 1 else 1 + i % 20000 end, 20001 + i % 2000, gen_random_uuid(), '', case when i % 4 > 0 then 'text' end,
            case when i % 4 = 1 then md5('b' || i)::uuid end, now() + (i - 100) * interval '1 hour',
            case when i % 4 > 0 then now() + (i - 100) * interval '1 hour' end, now(), now(), case when i % 4 > 0 then 1 else 4 end,
            case when i % 4 = 0 then 1 end, case when i % 4 = 0 then now() + (i - 1000) * interval '1 hour' end
        from generate_series(1, 20000) i;
        insert into push_subscriptions (device_id, principal_id, transport, endpoint, endpoint_hash, content)
        select i, i, 2, 'token ' || i, sha256(i::text::bytea), 1 from generate_series(1, 20000) i where i % 3 > 0;
        insert into blob_usage select i, 1000 from generate_series(1, 20000) i;
        insert into search_words (chat_id, word, sent_at, sequence)
        select chat_id, w.word, floor(extract(epoch from created_at) * 1000)::bigint, sequence from events, unnest(array['*', '@1', 'text' || sequence % 7, '>' || sequence % 20]) as w (word)
        where kind = 1;
        insert into search_progress (chat_id, indexed_up_to, old_below) select 20000 + g, 100, case when g % 100 = 0 then 50 else 1 end from generate_series(1, 2000) g;
        insert into search_names (kind, scope_id, word, subject_id) select 1, i, 'person', i from generate_series(1, 20000) i;
        insert into search_names (kind, scope_id, word, subject_id) select 2, 20000 + g, 'chat', 20000 + g from generate_series(1, 2000) g;
        insert into search_names (kind, scope_id, word, subject_id) select 3, principal_id, 'contact', contact_id from contacts;
        insert into receipt_minutes (chat_id, principal_id, minute, delivered_before, delivered, read_before, read)
        select 20000 + g, p, floor(extract(epoch from now()) / 60)::int - m * 1000, 0, 100, 0, 100 from generate_series(1, 2000) g, generate_series(1, 10) p, generate_series(0, 9) m;
        insert into search_skipped (chat_id, sequence, retry_at) select 20000 + g, 1, now() + interval '1 day' from generate_series(1, 2000) g;
        analyze
        """;

    private const string Scans = """
        select relname || ' ' || seq_scan from pg_stat_user_tables
        where seq_scan > 0 and (relname like 'events%' or relname in ('members', 'chats', 'principals', 'devices', 'refresh_tokens',
            'message_changes', 'message_edits', 'message_reactions', 'starred_messages', 'hidden_messages', 'quiet_events', 'contacts', 'blocks', 'mentions',
            'drafts', 'admin_only_chats', 'invites', 'blobs', 'blob_objects', 'blob_garbage', 'blob_usage', 'blob_messages',
            'calls', 'call_participants', 'scheduled_messages', 'push_subscriptions', 'search_words', 'search_progress', 'search_names', 'search_name_news', 'search_skipped', 'receipt_minutes'))
        """;

    [Test, CancelAfter(120_000)]
    public async Task No_query_walks_through_a_whole_table(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using (NpgsqlDataSource filling = NpgsqlDataSource.Create(database.ConnectionString + ";Command Timeout=100"))
        {
            await ExecuteAsync(filling, Fill, ct);
            await ExecuteAsync(filling, "select pg_stat_reset()", ct);
        }

        await using (NpgsqlDataSource source = ChatDataSource.Create(database.ConnectionString, "measured", maxConnections: 8))
        {
            // Often enough for PostgreSQL to have settled on its generic plans.
            for (int round = 0; round < 12; round++)
                await UseAsync(source, round, ct);
        }

        // Counters arrive when a session ends.
        await using NpgsqlDataSource after = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await WaitForSessionsToEndAsync(after, ct);
        Assert.That(await ReadAsync(after, "select relname from pg_stat_user_tables where idx_scan > 1000", ct), Does.Contain("chats").And.Contain("members"),
            "the counters count");
        Assert.That(await ReadAsync(after, Scans, ct), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Sessions_plan_a_statement_once_and_without_parallel_workers(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using NpgsqlDataSource source = ChatDataSource.Create(database.ConnectionString, "measured", maxConnections: 1);

        Assert.That(
            await ReadAsync(source, "select setting from pg_settings where name in ('max_parallel_workers_per_gather', 'plan_cache_mode') order by name", ct),
            Is.EqualTo(new[] { "0", "force_generic_plan" }));
    }

    /// <summary>
    /// The rows read are the memberships of the asker (301) and of those asked about (about two each). With the asker's looked up anew for
    /// each of the 200 they were 5,785.
    /// </summary>
    [Test, CancelAfter(120_000)]
    public async Task Asking_about_many_people_reads_the_askers_chats_once(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using (NpgsqlDataSource filling = NpgsqlDataSource.Create(database.ConnectionString + ";Command Timeout=100"))
        {
            await ExecuteAsync(filling, Fill, ct);
            await ExecuteAsync(filling, "select pg_stat_reset()", ct);
        }

        await using (NpgsqlDataSource source = ChatDataSource.Create(database.ConnectionString, "measured", maxConnections: 1))
            await new PrincipalStore(source).FindSharingChatAsync(1, [.. Enumerable.Range(2, 200).Select(id => (long)id)], ct);

        await using NpgsqlDataSource after = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await WaitForSessionsToEndAsync(after, ct);
        string read = (await ReadAsync(after, "select idx_tup_fetch::text from pg_stat_user_tables where relname = 'members'", ct)).Single();
        Assert.That(long.Parse(read, CultureInfo.InvariantCulture), Is.InRange(500, 2_000));
    }

    private static async Task UseAsync(NpgsqlDataSource source, int round, CancellationToken ct)
    {
        long group = 20_001 + round;
        var chats = new ChatStore(source);
        ChatPage page = await chats.ListAsync(1, null, 50, ct);
        Assert.That(page.Chats, Has.Count.EqualTo(50));
        await chats.ListAsync(1, page.Next, 50, ct);
        await chats.FindAsync(group, 1, ct);
        await chats.ListMembersAsync(group, 1, 0, 50, ct);
        var events = new EventStore(source);
        await events.ReadAsync(group, 1, after: 20, null, 50, 200_000, ct);
        await events.ReadAsync(group, 1, null, before: 80, 50, 200_000, ct);
        await events.ReadAsync(group, 1, null, null, 50, 200_000, ct);
        await events.ReadRangeAsync(group, 10, 40, ct);
        Assert.That(await events.ReadPinnedAsync(group, 1, ct), Has.Count.EqualTo(1));
        await ChangeAsync(new MessageChangeStore(source, new RecordedEvents()), group, ct);
        var stars = new StarStore(source, new RecordedEvents());
        Assert.That((await new MentionStore(source).ListAsync(1, null, 50, ct)).Messages, Is.Not.Empty);
        Assert.That(await chats.CountMentionsAsync(group, 1, 20, 80, ct), Is.EqualTo(new UnreadMentions(6, 27)), "not what came since");
        Assert.That(await stars.SetAsync(1, group, 30, starred: true, ct), Is.True);
        Assert.That(await stars.SetAsync(1, group, 30, starred: false, ct), Is.True);
        Assert.That(await stars.ListAsync(1, null, 50, ct), Has.Count.EqualTo(50));
        Assert.That(await chats.CountUnreadAsync(group, 25, 55, ct), Is.EqualTo(27));
        Assert.That(await new HiddenStore(source, new RecordedEvents()).HideAsync(1, group, 40, ct), Is.True);
        await UseSettingsAsync(source, group, ct);
        await UsePeopleAsync(source, round, ct);
        var heads = new HeadStore(source);
        IReadOnlyList<ChatHead> ahead = await heads.ReadAheadAsync([.. Enumerable.Range(20_001, 500).Select(id => new ChatHead(id, id == group ? 99 : 100))], ct);
        Assert.That(ahead.Select(chat => chat.ChatId), Does.Contain(group));
        Assert.That(ahead, Has.Count.LessThan(500), "those that other uses of this test wrote in, and no others");
        await heads.ReadHeadAsync(group, ct);
        await heads.ReadSettledAsync([.. Enumerable.Range(20_001, 500).Select(id => (long)id)], ct);
        await heads.ReadJoinedAsync(1, [group, group + 1], ct);
        var sessions = new SessionStore(source);
        await sessions.ReadAsync([new(2 + round, 2 + round), new(3, 3)], ct);
        await sessions.ReadHeadsAsync(1, [group, group + 1, group + 2], ct);
        Assert.That(await sessions.IsSignedInAsync(new(2 + round, 2 + round), ct), Is.True);
        var devices = new DeviceStore(source, new RecordedEvents());
        Assert.That(await devices.FindRevokedAsync([.. Enumerable.Range(1, 2_000).Select(id => (long)id)], ct), Is.Empty);
        await devices.DeleteExpiredTokensAsync(10, ct);
        var principals = new PrincipalStore(source);
        await principals.FindSharingChatAsync(5 + round, [1, 2, 3, 4], ct);
        await principals.FindSharingChatAsync(1, [.. Enumerable.Range(2, 200).Select(id => (long)id)], ct);

        await UseFilesAsync(source, group, ct);
        await UseScheduledAsync(source, group, ct);
        await UsePushAsync(source, group, ct);
        await UseNoticesAsync(source, ct);
        await UseSearchAsync(source, group, ct);

        await using var times = new ReceiptTimes(
            source, new NoReceipts(), new ReceiptTimesOptions(), TimeProvider.System, NullLogger<ReceiptTimes>.Instance);
        await using var receipts = new ReceiptWriter(source, times, new ReceiptOptions(), TimeProvider.System, NullLogger<ReceiptWriter>.Instance);
        receipts.Start();
        await receipts.MarkAsync(group, 1, 50, 50);
        await times.StopAsync();
        await UseReceiptTimesAsync(source, group, ct);
        await using var writer = new ChatLogWriter(
            source, new ChatLogOptions(), new RecordedEvents(), TimeProvider.System, NullLogger<ChatLogWriter>.Instance);
        Task<AppendOutcome>[] sends =
        [
            .. Enumerable.Range(0, 500).Select(i => writer.AppendAsync(
                new NewEvent(20_001 + (i % 300), 1, EventKinds.Message, Guid.NewGuid(), i % 2 == 0 ? 5 : null, "text")).AsTask()),
        ];
        long started = TimeProvider.System.GetTimestamp();
        writer.Start();
        Assert.That((await Task.WhenAll(sends)).Select(outcome => outcome.Status), Is.All.EqualTo(AppendStatus.Appended));
        TestContext.Out.WriteLine($"500 events to 300 chats: {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0} ms, connection and preparation included");
    }

    private static async Task UseReceiptTimesAsync(NpgsqlDataSource source, long group, CancellationToken ct)
    {
        var times = new ReceiptTimeStore(source);
        int now = ReceiptTimeStore.MinuteOf(TimeProvider.System.GetUtcNow());
        Assert.That((await times.ReadAsync(group, 1, 60, 0, 100, ct)).Status, Is.EqualTo(MessageReceiptsStatus.Found));
        Assert.That(await times.DeleteBeforeAsync(now - 8_500, 100, ct), Is.EqualTo(100));
        Assert.That(await times.DeleteBeforeAsync(now - 50_000, 100, ct), Is.Zero);
    }

    private static async Task UseScheduledAsync(NpgsqlDataSource source, long group, CancellationToken ct)
    {
        var store = new ScheduledStore(source, new RecordedEvents());
        var queue = new ScheduledQueue(source, new RecordedEvents());
        ScheduledBounds bounds = new(TimeSpan.FromSeconds(10), TimeSpan.FromDays(1), 10_000, TimeSpan.FromDays(1));
        long dueAtMs = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        NewScheduled wished = new(group, Guid.NewGuid(), [1], dueAtMs, new ScheduledContent("text", null, null, null));
        long id = (await store.ScheduleAsync(1, wished, bounds, ct)).Row!.Id;
        Assert.That((await store.FindRepeatAsync(1, wished, ct))!.Row!.Id, Is.EqualTo(id));
        Assert.That((await store.ListAsync(1, null, default, 20, ct)), Has.Count.EqualTo(20));
        ScheduledChange change = new(1, dueAtMs + 1, new ScheduledContent("other", 5, null, null));
        Assert.That((await store.ChangeAsync(1, id, change, bounds, ct)).Row!.Version, Is.EqualTo(2));
        Assert.That((await store.SendNowAsync(1, id, ct)).Row!.Version, Is.EqualTo(3));
        ClaimedMessage[] claimed = [.. await queue.ClaimAsync(200, TimeSpan.FromMinutes(10), ct)];
        Assert.That(claimed.Select(message => message.Id), Does.Contain(id));
        Assert.That(await queue.MarkFailedAsync(claimed.Single(message => message.Id == id), 500, ct), Is.True);
        foreach (ClaimedMessage message in claimed.Where(message => message.Id != id)) await queue.PostponeAsync(message, TimeSpan.FromDays(1), true, ct);
        Assert.That((await store.CancelAsync(1, id, TimeSpan.FromDays(1), ct)).Status, Is.EqualTo(ScheduledStatus.Done));
        Assert.That(await queue.DeleteGoneAsync(5, TimeSpan.FromDays(1), ct), Is.EqualTo(5));
    }

    private static async Task UsePushAsync(NpgsqlDataSource source, long group, CancellationToken ct)
    {
        var store = new PushStore(source);
        var receivers = new PushReceivers(source);
        Assert.That(await store.SetAsync(1, 1, new NewSubscription(PushTransports.Fcm, "token", null, null, PushContents.Full), ct), Is.Not.Null);
        Assert.That(await store.FindAsync(1, 1, ct), Is.Not.Null);
        Assert.That(await receivers.AnyAsync(ct), Is.True);
        Assert.That(await receivers.FindWatchedAsync([.. Enumerable.Range(20_001, 200).Select(id => (long)id)], ct), Has.Count.EqualTo(200));
        ToldChat chat = (await receivers.ReadChatAsync(group + 500, 40, 100, ct))!; // in the first groups the sign-ins ran out
        IReadOnlyList<ChatTarget> first = await receivers.ListAsync(chat, 0, 0, 2, ct);
        Assert.That(first, Has.Count.EqualTo(2));
        await receivers.ListAsync(chat, first[1].Target.PrincipalId, first[1].Target.DeviceId, 500, ct);
        Assert.That(await receivers.FindAsync(chat, first[1].Target, ct), Is.Not.Null);
        Assert.That(await receivers.FindAsync(chat, first[1].Target with { Endpoint = "another" }, ct), Is.Null);
        await receivers.ListOfAsync(1, ct);
        Assert.That(await receivers.CountBadgesAsync(chat with { MemberCount = 1 }, [1, 2, 3], ct), Has.Count.EqualTo(3));
        await receivers.FindCallAsync(1, 1, ct);
        PushTarget target = first[0].Target;
        Assert.That(await store.CountFaultAsync(target, ct), Is.False);
        await store.ForgetFaultsAsync(target, ct);
        await store.RemoveGoneAsync(target with { Endpoint = "another" }, ct);
        await store.RemoveAsync(1, 1, ct);
    }

    /// <summary>The limit of a search is made for people who wait; a busy machine may take longer without a worse plan.</summary>
    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> search, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await search();
            }
            catch (PostgresException fault) when (SearchStore.TookTooLong(fault) && !ct.IsCancellationRequested)
            {
                // Again, until the test's own end.
            }
        }
    }

    private static async Task UseSearchAsync(NpgsqlDataSource source, long group, CancellationToken ct)
    {
        var store = new SearchStore(source);
        IReadOnlyList<SearchInterval> intervals = await store.ListIntervalsAsync(1, long.MaxValue, 400, ct);
        Assert.That(intervals, Has.Count.GreaterThanOrEqualTo(300));
        SearchProbe[] probes = [.. intervals.Select(interval => new SearchProbe(interval, long.MaxValue, long.MaxValue))];
        foreach (SearchPlan plan in (SearchPlan[])
        [
            new(["text3"], null, []), new(["text3", "@1"], null, []), new([], "te", []), new(["@1"], "te", []), new([], null, ["text1", "text2"]),
        ])
        {
            IReadOnlyList<SearchProbed> probed = await PatientlyAsync(() => store.ProbeAsync(probes, plan, 4, ct), ct);
            Assert.That(probed.Count(one => one.Found.Count > 0), Is.GreaterThanOrEqualTo(250), plan.ToString());
            await store.ReadMessagesAsync(1, [.. probed.SelectMany(one => one.Found).Take(20)], ct);
        }

        Assert.That(await store.ListIntervalsOfChatAsync(1, group, ct), Is.Not.Empty);
        var index = new SearchIndexStore(source, text => text.IsEdit ? ["edited"] : ["*", "@1", "written"]);
        await index.IndexNewsAsync([new ChatHead(group, 100)], 100, ct);
        await index.IndexOldAsync(100, null, ct);
        if (await index.ListOldAsync(ct) is [long old, ..]) await index.IndexOldAsync(1, old, ct);
        Assert.That(await index.RetrySkippedAsync(ct), Is.False);
        await index.PostponeSkippedAsync(ct);
        var names = new NameStore(source, name => [name]);
        await names.IndexAsync(await names.ListNewsAsync(100, ct), ct);
        await names.FindPeopleAsync(1, ["contact"], 0, (2_000, 20), ct);
        Assert.That((await names.FindChatsAsync(1, ["chat"], 0, (2_000, 20), ct)).Found, Has.Count.EqualTo(20));
    }

    private static async Task UseNoticesAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        var notices = new NoticeStore(source, new RecordedEvents());
        Assert.That((await notices.ListAsync(1, NoticeStore.Beginning, 100, ct))!.Rows, Is.Not.Empty);
        foreach (NoticeSource one in Enum.GetValues<NoticeSource>())
        {
            NoticeKey[] others = [.. NoticeStore.Beginning.Select((key, place) => place == (int)one ? key : default)];
            Assert.That((await notices.ListAsync(1, others, 50, ct))!.Rows, Is.Not.Empty, one.ToString());
        }

        Assert.That(await notices.ReadUpToAsync(1, long.MaxValue, ct), Is.True);
    }

    private static async Task UseSettingsAsync(NpgsqlDataSource source, long group, CancellationToken ct)
    {
        var own = new OwnSettingsStore(source, new RecordedEvents());
        Assert.That(await own.MuteAsync(1, group, DateTimeOffset.MaxValue, ct), Is.EqualTo(OwnSettingsStatus.Done));
        Assert.That(await own.ArchiveAsync(1, group, archived: true, ct), Is.EqualTo(OwnSettingsStatus.Done));
        Assert.That(await own.PinAsync(1, group, pinned: true, 400, ct), Is.EqualTo(OwnSettingsStatus.Done));
        Assert.That(await own.SetDraftAsync(1, group, "another", null, ct), Is.EqualTo(OwnSettingsStatus.Done));
        Assert.That(await own.SetDraftAsync(1, group, null, null, ct), Is.EqualTo(OwnSettingsStatus.Done));
        Assert.That(await own.MarkUnreadAsync(1, group, unread: true, ct), Is.EqualTo(OwnSettingsStatus.Done));
        Assert.That(await own.ClearAsync(1, group, 5, ct), Is.EqualTo(OwnSettingsStatus.Done));
        Assert.That(await new GalleryStore(source).ListAsync(group, 1, [2, 3], long.MaxValue, 3, ct), Has.Count.EqualTo(3));
        await UseJoiningAsync(source, group, ct);
        await UseDeletionAsync(source, group - 20_000 + 1_600, ct);
        var details = new ChatDetailsStore(source, new RecordedEvents());
        foreach (short role in (short[])[2, 1])
            Assert.That((await details.ChangeAsync(group, 1, new ChatDetailsChange { SendRole = role }, ct)).Status, Is.EqualTo(MembershipStatus.Done));
    }

    private static async Task UseJoiningAsync(NpgsqlDataSource source, long group, CancellationToken ct)
    {
        var invites = new InviteStore(source, new RecordedEvents());
        string code = $"code{group - 20_000}";
        Assert.That((await invites.FindAsync(code, 20_000, ct)).Chat!.ChatId, Is.EqualTo(group));
        Assert.That((await invites.JoinAsync(code, 20_000, 300, ct)).Status, Is.EqualTo(MembershipStatus.Done).Or.EqualTo(MembershipStatus.AlreadyThere));
        Assert.That((await invites.CreateAsync(group, 1, $"made{group}", (null, null), ct)).Status, Is.EqualTo(MembershipStatus.Done));
        Assert.That((await invites.ListAsync(group, 1, null, 10, ct)).Invites, Has.Count.EqualTo(2));
        Assert.That(await invites.RevokeAsync(group, 1, $"made{group}", ct), Is.EqualTo(MembershipStatus.Done));
        Assert.That(await invites.DeleteDeadAsync(10, ct), Is.EqualTo(10));
        var channels = new ChannelStore(source, new RecordedEvents());
        await channels.CreateAsync(1, new NewChannel("channel", null, null, $"channel_{group}"), ct);
        Assert.That((await channels.SubscribeAsync($"channel_{group}", 7, ct)).Status, Is.EqualTo(MembershipStatus.Done));
    }

    /// <param name="number">Of a group that nothing else is asked about; who made it is written as the tables are filled.</param>
    private static async Task UseDeletionAsync(NpgsqlDataSource source, long number, CancellationToken ct)
    {
        var deletions = new ChatDeletionStore(source, new RecordedEvents());
        Assert.That((await deletions.DeleteAsync(20_000 + number, 2 + (number * 10 % 19_999), ct)).Status, Is.EqualTo(MembershipStatus.Done));
        Assert.That(await deletions.TellNextAsync(20_000 + number, 219, ct), Is.True);
        Assert.That(await deletions.TellNextAsync(null, 219, ct), Is.False);
        Assert.That((await new ChatPurgeStore(source).RunAsync(TimeSpan.Zero, 100, ct)).Chats, Is.EqualTo(1));
    }

    private static async Task UsePeopleAsync(NpgsqlDataSource source, int round, CancellationToken ct)
    {
        var contacts = new ContactStore(source, new RecordedEvents());
        Assert.That((await contacts.ListAsync(1, 0, 50, favouritesOnly: false, ct)).Contacts, Has.Count.EqualTo(5));
        Assert.That((await contacts.ListAsync(1, 0, 50, favouritesOnly: true, ct)).Contacts, Has.Count.EqualTo(1));
        await contacts.FindAsync(1, 39, ct);
        Assert.That(await contacts.PutAsync(1, 5_000 + round, ("name", true), 100, ct), Is.EqualTo(PeopleStatus.Done));
        Assert.That(await contacts.RemoveAsync(1, 5_000 + round, ct), Is.EqualTo(PeopleStatus.Done));
        var blocks = new BlockStore(source, new RecordedEvents());
        Assert.That(await blocks.BlockAsync(1, 5_000 + round, 100, ct), Is.EqualTo(PeopleStatus.Done));
        Assert.That((await blocks.ListAsync(1, 0, 50, ct)).Blocks, Has.Count.EqualTo(2));
        Assert.That(await blocks.UnblockAsync(1, 5_000 + round, ct), Is.EqualTo(PeopleStatus.Done));
        await blocks.IsChatBlockedAsync(20_001, ct);
        var profiles = new ProfileStore(source, new RecordedEvents());
        await profiles.FindPrivacyAsync(1, ct);
        Assert.That(await profiles.UpdateAsync(1, new ProfileChange("name", "about", null), ct), Is.EqualTo(PeopleStatus.Done));
        Assert.That(await profiles.SetPrivacyAsync(1, new PrivacyChange(2, 2, 2, round % 2 == 0), ct), Is.EqualTo(PeopleStatus.Done));
        await new PrincipalStore(source).FindWhoMaySeePresenceAsync(1, [.. Enumerable.Range(2, 200).Select(id => (long)id)], ct);
        await new DeviceStore(source, new RecordedEvents()).ListAsync(1, long.MaxValue, 50, ct);
    }

    private static async Task ChangeAsync(MessageChangeStore changes, long group, CancellationToken ct)
    {
        ChangeWindows always = new(null, null);
        foreach ((short kind, long sequence, string? text) in (IEnumerable<(short, long, string?)>)
        [
            (EventKinds.Edited, 70, "text"), (EventKinds.Reaction, 70, "👍"), (EventKinds.Reaction, 70, ""), (EventKinds.Pinned, 70, null),
            (EventKinds.Unpinned, 70, null), (EventKinds.Deleted, 70, null),
        ])
        {
            ChangeOutcome outcome = await changes.ApplyAsync(new MessageChange(group, 1, kind, Guid.NewGuid(), sequence, text), always, ct);
            Assert.That(outcome.Status, Is.EqualTo(ChangeStatus.Done));
        }

        Assert.That(await changes.ListReactionsAsync(group, 60, 1, 0, 10, ct), Has.Count.EqualTo(3));
    }

    private static async Task UseFilesAsync(NpgsqlDataSource source, long group, CancellationToken ct)
    {
        var blobs = new BlobTable(source);
        var chunks = new ChunkTable(source);
        var garbage = new BlobGarbage(source);
        NewBlob blob = new(Guid.NewGuid(), 1, group, 1, ForChange: false, "a.png", 10, ObjectId: null);
        Assert.That(await blobs.ReserveAsync(blob, TimeSpan.FromDays(1), 10_000, ct), Is.EqualTo(ReserveStatus.Reserved));
        Guid chunk = Guid.NewGuid();
        Guid whole = Guid.NewGuid();
        await chunks.EnterAsync(blob.Id, new ChunkRow(chunk, 0, 10), ct);
        await chunks.TakeAsync(blob.Id, chunk, TimeSpan.FromDays(1), ct);
        Assert.That(await chunks.ListAsync(blob.Id, ct), Has.Count.EqualTo(1));
        await chunks.EnterWholeAsync(blob.Id, whole, ct);
        Assert.That(await blobs.FinishAsync(new FinishedBlob(blob.Id, whole, "image/png", 10, 10, null, null), ct), Is.True);
        await blobs.FindStoredAsync(blob.Id, ct);
        Assert.That((await blobs.FindAsync(blob.Id, 1, ct))!.IsShown, Is.False);
        NewBlob own = blob with { Id = Guid.NewGuid(), ChatId = null, Purpose = 2 }, ofGroup = blob with { Id = Guid.NewGuid(), Purpose = 3 };
        foreach (NewBlob picture in (NewBlob[])[own, ofGroup])
        {
            Assert.That(await blobs.ReserveAsync(picture, TimeSpan.FromDays(1), 10_000, ct), Is.EqualTo(ReserveStatus.Reserved));
            Assert.That((await blobs.FindAsync(picture.Id, 1, "code1", ct))!.IsShown, Is.EqualTo(picture == ofGroup), "who is in the group");
            Assert.That((await blobs.FindAsync(picture.Id, 19_999, "code1", ct))!.IsShown, Is.False);
            await blobs.DeleteAsync(picture.Id, ct);
        }

        Assert.That((await blobs.FindToSendAsync(blob.Id, 1, group, Guid.NewGuid(), ct)).IsHere, Is.True);
        await blobs.DeleteAsync(blob.Id, ct);
        await blobs.ReadUsageAsync(1, ct);
        Assert.That(await garbage.ExpireAsync(10, ct), Is.EqualTo(10));
        Assert.That(await garbage.ForgetAsync(10, ct), Is.EqualTo(10));
        IReadOnlyList<Guid> due = await garbage.ListDueAsync(10, ct);
        await garbage.PostponeAsync(due, TimeSpan.FromMinutes(1), ct);
        await garbage.RemoveAsync(due, ct);
        await garbage.DiscardAsync(chunk, ct);
    }

    private static async Task WaitForSessionsToEndAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        while ((await ReadAsync(source, "select pid::text from pg_stat_activity where application_name = 'chat measured'", ct)).Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(ct))
            rows.Add(reader.GetString(0));
        return rows;
    }

    private sealed class NoReceipts : IReceiptSink
    {
        public void OnStored(IReadOnlyList<ReceiptRow> changed) => Assert.That(changed, Is.Not.Empty);
    }
}
