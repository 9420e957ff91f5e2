using System.Collections.Concurrent;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Receipts;
using Chat.Storage.Tests.ChatLog;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Storage.Tests.Receipts;

/// <summary>What members read by writing: known at once, stored late, told to nobody (protocol-spec.md §8.5).</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class OwnMarkTests
{
    [Test, CancelAfter(30_000)]
    public async Task Marks_are_known_at_once_and_stored_at_the_stop()
    {
        await using ChatLogFixture fixture = await CreateAsync(messages: 10); // head 12
        var sink = new NobodyIsTold();
        await using ReceiptWriter writer = Create(fixture, TimeProvider.System, sink);
        writer.Start();

        foreach (long sequence in (long[])[5, 9, 7]) writer.RaiseOwn(fixture.Group, fixture.Ben, sequence);
        writer.RaiseOwn(987_654_321, fixture.Ben, 3);

        Assert.That((writer.FindOwn(fixture.Group, fixture.Ben), writer.FindOwn(fixture.Group, fixture.Anna)), Is.EqualTo((9L, 0L)));
        Assert.That((await ReadAsync(fixture)).Read, Is.LessThan(9));
        await writer.StopAsync();
        Assert.That(await ReadAsync(fixture), Is.EqualTo((9L, 9L)));
        ReceiptRow moved = sink.ByWriting.Single(row => row.ReadUpTo == 9);
        Assert.That((moved.PrincipalId, moved.MemberCount, moved.ReadBefore < 9), Is.EqualTo((fixture.Ben, 2, true)), "who notes times hears of it");
        Assert.That(writer.FindOwn(fixture.Group, fixture.Ben), Is.Zero);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_mark_is_forgotten_one_turn_after_it_was_stored_and_one_that_rose_meanwhile_is_stored_again()
    {
        await using ChatLogFixture fixture = await CreateAsync(messages: 10);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using ReceiptWriter writer = Create(fixture, time);
        writer.Start();
        writer.RaiseOwn(fixture.Group, fixture.Ben, 5);

        await AdvanceUntilAsync(time, async () => (await ReadAsync(fixture)).Read == 5);
        Assert.That(writer.FindOwn(fixture.Group, fixture.Ben), Is.EqualTo(5));
        writer.RaiseOwn(fixture.Group, fixture.Ben, 8);
        await AdvanceUntilAsync(time, async () => (await ReadAsync(fixture)).Read == 8);
        await AdvanceUntilAsync(time, () => Task.FromResult(writer.FindOwn(fixture.Group, fixture.Ben) == 0));

        Assert.That(await ReadAsync(fixture), Is.EqualTo((8L, 8L)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Who_hears_of_a_mark_hears_when_it_was_raised_last_and_not_when_it_was_stored()
    {
        await using ChatLogFixture fixture = await CreateAsync(messages: 10);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var sink = new NobodyIsTold();
        await using ReceiptWriter writer = Create(fixture, time, sink);
        writer.RaiseOwn(fixture.Group, fixture.Ben, 5);
        time.Advance(TimeSpan.FromSeconds(1));
        foreach (long sequence in (long[])[8, 7]) writer.RaiseOwn(fixture.Group, fixture.Ben, sequence);
        time.Advance(TimeSpan.FromMinutes(1)); // storage is slow
        writer.Start();

        await AdvanceUntilAsync(time, () => Task.FromResult(sink.ByWriting.Count > 0));
        await AdvanceUntilAsync(time, () => Task.FromResult(writer.FindOwn(fixture.Group, fixture.Ben) == 0));

        Assert.That(sink.ByWriting.Select(row => (row.ReadUpTo, row.RaisedAt)), Is.EqualTo(new[] { (8L, (DateTimeOffset?)DateTimeOffset.UnixEpoch.AddSeconds(1)) }));
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<Task<bool>> isSo)
    {
        // A turn gets time to end before the next one begins: what a turn leaves is what the test looks at.
        while (!await isSo())
        {
            time.Advance(new ReceiptOptions().OwnMarkInterval);
            for (int looks = 0; looks < 200 && !await isSo(); looks++) await Task.Yield();
        }
    }

    private static async Task<ChatLogFixture> CreateAsync(int messages)
    {
        ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        ChatLogWriter log = fixture.CreateWriter();
        await Task.WhenAll(Enumerable.Range(0, messages).Select(_ => log.AppendAsync(ChatLogFixture.Message(fixture.Group, fixture.Anna)).AsTask()));
        return fixture;
    }

    private static ReceiptWriter Create(ChatLogFixture fixture, TimeProvider time, NobodyIsTold? sink = null) => new(
        fixture.Database.Source, sink ?? new NobodyIsTold(), new ReceiptOptions(), time, NullLogger<ReceiptWriter>.Instance);

    private static async Task<(long Delivered, long Read)> ReadAsync(ChatLogFixture fixture)
    {
        ChatRow row = (await new ChatStore(fixture.Database.Source).FindAsync(fixture.Group, fixture.Ben, CancellationToken.None))!;
        return (row.DeliveredUpTo, row.ReadUpTo);
    }

    private sealed class NobodyIsTold : IReceiptSink
    {
        private readonly ConcurrentQueue<ReceiptRow> _byWriting = new();

        public IReadOnlyCollection<ReceiptRow> ByWriting => _byWriting;

        public void OnStored(IReadOnlyList<ReceiptRow> changed) => Assert.Fail("the message says it all");

        public void OnReadByWriting(IReadOnlyList<ReceiptRow> changed)
        {
            foreach (ReceiptRow row in changed) _byWriting.Enqueue(row);
        }
    }
}
