using Chat.Storage.Receipts;
using Chat.Storage.Tests.ChatLog;
using Chat.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Storage.Tests.Receipts;

/// <summary>When watermarks moved: gathered in memory, a row for what a member read in a minute or got in ten, written together (ADR 0031).</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ReceiptTimesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly int NoonMinute = ReceiptTimeStore.MinuteOf(Noon);

    [Test, CancelAfter(30_000)]
    public async Task What_a_member_reads_in_a_minute_is_one_row_and_the_next_minute_another()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        FakeTimeProvider time = new(Noon);
        var next = new Sink();
        await using ReceiptTimes times = Create(fixture.Database.Source, time, next);

        times.OnStored([Row(7, 1, delivered: (2, 5), read: (2, 2)), Row(7, 2, delivered: (1, 9), read: (1, 9))]);
        times.OnStored([Row(7, 1, delivered: (5, 8), read: (2, 4))]);
        time.Advance(TimeSpan.FromMinutes(1));
        times.OnReadByWriting([Row(7, 1, delivered: (8, 10), read: (4, 10))]);
        Assert.That(times.WaitingCount, Is.EqualTo(3));
        await times.StopAsync();

        Assert.That(await ReadAsync(fixture), Is.EqualTo(new[]
        {
            (7L, 1L, NoonMinute, 2L, 8L, 2L, 4L), (7L, 1L, NoonMinute + 1, 8L, 10L, 4L, 10L), (7L, 2L, NoonMinute, 1L, 9L, 1L, 9L),
        }));
        Assert.That((next.Stored, next.ByWriting), Is.EqualTo((3, 1)), "whom it stands before hears of all of it");
        for (int turn = 0; turn < 2; turn++) await times.DisposeAsync(); // as a container does that knows it by two names
    }

    [Test, CancelAfter(30_000)]
    public async Task What_a_device_gets_by_itself_is_one_row_in_ten_minutes_and_what_comes_with_a_reading_is_in_the_row_of_that()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        FakeTimeProvider time = new(Noon.AddMinutes(5));
        await using ReceiptTimes times = Create(fixture.Database.Source, time);
        for (int message = 1; message <= 60; message++) // one a minute
        {
            times.OnStored([Row(7, 1, delivered: (message - 1, message), read: message == 8 ? (3, 8) : (3, 3))]);
            if (message % 7 == 0) await times.StopAsync(); // writes in between
            time.Advance(TimeSpan.FromMinutes(1));
        }
        await times.StopAsync();

        Assert.That(await ReadAsync(fixture), Is.EqualTo(new[]
        {
            (7L, 1L, NoonMinute, 0L, 5L, 0L, 0L),
            (7L, 1L, NoonMinute + 10, 5L, 15L, 0L, 0L),
            (7L, 1L, NoonMinute + 12, 7L, 8L, 3L, 8L), // to the minute
            (7L, 1L, NoonMinute + 20, 15L, 25L, 0L, 0L),
            (7L, 1L, NoonMinute + 30, 25L, 35L, 0L, 0L),
            (7L, 1L, NoonMinute + 40, 35L, 45L, 0L, 0L),
            (7L, 1L, NoonMinute + 50, 45L, 55L, 0L, 0L),
            (7L, 1L, NoonMinute + 60, 55L, 60L, 0L, 0L),
        }));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_was_read_by_writing_belongs_to_the_minute_in_which_it_was_written()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await using ReceiptTimes times = Create(fixture.Database.Source, new FakeTimeProvider(Noon));
        times.OnReadByWriting([Row(7, 1, delivered: (1, 2), read: (1, 2)) with { RaisedAt = Noon.AddSeconds(-1) }]);
        await times.StopAsync();

        Assert.That(await ReadAsync(fixture), Is.EqualTo(new[] { (7L, 1L, NoonMinute - 1, 1L, 2L, 1L, 2L) }));
    }

    /// <summary>Read up to 5, hidden up to 7, read up to 9, all in one minute: of 6 and 7 it must not be told when.</summary>
    [TestCase(1, false), TestCase(2, false), TestCase(2, true), CancelAfter(30_000)]
    public async Task What_was_read_in_hiding_is_in_no_row_though_it_lies_between_two_readings(int nodes, bool isReversed)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        FakeTimeProvider time = new(Noon);
        await using ReceiptTimes one = Create(fixture.Database.Source, time);
        await using ReceiptTimes two = Create(fixture.Database.Source, time);
        one.OnStored([Row(7, 1, delivered: (9, 9), read: (2, 4))]);
        one.OnStored([Row(7, 1, delivered: (9, 9), read: (4, 5))]);
        one.OnStored([Row(7, 1, delivered: (9, 9), read: (5, 7)) with { Audience = ReceiptAudience.ReadsAreHidden }]);
        (nodes == 1 ? one : two).OnStored([Row(7, 1, delivered: (9, 9), read: (7, 9))]);
        await (isReversed ? two : one).StopAsync();
        await (isReversed ? one : two).StopAsync();

        Assert.That(await ReadAsync(fixture), Is.EqualTo(new[] { (7L, 1L, NoonMinute, 0L, 0L, 7L, 9L) }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Rows_only_grow_whoever_writes_last_and_however_often()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        FakeTimeProvider time = new(Noon);
        for (int turn = 0; turn < 2; turn++)
        {
            await using ReceiptTimes late = Create(fixture.Database.Source, time);
            late.OnStored([Row(7, 1, delivered: (6, 9), read: (0, 0))]);
            await late.StopAsync();
            await using ReceiptTimes early = Create(fixture.Database.Source, time);
            early.OnStored([Row(7, 1, delivered: (2, 6), read: (1, 6))]);
            await early.StopAsync();
        }

        Assert.That(await ReadAsync(fixture), Is.EqualTo(new[] { (7L, 1L, NoonMinute, 2L, 9L, 1L, 6L) }), "what did not move widens nothing");
    }

    [Test, CancelAfter(30_000)]
    public async Task Nothing_is_kept_of_what_is_hidden_of_channels_of_large_chats_or_when_it_is_off()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        FakeTimeProvider time = new(Noon);
        await using ReceiptTimes times = Create(fixture.Database.Source, time);
        await using ReceiptTimes off = Create(fixture.Database.Source, time, options: new ReceiptTimesOptions { KeptDays = 0 });
        ReceiptRow row = Row(7, 1, delivered: (2, 5), read: (2, 5));

        times.OnStored(
        [
            row with { Audience = ReceiptAudience.ReadsAreHidden },
            row with { ChatId = 8, Audience = ReceiptAudience.OwnDevices },
            row with { ChatId = 9, MemberCount = 65 },
            row with { ChatId = 10, MemberCount = 1 },
            row with { ChatId = 11, DeliveredBefore = 5, ReadBefore = 2, Audience = ReceiptAudience.ReadsAreHidden },
            row with { ChatId = 12, MemberCount = 64 },
        ]);
        off.OnStored([row]);
        await times.StopAsync();
        await off.StopAsync();

        Assert.That(await ReadAsync(fixture), Is.EqualTo(new[]
        {
            (7L, 1L, NoonMinute, 2L, 5L, 0L, 0L), (12L, 1L, NoonMinute, 2L, 5L, 2L, 5L),
        }));
    }

    [Test, CancelAfter(30_000)]
    public async Task More_than_may_wait_drops_the_oldest()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await using ReceiptTimes times = Create(fixture.Database.Source, new FakeTimeProvider(Noon), options: new ReceiptTimesOptions { MaxWaiting = 1_000 });

        for (int chat = 1; chat <= 1_500; chat++) times.OnStored([Row(chat, 1, delivered: (1, 2), read: (1, 2))]);
        Assert.That(times.WaitingCount, Is.EqualTo(1_000));
        await times.StopAsync();

        Assert.That((await ReadAsync(fixture)).Select(row => row.ChatId), Is.EqualTo(Enumerable.Range(501, 1_000).Select(chat => (long)chat)));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_storage_did_not_take_is_written_when_it_is_back()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        FakeTimeProvider time = new(Noon);
        var log = new RecordingLog<ReceiptTimes>();
        await using ReceiptTimes times = Create(fixture.Database.Source, time, log: log);
        await fixture.ExecuteAsync("alter table receipt_minutes rename to away");
        times.Start();
        times.OnStored([Row(7, 1, delivered: (1, 2), read: (1, 2))]);
        await AdvanceUntilAsync(time, () => Task.FromResult(log.Lines.Length > 0));
        Assert.That(log.Lines[0], Does.StartWith("Warning: Writing when 1 watermarks moved failed"), "there was an outage");
        times.OnStored([Row(7, 1, delivered: (2, 3), read: (2, 3)), Row(8, 1, delivered: (1, 2), read: (1, 2))]);
        await fixture.ExecuteAsync("alter table away rename to receipt_minutes");
        await AdvanceUntilAsync(time, async () => (await ReadAsync(fixture)).Select(row => row.ChatId).Distinct().Count() == 2);

        var rows = (await ReadAsync(fixture)).Where(row => row.ChatId == 7 && row.Read > 0).ToList();
        Assert.That((rows.Min(row => row.ReadBefore), rows.Max(row => row.Read)), Is.EqualTo((1L, 3L)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Two_nodes_write_the_same_members_at_once_and_many_of_them_in_few_statements()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        FakeTimeProvider time = new(Noon);
        ReceiptRow[] rows = [.. Enumerable.Range(1, 5_000).Select(i => Row(i % 50, i, delivered: (1, 2), read: (1, 2)))];
        await using ReceiptTimes one = Create(fixture.Database.Source, time);
        await using ReceiptTimes two = Create(fixture.Database.Source, time);
        one.OnStored(rows);
        two.OnStored([.. rows.Reverse()]);

        await Task.WhenAll(one.StopAsync(), two.StopAsync());

        Assert.That(await ReadAsync(fixture), Has.Count.EqualTo(5_000));
    }

    [Test, CancelAfter(30_000)]
    public async Task Old_minutes_are_deleted_oldest_first_and_so_many_at_a_time()
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await fixture.ExecuteAsync("insert into receipt_minutes select i % 3, 1, i, 0, i, 0, i from generate_series(1, 100) i");
        var store = new ReceiptTimeStore(fixture.Database.Source);

        Assert.That(await store.DeleteBeforeAsync(61, 50, CancellationToken.None), Is.EqualTo(50));
        Assert.That((await ReadAsync(fixture)).Min(row => row.Minute), Is.EqualTo(51));
        Assert.That(await store.DeleteBeforeAsync(61, 50, CancellationToken.None), Is.EqualTo(10));
        Assert.That((await ReadAsync(fixture)).Min(row => row.Minute), Is.EqualTo(61), "the minute itself is kept");
    }

    private static ReceiptRow Row(long chatId, long principalId, (long Before, long After) delivered, (long Before, long After) read) => new(
        chatId, principalId, delivered.After, read.After, MemberCount: 2, DeliveredBefore: delivered.Before, ReadBefore: read.Before);

    private static ReceiptTimes Create(
        NpgsqlDataSource source, TimeProvider time, Sink? next = null, ReceiptTimesOptions? options = null, ILogger<ReceiptTimes>? log = null) =>
        new(source, next ?? new Sink(), options ?? new ReceiptTimesOptions(), time, log ?? NullLogger<ReceiptTimes>.Instance);

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            time.Advance(new ReceiptTimesOptions().WriteInterval);
            for (int looks = 0; looks < 200 && !await isSo(); looks++) await Task.Yield();
        }
    }

    private static async Task<List<(long ChatId, long PrincipalId, int Minute, long DeliveredBefore, long Delivered, long ReadBefore, long Read)>> ReadAsync(
        ChatLogFixture fixture)
    {
        await using NpgsqlCommand command = fixture.Database.Source.CreateCommand(
            "select chat_id, principal_id, minute, delivered_before, delivered, read_before, read from receipt_minutes order by 1, 2, 3");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<(long, long, int, long, long, long, long)> rows = [];
        while (await reader.ReadAsync())
            rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6)));
        return rows;
    }

    private sealed class Sink : IReceiptSink
    {
        public int Stored { get; private set; }

        public int ByWriting { get; private set; }

        public void OnStored(IReadOnlyList<ReceiptRow> changed) => Stored += changed.Count;

        public void OnReadByWriting(IReadOnlyList<ReceiptRow> changed) => ByWriting += changed.Count;
    }
}
