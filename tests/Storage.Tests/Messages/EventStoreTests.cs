using System.Diagnostics.Metrics;
using Chat.Storage.ChatLog;
using Chat.Storage.Messages;
using Chat.Storage.Tests.ChatLog;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Messages;

/// <summary>What a page covers, protocol-spec.md §6.5 and §6.18. The group's log: 1 and 2 its making, 3 to 12 messages.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class EventStoreTests
{
    private ChatLogFixture _fixture = null!;

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _fixture = await ChatLogFixture.CreateAsync();
        ChatLogWriter writer = _fixture.CreateWriter();
        for (int i = 3; i <= 12; i++)
            await writer.AppendAsync(ChatLogFixture.Message(_fixture.Group, _fixture.Anna, new string('x', 100)));
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await _fixture.DisposeAsync();

    // after, before, limit, maxTextBytes -> events from..to, covers from..to, has more
    [TestCase(null, null, 50, 200_000, 1, 12, 1, 12, false, TestName = "Newest page that holds everything")]
    [TestCase(null, null, 4, 200_000, 9, 12, 9, 12, true, TestName = "Newest page, more below")]
    [TestCase(0L, null, 4, 200_000, 1, 4, 1, 4, true, TestName = "From the beginning, more above")]
    [TestCase(4L, null, 8, 200_000, 5, 12, 5, 12, false, TestName = "After, to the head exactly")]
    [TestCase(12L, null, 4, 200_000, 0, 0, 13, 12, false, TestName = "After the head is empty")]
    [TestCase(20L, null, 4, 200_000, 0, 0, 21, 20, false, TestName = "After a void position is empty")]
    [TestCase(null, 9L, 4, 200_000, 5, 8, 5, 8, true, TestName = "Before, more below")]
    [TestCase(null, 5L, 4, 200_000, 1, 4, 1, 4, false, TestName = "Before, to the beginning exactly")]
    [TestCase(null, 1L, 4, 200_000, 0, 0, 1, 0, false, TestName = "Before the beginning is empty")]
    [TestCase(null, 0L, 4, 200_000, 0, 0, 1, 0, false, TestName = "Before nothing is empty")]
    [TestCase(null, 99L, 4, 200_000, 9, 12, 9, 12, true, TestName = "Before beyond the head is the newest page")]
    [TestCase(2L, null, 50, 350, 3, 5, 3, 5, true, TestName = "After, cut by bytes")]
    [TestCase(null, null, 50, 350, 10, 12, 10, 12, true, TestName = "Newest, cut by bytes")]
    [TestCase(2L, null, 50, 10, 3, 3, 3, 3, true, TestName = "One event always fits")]
    [CancelAfter(30_000)]
    public async Task Page_says_what_it_covers(
        long? after, long? before, int limit, int maxTextBytes, int first, int last, long coversFrom, long coversTo, bool hasMore)
    {
        HistoryPage page = (await _fixture.Log.ReadAsync(
            _fixture.Group, _fixture.Ben, after, before, limit, maxTextBytes, CancellationToken.None))!;

        Assert.That(page.Events.Select(e => e.Sequence), Is.EqualTo(first == 0 ? [] : Enumerable.Range(first, last - first + 1)));
        Assert.That((page.CoversFrom, page.CoversTo, page.HasMore), Is.EqualTo((coversFrom, coversTo, hasMore)));
        Assert.That(page.HeadSequence, Is.EqualTo(12));
        Assert.That(page.Epoch, Is.InRange(1, (1L << 53) - 1));
    }

    [Test, CancelAfter(30_000)]
    public async Task Pages_asked_for_at_once_share_round_trips_and_each_gets_its_own(CancellationToken ct)
    {
        const int Askers = 600;
        const string Pool = "pages together";
        await using NpgsqlDataSource source = ChatDataSource.Create(_fixture.Database.ConnectionString, Pool, 8);
        EventStore log = new(source);
        long stranger = await _fixture.People.CreateAsync("Cleo");
        long roundTrips = 0;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument is { Meter.Name: "Npgsql", Name: "db.client.operation.duration" })
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach ((_, object? value) in tags)
                if (value is Pool) Interlocked.Increment(ref roundTrips);
        });
        listener.Start();

        HistoryPage?[] pages = await Task.WhenAll(Enumerable.Range(0, Askers).Select(i => log.ReadAsync(
            _fixture.Group, i % 3 == 0 ? stranger : _fixture.Ben, i % 3 == 1 ? i % 12 : null, null, 5, 200_000, ct)));

        for (int i = 0; i < Askers; i++)
        {
            int first = i % 3 == 1 ? (i % 12) + 1 : 8;
            IEnumerable<int> expected = Enumerable.Range(first, Math.Min(5, 13 - first));
            Assert.That(pages[i]?.Events.Select(e => e.Sequence), i % 3 == 0 ? Is.Null : Is.EqualTo(expected), $"page {i}");
        }

        Assert.That(roundTrips, Is.InRange(1, Askers / 4));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_connection_that_is_lost_costs_those_who_shared_it_and_nobody_waits_for_ever(CancellationToken ct)
    {
        await using PostgresProxy proxy = new(_fixture.Database.ConnectionString);
        await using NpgsqlDataSource source = ChatDataSource.Create(proxy.ConnectionString, "pages lost", 8);
        EventStore log = new(source);
        Task<HistoryPage?> ReadAsync() => log.ReadAsync(_fixture.Group, _fixture.Ben, null, null, 5, 200_000, ct);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ReadAsync())); // a connection that is lost while it opens is opened again

        proxy.CutBeforeNextRequest();
        Task<HistoryPage?>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => ReadAsync())];
        await ((Task)Task.WhenAll(waiting)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Assert.That(waiting.Count(page => page.IsFaulted), Is.InRange(1, 99));
        foreach (Task<HistoryPage?> page in waiting.Where(page => page.IsFaulted)) await Assert.CatchAsync<NpgsqlException>(() => page);
        foreach (Task<HistoryPage?> page in waiting.Where(page => !page.IsFaulted)) Assert.That((await page)!.HeadSequence, Is.EqualTo(12));
    }

    [Test, CancelAfter(30_000)]
    public async Task Range_is_read_whole_for_repairs()
    {
        IReadOnlyList<EventRow> range = await _fixture.Log.ReadRangeAsync(_fixture.Group, 4, 7, CancellationToken.None);

        Assert.That(range.Select(e => e.Sequence), Is.EqualTo(new[] { 4L, 5, 6, 7 }));
        Assert.That(range[0], Is.EqualTo(_fixture.Events.Of(_fixture.Group).Single(e => e.Sequence == 4)));
    }
}
