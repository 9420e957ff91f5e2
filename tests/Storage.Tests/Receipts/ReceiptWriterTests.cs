using System.Collections.Concurrent;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Receipts;
using Chat.Storage.Tests.ChatLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Storage.Tests.Receipts;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ReceiptWriterTests
{
    [Test, CancelAfter(30_000), Property("Promise", "P8")]
    public async Task Watermarks_only_rise_and_end_at_the_head()
    {
        await using ChatLogFixture fixture = await CreateAsync(messages: 10); // head 12
        var sink = new Sink();
        await using ReceiptWriter writer = Start(fixture, sink);

        Assert.That(await writer.MarkAsync(fixture.Group, fixture.Ben, 5, 0), Is.EqualTo(ReceiptStatus.Stored));
        Assert.That(await ReadAsync(fixture), Is.EqualTo((5L, 2L)));
        Assert.That(await writer.MarkAsync(fixture.Group, fixture.Ben, 0, 7), Is.EqualTo(ReceiptStatus.Stored));
        Assert.That(await ReadAsync(fixture), Is.EqualTo((7L, 7L)), "read raises delivered");
        Assert.That(await writer.MarkAsync(fixture.Group, fixture.Ben, 4, 3), Is.EqualTo(ReceiptStatus.Stored));
        Assert.That(await ReadAsync(fixture), Is.EqualTo((7L, 7L)), "never back");
        Assert.That(await writer.MarkAsync(fixture.Group, fixture.Ben, 0, long.MaxValue), Is.EqualTo(ReceiptStatus.Stored));
        Assert.That(await ReadAsync(fixture), Is.EqualTo((12L, 12L)), "the head at most");

        Assert.That(sink.Rows, Is.EqualTo(new ReceiptRow[]
        {
            new(fixture.Group, fixture.Ben, 5, 2, 2, DeliveredBefore: 2, ReadBefore: 2),
            new(fixture.Group, fixture.Ben, 7, 7, 2, DeliveredBefore: 5, ReadBefore: 2),
            new(fixture.Group, fixture.Ben, 12, 12, 2, DeliveredBefore: 7, ReadBefore: 7),
        }), "told when something moved, and only then");
    }

    [Test, CancelAfter(30_000)]
    public async Task Stranger_and_former_member_are_not_members()
    {
        await using ChatLogFixture fixture = await CreateAsync(messages: 1);
        await using ReceiptWriter writer = Start(fixture, new Sink());
        await new MembershipStore(fixture.Database.Source, fixture.Events).LeaveAsync(fixture.Group, fixture.Ben, CancellationToken.None);

        Assert.That(await writer.MarkAsync(fixture.Group, fixture.Ben, 3, 3), Is.EqualTo(ReceiptStatus.NotAMember));
        Assert.That(await writer.MarkAsync(999_999, fixture.Anna, 3, 3), Is.EqualTo(ReceiptStatus.NotAMember));
        Assert.That(await writer.MarkAsync(fixture.Group, fixture.Anna, 3, 3), Is.EqualTo(ReceiptStatus.Stored));
    }

    [Test, CancelAfter(30_000)]
    public async Task Many_marks_of_one_member_become_one_row()
    {
        await using ChatLogFixture fixture = await CreateAsync(messages: 10);
        var sink = new Sink();
        await using ReceiptWriter writer = Create(fixture, sink);
        Task<ReceiptStatus>[] marks =
        [
            .. Enumerable.Range(1, 12).Select(i => writer.MarkAsync(fixture.Group, fixture.Ben, i, 0).AsTask()),
            writer.MarkAsync(fixture.Group, fixture.Ben, 0, 6).AsTask(),
            writer.MarkAsync(fixture.Group, fixture.Anna, 0, 4).AsTask(),
        ];

        writer.Start();

        Assert.That(await Task.WhenAll(marks), Is.All.EqualTo(ReceiptStatus.Stored));
        Assert.That(sink.Rows, Is.EquivalentTo(new ReceiptRow[]
        {
            new(fixture.Group, fixture.Ben, 12, 6, 2, DeliveredBefore: 2, ReadBefore: 2),
            new(fixture.Group, fixture.Anna, 4, 4, 2, DeliveredBefore: 2, ReadBefore: 2),
        }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Cut_connections_lose_no_mark_and_two_writers_do_not_stop_each_other()
    {
        await using ChatLogFixture fixture = await CreateAsync(messages: 40);
        await using ReceiptWriter one = Start(fixture, new Sink());
        await using ReceiptWriter two = Start(fixture, new Sink());

        for (int i = 3; i <= 42; i++)
        {
            Task<ReceiptStatus>[] marks =
            [
                one.MarkAsync(fixture.Group, fixture.Ben, i, 0).AsTask(), one.MarkAsync(fixture.Group, fixture.Anna, i, 0).AsTask(),
                two.MarkAsync(fixture.Group, fixture.Anna, 0, i).AsTask(), two.MarkAsync(fixture.Group, fixture.Ben, 0, i).AsTask(),
            ];
            if (i % 10 == 0)
                await fixture.ExecuteAsync(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> "
                    + "pg_backend_pid()");
            Assert.That(await Task.WhenAll(marks), Is.All.EqualTo(ReceiptStatus.Stored));
        }
        fixture.Database.Source.Clear();
        Assert.That(await ReadAsync(fixture), Is.EqualTo((42L, 42L)));
    }

    [Test, CancelAfter(30_000)]
    public async Task More_than_may_wait_is_busy()
    {
        await using ChatLogFixture fixture = await CreateAsync(messages: 1);
        await using ReceiptWriter writer = Create(fixture, new Sink(), maxWaiting: 1);
        Task<ReceiptStatus> waits = writer.MarkAsync(fixture.Group, fixture.Ben, 3, 3).AsTask();

        Assert.That(await writer.MarkAsync(fixture.Group, fixture.Ben, 3, 3), Is.EqualTo(ReceiptStatus.Busy));
        writer.Start();
        Assert.That(await waits, Is.EqualTo(ReceiptStatus.Stored));
    }

    private static async Task<ChatLogFixture> CreateAsync(int messages)
    {
        ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        ChatLogWriter log = fixture.CreateWriter();
        await Task.WhenAll(Enumerable.Range(0, messages).Select(_ => log.AppendAsync(ChatLogFixture.Message(fixture.Group, fixture.Anna)).AsTask()));
        return fixture;
    }

    private static ReceiptWriter Start(ChatLogFixture fixture, Sink sink)
    {
        ReceiptWriter writer = Create(fixture, sink);
        writer.Start();
        return writer;
    }

    private static ReceiptWriter Create(ChatLogFixture fixture, Sink sink, int maxWaiting = 1_000) => new(
        fixture.Database.Source, sink, new ReceiptOptions { MinInterval = TimeSpan.FromMilliseconds(1), MaxWaiting = maxWaiting }, TimeProvider.System,
        NullLogger<ReceiptWriter>.Instance);

    private static async Task<(long Delivered, long Read)> ReadAsync(ChatLogFixture fixture)
    {
        ChatRow row = (await new ChatStore(fixture.Database.Source).FindAsync(fixture.Group, fixture.Ben, CancellationToken.None))!;
        return (row.DeliveredUpTo, row.ReadUpTo);
    }

    private sealed class Sink : IReceiptSink
    {
        private readonly ConcurrentQueue<ReceiptRow> _rows = new();

        public IReadOnlyCollection<ReceiptRow> Rows => _rows;

        public void OnStored(IReadOnlyList<ReceiptRow> changed)
        {
            foreach (ReceiptRow row in changed)
                _rows.Enqueue(row);
        }
    }
}
