using Chat.Domain.Search;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Search;
using Npgsql;

namespace Chat.Domain.Tests.Search;

/// <summary>R-090: what is written is indexed, whatever else there is, and whatever is in the way.</summary>
public sealed class SearchIndexerTests : SearchFixture
{
    [Test, CancelAfter(60_000)]
    public async Task News_go_before_what_is_old_in_the_same_chat_too(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        await SeedAsync(chatId, anna.PrincipalId, count: 3_000, ct);
        SearchNews news = new(World.Events, World.Time);
        await using SearchIndexer indexer = NewIndexer(news);
        long sent = await World.SendAsync(anna, chatId, "fresh penguin");
        news.OnCommitted([Event(chatId, sent)]);

        await indexer.CatchUpAsync(ct);

        Assert.That(await FindAsync(anna, "penguin", ct), Is.EqualTo(new[] { sent }));
        Assert.That(await FindAsync(anna, "ancient1 ", ct), Is.Empty, "what is old waits");
        while (await indexer.FillUpAsync(ct)) continue;
        Assert.That(await FindAsync(anna, "ancient1 ", ct), Is.EqualTo(new[] { 2L }));
        Assert.That(await FindAsync(anna, Wish("ancient", chatId), ct, page: 50), Has.Count.EqualTo(3_000), "each of them");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_no_node_noted_is_found_by_the_walk(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        await World.SendAsync(anna, chatId, "first heron");
        await IndexAllAsync(ct);
        await World.SendAsync(anna, chatId, "second heron"); // and its node ends
        await IndexAllAsync(ct);

        Assert.That(await FindAsync(anna, "heron", ct), Has.Count.EqualTo(2));
    }

    [Test, CancelAfter(60_000)]
    public async Task An_event_that_cannot_be_indexed_holds_up_no_other_and_is_tried_again(CancellationToken ct)
    {
        await using World world = await World.CreateAsync();
        Caller anna = await world.PersonAsync("Anna");
        long poisoned = await world.GroupAsync(anna), other = await world.GroupAsync(anna);
        await ExecuteAsync(world.Source, """
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$;
            create trigger refuse before insert on search_words for each row when (new.word = 'poison') execute function refuse()
            """, ct);
        SearchNews news = new(world.Events, world.Time);
        SearchIndexStore index = new(world.Source, MessageWords.Of);
        await using SearchIndexer indexer = new(
            news, index, new NameStore(world.Source, MessageWords.OfName), world.Load, world.Peers, world.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<SearchIndexer>.Instance);
        SearchMessages search = new(new SearchStore(world.Source), Gate, world.Limits, TimeProvider.System);
        foreach ((long chatId, string text) in ((long, string)[])[(poisoned, "otter one"), (poisoned, "otter poison"), (poisoned, "otter three"), (other, "otter four")])
            news.OnCommitted([Event(chatId, await world.SendAsync(anna, chatId, text))]);

        await indexer.CatchUpAsync(ct);
        Assert.That(await CountAsync(), Is.EqualTo(3));

        await ExecuteAsync(world.Source, "update search_skipped set retry_at = now()", ct);
        await indexer.FillUpAsync(ct);
        Assert.That(await CountAsync(), Is.EqualTo(3), "it is refused still");
        Assert.That(await ScalarAsync(world.Source, "select count(*) from search_skipped where tries = 2 and retry_at > now()", ct), Is.EqualTo(1));

        await ExecuteAsync(world.Source, "drop trigger refuse on search_words; update search_skipped set retry_at = now()", ct);
        Assert.That(await index.RetrySkippedAsync(ct));
        Assert.That(await CountAsync(), Is.EqualTo(4));
        Assert.That(await ScalarAsync(world.Source, "select count(*) from search_skipped", ct), Is.Zero);

        async Task<int> CountAsync() => (await search.ExecuteAsync(anna, Wish("otter"), null, null, ct)).Value.Messages.Count;
    }

    [Test, CancelAfter(60_000)]
    public async Task An_old_event_that_cannot_be_indexed_holds_up_no_other(CancellationToken ct)
    {
        await using World world = await World.CreateAsync();
        Caller anna = await world.PersonAsync("Anna");
        long chatId = await world.GroupAsync(anna), other = await world.GroupAsync(anna);
        await SeedAsync(world, chatId, anna.PrincipalId, count: 120, ct);
        await SeedAsync(world, other, anna.PrincipalId, count: 30, ct);
        await ExecuteAsync(world.Source, """
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$;
            create trigger refuse before insert on search_words for each row when (new.word = 'ancient77') execute function refuse()
            """, ct);
        await using SearchIndexer indexer = new(
            new SearchNews(world.Events, world.Time), new SearchIndexStore(world.Source, MessageWords.Of), new NameStore(world.Source, MessageWords.OfName),
            world.Load, world.Peers, world.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<SearchIndexer>.Instance);

        SearchMessages search = new(new SearchStore(world.Source), Gate, world.Limits, TimeProvider.System);
        await indexer.FillUpAsync(ct);
        Assert.That(await CountAsync("ancient7 ", other), Is.EqualTo(1), "in the same round");
        while (await indexer.FillUpAsync(ct)) continue;

        foreach ((string text, int count) in ((string, int)[])[("ancient1 ", 1), ("ancient76 ", 1), ("ancient77 ", 0), ("ancient78 ", 1)])
            Assert.That(await CountAsync(text, chatId), Is.EqualTo(count), text);

        async Task<int> CountAsync(string text, long within) =>
            (await search.ExecuteAsync(anna, Wish(text, within), null, 50, ct)).Value.Messages.Count;
    }

    [Test, CancelAfter(60_000)]
    public async Task A_chat_that_another_node_indexes_is_left_to_it_and_taken_when_it_dies(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        long first = await World.SendAsync(anna, chatId, "lynx one");
        await Index.IndexNewsAsync([new ChatHead(chatId, first)], 100, ct);
        long second = await World.SendAsync(anna, chatId, "lynx two");
        await using (NpgsqlConnection other = await World.Source.OpenConnectionAsync(ct))
        {
            await using NpgsqlTransaction claim = await other.BeginTransactionAsync(ct);
            await using NpgsqlCommand take = new("select 1 from search_progress where chat_id = " + chatId.ToString(System.Globalization.CultureInfo.InvariantCulture) + " for update", other, claim);
            await take.ExecuteNonQueryAsync(ct);

            IndexedStep step = await Index.IndexNewsAsync([new ChatHead(chatId, second)], 100, ct);

            Assert.That((step.Claimed, step.Events), Is.EqualTo((new[] { chatId }, 0)).Using<(IReadOnlyList<long>, int)>(
                (x, y) => x.Item1.SequenceEqual(y.Item1) && x.Item2 == y.Item2));
            Assert.That(await FindAsync(anna, "lynx", ct), Is.EqualTo(new[] { first }));
        }

        await Index.IndexNewsAsync([new ChatHead(chatId, second)], 100, ct);
        Assert.That(await FindAsync(anna, "lynx", ct), Is.EqualTo(new[] { second, first }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Two_nodes_at_the_same_chats_index_each_event_once(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        List<ChatHead> noted = [];
        for (int chat = 0; chat < 5; chat++)
        {
            long chatId = await World.GroupAsync(anna);
            for (int i = 0; i < 20; i++) await World.SendAsync(anna, chatId, $"badger {i}");
            noted.Add(new ChatHead(chatId, 1));
        }

        int events = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (int i = 0; i < 40; i++) Interlocked.Add(ref events, (await Index.IndexNewsAsync(noted, 7, ct)).Events);
        }));

        Assert.That(events, Is.EqualTo(5 * 21), "20 messages and the chat's beginning");
        Assert.That(await FindAsync(anna, Wish("badger"), ct), Has.Count.EqualTo(100));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_text_of_very_many_words_is_found_by_the_first_ones(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        string words = string.Join(' ', Enumerable.Range(0, 3_000).Select(i => $"w{i}"))[..16_000];
        long many = await World.SendAsync(anna, chatId, words);
        long one = await World.SendAsync(anna, chatId, string.Concat(Enumerable.Range(0x4E00, 5_400).Select(i => (char)i)));
        long endless = await World.SendAsync(anna, chatId, new string('x', 16_000));
        long last = await World.SendAsync(anna, chatId, "w2500 w450 ok");
        await IndexAllAsync(ct);

        Assert.That(await FindAsync(anna, "w450 ", ct), Is.EqualTo(new[] { last, many }));
        Assert.That(await FindAsync(anna, "w2500 ", ct), Is.EqualTo(new[] { last }), "behind the first 500");
        Assert.That(await FindAsync(anna, "丁丂七", ct), Is.EqualTo(new[] { one }));
        Assert.That(await FindAsync(anna, "xxxx", ct), Is.EqualTo(new[] { endless }));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_chat_of_very_many_words_takes_its_share_of_a_step_and_no_other_waits_for_it(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long wordy = await World.GroupAsync(anna), other = await World.GroupAsync(anna);
        for (int i = 0; i < 30; i++) await World.SendAsync(anna, wordy, string.Join(' ', Enumerable.Range(0, 600).Select(word => $"m{i}w{word}")));
        long sent = await World.SendAsync(anna, other, "quiet okapi");
        ChatHead[] noted = [new(wordy, 1), new(other, 1)];

        IndexedStep first = await Index.IndexNewsAsync(noted, 100, ct);

        Assert.That(first.Unfinished, Is.EqualTo(new[] { wordy }));
        Assert.That(first.Events, Is.LessThan(30));
        Assert.That(await FindAsync(anna, "okapi", ct), Is.EqualTo(new[] { sent }));
        Assert.That((await Index.IndexNewsAsync(noted, 100, ct)).Unfinished, Is.Empty);
        Assert.That(await FindAsync(anna, "m29w499 ", ct), Has.Count.EqualTo(1), "from where the step before ended");
    }

    [Test]
    public void The_chat_that_waits_longest_is_next()
    {
        SearchNews news = new(new SilentSink(), World.Time);
        news.Note([new ChatHead(1, 1), new ChatHead(2, 1), new ChatHead(3, 1)]);
        Assert.That(news.Take(1)[0].ChatId, Is.EqualTo(1));
        news.Note([new ChatHead(1, 5), new ChatHead(2, 7)]);

        Assert.That(news.Take(10), Is.EqualTo(new[] { new ChatHead(2, 1), new ChatHead(3, 1), new ChatHead(1, 5) }));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_a_commit_in_doubt_stored_after_all_is_indexed(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        SilentSink sink = new();
        SearchNews news = new(sink, World.Time);
        await using SearchIndexer indexer = NewIndexer(news);
        news.OnInDoubt([chatId]);
        World.Time.Advance(TimeSpan.FromSeconds(1));
        await indexer.CatchUpAsync(ct);
        await World.SendAsync(anna, chatId, "doubtful ibis"); // the statement was under way
        Assert.That(await FindAsync(anna, "ibis", ct), Is.Empty);
        World.Time.Advance(TimeSpan.FromSeconds(30));

        await indexer.CatchUpAsync(ct);

        Assert.That(await FindAsync(anna, "ibis", ct), Has.Count.EqualTo(1));
        Assert.That(sink.Doubts, Is.EqualTo(1), "and is told on");
        World.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(news.Take(10), Has.Count.EqualTo(1), "once more at the end");
        World.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(news.Take(10), Is.Empty);
    }

    private Task SeedAsync(long chatId, long senderId, int count, CancellationToken ct) => SeedAsync(World, chatId, senderId, count, ct);

    /// <summary>What was written before there was an index.</summary>
    private static async Task SeedAsync(World world, long chatId, long senderId, int count, CancellationToken ct)
    {
        const string Sql = """
            with head as (update chats set head_sequence = head_sequence + $3 where id = $1 returning head_sequence - $3 as base)
            insert into events (chat_id, sequence, kind, sender_id, created_at, body)
            select $1, base + i, 1, $2, now() - interval '1 day' + make_interval(secs => i), 'ancient' || i from head, generate_series(1, $3) i
            """;
        await using NpgsqlCommand command = world.Source.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = senderId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static EventRow Event(long chatId, long sequence) =>
        new(chatId, sequence, EventKinds.Message, 1, 0, Guid.NewGuid(), null, "", null, null);

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private sealed class SilentSink : ICommittedEvents
    {
        public int Doubts { get; private set; }

        public void OnCommitted(IReadOnlyList<EventRow> events)
        {
        }

        public void OnInDoubt(IReadOnlyCollection<long> chatIds) => Doubts += chatIds.Count;
    }
}
