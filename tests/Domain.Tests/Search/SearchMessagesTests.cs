using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Domain.Search;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Chats;
using Chat.Storage.Messages;

namespace Chat.Domain.Tests.Search;

/// <summary>R-090, R-068: messages are found by those who may see them, as they are for them.</summary>
public sealed class SearchMessagesTests : SearchFixture
{
    [Test, CancelAfter(60_000)]
    public async Task The_newest_of_all_chats_come_first_page_after_page(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long[] chats = [await World.GroupAsync(anna, bert), await World.DirectChatAsync(anna, bert), await World.GroupAsync(bert, anna)];
        List<(long, long)> sent = [];
        for (int i = 0; i < 45; i++)
        {
            long chatId = chats[i % 3];
            sent.Add((chatId, await World.SendAsync(i % 2 == 0 ? anna : bert, chatId, $"meeting number{i}")));
            await World.SendAsync(anna, chatId, "something else");
            await NextMillisecondAsync(ct);
        }

        await IndexAllAsync(ct);
        sent.Reverse();

        Assert.That(await FindAsync(anna, Wish("meeting"), ct, page: 7), Is.EqualTo(sent));
        Assert.That(await FindAsync(anna, Wish("meet"), ct, page: 50), Is.EqualTo(sent), "by its beginning");
        Assert.That(await FindAsync(anna, Wish("number7 meeting "), ct), Is.EqualTo(new[] { sent[44 - 7] }));
        Assert.That(await FindAsync(anna, Wish("meeting number4"), ct), Has.Count.EqualTo(6), "4 and 40 to 44");
        Assert.That(await FindAsync(bert, Wish("meeting", chats[1]), ct, page: 4), Is.EqualTo(sent.Where(one => one.Item1 == chats[1])));
        Assert.That(await FindAsync(anna, Wish("meeting", sender: bert.PrincipalId), ct, page: 5), Is.EqualTo(sent.Where((_, i) => (44 - i) % 2 == 1)));
        Assert.That((await FindAsync(anna, Wish(null, sender: bert.PrincipalId), ct)).Count, Is.EqualTo(22), "a sender alone");
    }

