using Chat.Storage.Statuses;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Statuses;

/// <summary>R-134: what a page of who shows one something reads of others' statuses.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class StatusReadsTests
{
    // Of 1,000 contacts who keep the viewer too: 30 each. Of every tenth the newest five were deleted.
    private const string Fill = """
        with made as (
            insert into principals (kind, name, inbox_chat_id) select 1, 'Contact', c.id from (
                select nextval(pg_get_serial_sequence('chats', 'id')) as id from generate_series(1, 1000)) c returning id, inbox_chat_id
        ), inboxes as (
            insert into chats (id, kind) overriding system value select inbox_chat_id, 5 from made
        ), mine as (
            insert into contacts (principal_id, contact_id) select $1, id from made
        ), theirs as (
            insert into contacts (principal_id, contact_id) select id, $1 from made
        )
        insert into statuses (author_id, client_status_id, kind, text, audience, created_at, expires_at, deleted_at)
        select id, gen_random_uuid(), 1, 'x', 1, now(), now() + interval '1 day', case when id % 10 = 0 and n > 25 then now() end
        from generate_series(1, 30) n, made
        """;

    private const string CountRead = "select coalesce(idx_tup_fetch, 0) + seq_tup_read from pg_stat_user_tables where relname = 'statuses'";

    [Test, CancelAfter(120_000)]
    public async Task A_page_reads_the_newest_status_of_each_contact_and_all_of_those_on_it_alone(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        long viewer = await new TestPeople(database).CreateAsync();
        await using (NpgsqlDataSource filling = NpgsqlDataSource.Create(database.ConnectionString + ";Command Timeout=100"))
        await using (NpgsqlCommand fill = filling.CreateCommand(Fill))
        {
            fill.Parameters.Add(new NpgsqlParameter<long> { TypedValue = viewer });
            await fill.ExecuteNonQueryAsync(ct);
        }

        await using (NpgsqlCommand analyze = database.Source.CreateCommand("analyze; select pg_stat_reset()")) await analyze.ExecuteNonQueryAsync(ct);
        IReadOnlyList<StatusAuthorRow> page;
        await using (NpgsqlDataSource source = ChatDataSource.Create(database.ConnectionString, "measured", maxConnections: 1))
            page = await new StatusReads(source).ListAuthorsAsync(viewer, long.MaxValue, 50, ct);

        Assert.That(page, Has.Count.EqualTo(50));
        Assert.That(page.Select(one => one.NewestId), Is.Ordered.Descending);
        Assert.That(page.All(one => one.Total == (one.AuthorId % 10 == 0 ? 25 : 30) && one.Unseen == one.Total));
        long read = 0;
        while (read == 0) // counters arrive when the session ends
        {
            await using NpgsqlCommand count = database.Source.CreateCommand(CountRead);
            read = (long)(await count.ExecuteScalarAsync(ct))!;
        }

        Assert.That(read, Is.LessThanOrEqualTo(1_000 + 50 * 31), "of 30,000");
    }
}
