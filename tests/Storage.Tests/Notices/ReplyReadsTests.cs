using System.Globalization;
using Chat.Storage.Notices;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Notices;

/// <summary>How much is read to find somebody's newest replies in many chats (ADR 0037).</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ReplyReadsTests
{
    // Person 1 is in 1,000 groups, each with 200 replies to them, by turns.
    private const string Fill = """
        insert into chats (kind, head_sequence, member_count, name) select case i when 1 then 5 else 2 end, 200, 2, 'chat ' || i from generate_series(1, 1001) i;
        insert into principals (kind, name, inbox_chat_id) values (1, 'Anna', 1);
        insert into members (chat_id, principal_id, role, joined_at_sequence) select i, 1, 1, 1 from generate_series(1, 1001) i;
        insert into events (chat_id, sequence, kind, sender_id, created_at, client_message_id, body)
        select 1 + g, s, 1, 2, now() - interval '1 day' + (s * 1000 + g) * interval '100 milliseconds', gen_random_uuid(), 'text'
        from generate_series(1, 1000) g, generate_series(1, 200) s;
        insert into search_words (chat_id, word, sent_at, sequence)
        select chat_id, '>1', floor(extract(epoch from created_at) * 1000)::bigint, sequence from events;
        analyze
        """;

    /// <summary>
    /// Read are the newest reply of each of the chats, and the newest 500 of all. With as many from each chat as a page is long they were 101,000.
    /// </summary>
    [Test, CancelAfter(120_000)]
    public async Task Of_many_chats_the_newest_replies_alone_are_read(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using (NpgsqlDataSource filling = NpgsqlDataSource.Create(database.ConnectionString + ";Command Timeout=100"))
        {
            await using NpgsqlCommand fill = filling.CreateCommand(Fill);
            await fill.ExecuteNonQueryAsync(ct);
        }

        await using NpgsqlDataSource source = ChatDataSource.Create(database.ConnectionString, "measured", maxConnections: 1);
        var notices = new NoticeStore(source, new RecordedEvents());
        long before = await EntriesReadAsync(source, ct);
        NoticePage page = (await notices.ListAsync(1, NoticeStore.Beginning, 100, ct))!;
        long read = await EntriesReadAsync(source, ct) - before;

        Assert.That(page.Rows.Select(row => row.Kind), Is.EqualTo(Enumerable.Repeat(NoticeKind.Reply, 100)));
        Assert.That(page.Rows.Select(row => row.ChatId), Is.EqualTo(Enumerable.Range(0, 100).Select(i => (long?)(1001 - i))), "by turns");
        Assert.That(read, Is.InRange(1_000, 3_000));
    }

    /// <summary>The counts of the one session that there is, which are told late unless they are asked for.</summary>
    private static async Task<long> EntriesReadAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using (NpgsqlCommand flush = source.CreateCommand("select pg_stat_force_next_flush()")) await flush.ExecuteNonQueryAsync(ct);
        await using NpgsqlCommand sum = source.CreateCommand("select sum(idx_tup_read)::text from pg_stat_user_indexes where relname = 'search_words'");
        return long.Parse((string)(await sum.ExecuteScalarAsync(ct))!, CultureInfo.InvariantCulture);
    }
}
