using Chat.Storage.ChatLog;
using Chat.Storage.Receipts;
using Chat.Storage.Tests.ChatLog;
using Npgsql;

namespace Chat.Storage.Tests.Receipts;

/// <summary>How much is read to say when (ADR 0031); what is said is tested with the use case.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ReceiptTimeStoreTests
{
    private const int Minutes = 43_000;

    /// <summary>
    /// Ben's device got something in each of 43,000 minutes; he read one message in the 400th of them, and the other one in the last. Without a
    /// bound each question about the second reads all rows.
    /// </summary>
    [Test, CancelAfter(60_000)]
    public async Task A_member_with_thirty_days_of_minutes_is_not_walked_through(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        ChatLogWriter log = fixture.CreateWriter();
        for (int i = 0; i < 2; i++) await log.AppendAsync(ChatLogFixture.Message(fixture.Group, fixture.Anna)); // 3 and 4
        string fill = $"""
            update events set created_at = now() - interval '{Minutes} minutes' where chat_id = {fixture.Group};
            update members set delivered_up_to = 4, read_up_to = 4 where chat_id = {fixture.Group} and principal_id = {fixture.Ben};
            insert into receipt_minutes (chat_id, principal_id, minute, delivered_before, delivered, read_before, read)
            select {fixture.Group}, {fixture.Ben}, floor(extract(epoch from now()) / 60)::int - {Minutes} + m, case m when 0 then 0 else 3 + m end, 4 + m,
                case m when 400 then 1 when {Minutes - 1} then 3 else 0 end, case m when 400 then 3 when {Minutes - 1} then 4 else 0 end
            from generate_series(0, {Minutes - 1}) m;
            analyze receipt_minutes
            """;
        await fixture.ExecuteAsync(fill);

        await using NpgsqlDataSource source = ChatDataSource.Create(fixture.Database.ConnectionString, "measured", maxConnections: 1);
        long before = await CountReadAsync(source, ct);
        MemberReceiptRow soon = await ReadAsync(source, fixture, 3, ct), late = await ReadAsync(source, fixture, 4, ct);
        long read = await CountReadAsync(source, ct) - before;

        Assert.That(soon.ReadAt - soon.DeliveredAt, Is.GreaterThan(TimeSpan.FromMinutes(380)));
        Assert.That(late.DeliveredAt, Is.Not.Null);
        Assert.That((late.IsRead, late.ReadAt), Is.EqualTo((true, (DateTimeOffset?)null)), "beyond the bound it is not known when");
        Assert.That(read, Is.InRange(900, 1_100));
    }

    private static async Task<MemberReceiptRow> ReadAsync(NpgsqlDataSource source, ChatLogFixture fixture, long sequence, CancellationToken ct) =>
        (await new ReceiptTimeStore(source).ReadAsync(fixture.Group, fixture.Anna, sequence, 0, 100, ct)).Members.Single();

    /// <summary>Rows of minutes that were read so far, in the only session there is.</summary>
    private static async Task<long> CountReadAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using (NpgsqlCommand flush = source.CreateCommand("select pg_stat_force_next_flush()"))
            await flush.ExecuteNonQueryAsync(ct);
        await using NpgsqlCommand count = source.CreateCommand(
            "select idx_tup_fetch + seq_tup_read from pg_stat_user_tables where relname = 'receipt_minutes'");
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }
}