    // On both sides of the number of words up to which they are looked up one by one.
    [TestCase("q", 8), TestCase("q", 9), TestCase("q", 11), TestCase("q", 12), TestCase("q", 13), TestCase("qu", 23), TestCase("qu", 24)]
    [TestCase("qua", 64), TestCase("qua", 65)]
    [CancelAfter(60_000)]
    public async Task A_beginning_finds_all_its_words_however_many_a_chat_has(string beginning, int words, CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long many = await World.GroupAsync(anna, bert), few = await World.DirectChatAsync(anna, bert);
        List<(long, long)> sent = [];
        for (int i = 0; i < words; i++)
        {
            sent.Add((many, await World.SendAsync(anna, many, $"plain qua{i}")));
            if (i % 3 == 0) await World.SendAsync(bert, many, "plain and nothing else");
        }

        sent.Add((few, await World.SendAsync(bert, few, "quay plain")));
        await IndexAllAsync(ct);

        Assert.That(await FindAsync(anna, Wish(beginning), ct, page: 7), Is.EquivalentTo(sent));
        Assert.That(await FindAsync(anna, Wish($"plain {beginning}"), ct, page: 5), Is.EquivalentTo(sent));
        Assert.That(await FindAsync(anna, Wish(beginning, sender: bert.PrincipalId), ct), Is.EqualTo(new[] { sent[^1] }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_left_finds_nothing_by_what_came_later_and_no_text_of_an_edit_after(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), carl = await World.PersonAsync("Carl");
        long chatId = await World.GroupAsync(anna);
        await World.SendAsync(anna, chatId, "zebra before");
        await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId, carl.PrincipalId], ct);
        long during = await World.SendAsync(anna, chatId, "zebra during");
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
        long after = await World.SendAsync(anna, chatId, "zebra after");
        await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), during, "giraffe instead", ct);
        await IndexAllAsync(ct);

        Assert.That(await FindAsync(bert, "zebra", ct), Is.EqualTo(new[] { during }), "as it was when bert left");
        Assert.That(await FindAsync(bert, "giraffe", ct), Is.Empty);
        Assert.That(await FindAsync(carl, "zebra", ct), Is.EqualTo(new[] { after }));
        Assert.That(await FindAsync(carl, "giraffe", ct), Is.EqualTo(new[] { during }));
        FoundMessages forged = (await Search.ExecuteAsync(bert, Wish("zebra"), $"{long.MaxValue}.{chatId}.{long.MaxValue}.{long.MaxValue}.{long.MaxValue}", 50, ct)).Value;
        Assert.That(forged.Messages.Select(found => found.Message.Sequence), Is.EqualTo(new[] { during }), "a cursor gives no rights");
        FailureAssert.Failed(await Search.ExecuteAsync(await World.PersonAsync(), Wish("zebra", chatId), null, null, ct), ErrorCode.ChatNotFound, "chat_id");
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_came_back_finds_what_was_said_in_each_stay_and_not_between(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long first = await World.SendAsync(anna, chatId, "falcon first");
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
        await World.SendAsync(anna, chatId, "falcon between");
        await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct);
        long second = await World.SendAsync(anna, chatId, "falcon second");
        await IndexAllAsync(ct);

        Assert.That(await FindAsync(bert, Wish("falcon"), ct, page: 1), Is.EqualTo(new[] { (chatId, second), (chatId, first) }));
        Assert.That(await FindAsync(bert, Wish("falcon", chatId), ct, page: 1), Is.EqualTo(new[] { (chatId, second), (chatId, first) }));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_deleted_hidden_or_cleared_is_not_found(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long cleared = await World.SendAsync(anna, chatId, "walrus one"), deleted = await World.SendAsync(anna, chatId, "walrus two");
        long hidden = await World.SendAsync(anna, chatId, "walrus three"), kept = await World.SendAsync(anna, chatId, "walrus four");
        await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), deleted, "walrus twice", ct);
        await IndexAllAsync(ct);
        Assert.That(await CountWordsAsync(chatId, deleted, ct), Is.GreaterThan(0));

        await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), deleted, ct);
        await new HiddenStore(World.Source, World.Events).HideAsync(bert.PrincipalId, chatId, hidden, ct);
        await new OwnSettingsStore(World.Source, World.Events).ClearAsync(bert.PrincipalId, chatId, cleared, ct);

        Assert.That(await FindAsync(anna, "walrus", ct), Is.EqualTo(new[] { kept, hidden, cleared }), "before the index knows of it");
        Assert.That(await FindAsync(bert, "walrus", ct), Is.EqualTo(new[] { kept }));
        await IndexAllAsync(ct);
        Assert.That(await FindAsync(anna, "walrus", ct), Is.EqualTo(new[] { kept, hidden, cleared }));
        long never = await World.SendAsync(anna, chatId, "deleted at once");
        await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), never, ct);
        await IndexAllAsync(ct);
        Assert.That(await CountWordsAsync(chatId, never, ct), Is.Zero, "what is deleted already has no words");
    }

    [Test, CancelAfter(60_000)]
    public async Task Kinds_names_of_files_and_times_are_filters(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        long text = await World.SendAsync(anna, chatId, "budget as text");
        long document = await ShareAsync(anna, chatId, ContentKind.Document, "application/pdf", "Budget-März.pdf");
        long image = await ShareAsync(anna, chatId, ContentKind.Image, "image/png", null, "the budget, drawn");
        await IndexAllAsync(ct);

        Assert.That(await FindAsync(anna, "budget", ct), Is.EqualTo(new[] { image, document, text }));
        Assert.That(await KindsAsync("budget", ContentKind.Document), Is.EqualTo(new[] { document }));
        Assert.That(await KindsAsync("marz", ContentKind.Document, ContentKind.Image), Is.EqualTo(new[] { document }));
        Assert.That(await KindsAsync(null, ContentKind.Document, ContentKind.Image, ContentKind.Voice), Is.EqualTo(new[] { image, document }));
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(
            (await Search.ExecuteAsync(anna, Wish("drawn"), null, null, ct)).Value.Messages[0].Message.CreatedAtMs);
        Assert.That(await BetweenAsync(at, null), Does.Contain(image));
        Assert.That(await BetweenAsync(null, at), Does.Not.Contain(image));
        Assert.That(await BetweenAsync(at.AddMilliseconds(1), null), Is.Empty);
        FailureAssert.Failed(
            await Search.ExecuteAsync(anna, Wish("budget") with { From = at, To = at }, null, null, ct), ErrorCode.InvalidArgument, "to");

        async Task<List<long>> KindsAsync(string? query, params ContentKind[] kinds) =>
            [.. (await FindAsync(anna, Wish(query, chatId, kinds: kinds), ct)).Select(found => found.Sequence)];

        async Task<List<long>> BetweenAsync(DateTimeOffset? from, DateTimeOffset? to) =>
            [.. (await FindAsync(anna, Wish("budget") with { From = from, To = to }, ct)).Select(found => found.Sequence)];
    }

    [Test, CancelAfter(60_000)]
    public async Task The_best_come_first_if_asked_for_each_once(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        long best = await World.SendAsync(anna, chatId, "blue whale");
        long turned = await World.SendAsync(anna, chatId, "a whale that is blue");
        for (int i = 0; i < 230; i++) await World.SendAsync(anna, chatId, "whalebone, blue");
        await IndexAllAsync(ct);

        SearchWish wish = Wish("blue whale") with { IsRanked = true };
        List<(long, long)> all = await FindAsync(anna, wish, ct, page: 50);

        Assert.That(all.Distinct().Count(), Is.EqualTo(232));
        Assert.That(all, Has.Count.EqualTo(232));
        Assert.That(all.IndexOf((chatId, best)), Is.EqualTo(200), "of the newest 200 the best first, then of the others");
        Assert.That(all.IndexOf((chatId, turned)), Is.EqualTo(201));
    }

    [Test, CancelAfter(120_000)]
    public async Task Any_script_is_found_by_a_part_of_it(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        string[] texts = ["東京タワーで会いましょう", "ภาษาไทยง่ายมาก", "각하께 드림", "ｶﾞｲﾄﾞﾌﾞｯｸ", "مُحَمَّد وصل", "İSTANBUL'da ıssız", "Größe 😀 straße"];
        string[] queries = ["京タワ", "ไทย", "각", "ガイド", "محمد", "istanbul", "STRASSE"];
        List<long> sent = [];
        foreach (string text in texts) sent.Add(await World.SendAsync(anna, chatId, text));
        await IndexAllAsync(ct);

        for (int i = 0; i < queries.Length; i++)
            Assert.That(await FindAsync(anna, queries[i], ct), Is.EqualTo(new[] { sent[i] }), queries[i]);
        Assert.That(await FindAsync(anna, "塔", ct), Is.Empty);
    }

    [Test, CancelAfter(120_000)]
    public async Task Whoever_is_in_very_many_chats_gets_all_of_it(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        await SeedChatsAsync(anna.PrincipalId, count: 2_300, ct);
        await IndexAllAsync(ct);

        List<(long ChatId, long)> found = await FindAsync(anna, Wish("seeded message"), ct, page: 50);

        Assert.That(found, Has.Count.EqualTo(2_300));
        Assert.That(found.Distinct().Count(), Is.EqualTo(2_300));
        Assert.That(await FindAsync(anna, Wish("needle7 "), ct), Has.Count.EqualTo(1));
        Assert.That(await FindAsync(bert, Wish("seeded"), ct), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task One_search_of_a_person_runs_at_a_time_and_so_many_of_all(CancellationToken ct)
    {
        using SearchGate gate = new(TimeProvider.System);
        TaskCompletionSource<Result<int>> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Result<int>>[] running = [.. Enumerable.Range(1, SearchGate.MaxSearches).Select(i => gate.RunAloneAsync(i, () => end.Task, ct))];

        Result<int> second = await gate.RunAloneAsync(1, () => end.Task, ct), other = await gate.RunAloneAsync(99, () => end.Task, ct);
        end.SetResult(1);
        await Task.WhenAll(running);

        Assert.That(second.Failure!.Code, Is.EqualTo(ErrorCode.Busy));
        Assert.That(other.Failure!.Code, Is.EqualTo(ErrorCode.Busy));
        Assert.That(other.Failure!.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That((await gate.RunAloneAsync(1, () => end.Task, ct)).IsOk, "the place is free again");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_asked_wrongly_is_refused_and_the_rate_holds(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(new LimitSettings { SearchesPerSecond = 0.001, SearchesBurst = 1 });
        Caller anna = await world.PersonAsync();
        SearchMessages search = new(new Chat.Storage.Search.SearchStore(world.Source), Gate, world.Limits, TimeProvider.System);

        FailureAssert.Failed(await search.ExecuteAsync(anna, Wish("…"), null, null, ct), ErrorCode.InvalidArgument, "q");
        FailureAssert.Failed(await search.ExecuteAsync(anna, Wish(null), null, null, ct), ErrorCode.InvalidArgument, "q");
        FailureAssert.Failed(await search.ExecuteAsync(anna, Wish("a"), "1.2", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await search.ExecuteAsync(anna, Wish("a"), "1.2.3.4.-5", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await search.ExecuteAsync(anna, Wish("a"), "1.2.3.4.5.6.7.8.9", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await search.ExecuteAsync(anna, Wish("a"), null, 51, ct), ErrorCode.InvalidArgument, "limit");
        Assert.That((await search.ExecuteAsync(anna, Wish("a"), null, null, ct)).IsOk);
        Assert.That((await search.ExecuteAsync(anna, Wish("a"), null, null, ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    private async Task<long> ShareAsync(Caller sender, long chatId, ContentKind kind, string contentType, string? fileName, string text = "")
    {
        string blobId = await World.FileAsync(sender, chatId, contentType, bytes: 1);
        WireContent content = new(kind, null, [], new WireMedia(blobId, contentType, 1, fileName, null, null, null, null, []), null, null);
        return (await World.Send.ExecuteAsync(sender, new SendMessageInput(chatId, Guid.NewGuid(), text, null, content))).Value.Sequence;
    }

    private async Task SeedChatsAsync(long principalId, int count, CancellationToken ct)
    {
        const string Sql = """
            with made as (
                insert into chats (kind, name, head_sequence, member_count)
                select 2, 'Seeded', 1, 1 from generate_series(1, $2) returning id
            ), joined as (
                insert into members (chat_id, principal_id, role, joined_at_sequence) select id, $1, 2, 1 from made
            )
            insert into events (chat_id, sequence, kind, sender_id, created_at, body)
            select id, 1, 1, $1, now() - make_interval(secs => id % 1000), 'seeded message needle' || (row_number() over ()) from made
            """;
        await using Npgsql.NpgsqlCommand command = World.Source.CreateCommand(Sql);
        command.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new Npgsql.NpgsqlParameter<int> { TypedValue = count });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<long> CountWordsAsync(long chatId, long sequence, CancellationToken ct)
    {
        await using Npgsql.NpgsqlCommand command = World.Source.CreateCommand("select count(*) from search_words where chat_id = $1 and sequence = $2");
        command.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = chatId });
        command.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = sequence });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
