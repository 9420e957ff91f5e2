using Chat.Domain.Search;
using Chat.Storage.Search;
using Npgsql;

namespace Chat.Domain.Tests.Search;

/// <summary>R-090: wherever a page ends, the next one goes on there.</summary>
public sealed class MessageMergeTests : SearchFixture
{
    /// <summary>Far behind in the newer chat is a match; by then both chats have to be looked into again, and the older one is further behind.</summary>
    [Test, CancelAfter(120_000)]
    public async Task A_page_that_ends_after_a_look_into_many_chats_loses_nothing(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long newer = await World.GroupAsync(anna), older = await World.GroupAsync(anna);
        await SeedAsync(newer, anna.PrincipalId, daysAgo: 1, match: 100, ct);
        await SeedAsync(older, anna.PrincipalId, daysAgo: 2, match: 0, ct);
        await IndexAllAsync(ct);
        SearchStore store = new(World.Source);
        SearchFilter filter = new(SearchQuery.Read("frequentword rare ").Value, Wish("frequentword rare "));
        IReadOnlyList<SearchInterval> intervals = await store.ListIntervalsAsync(anna.PrincipalId, long.MaxValue, 10, ct);

        List<FoundMessage> found = [];
        SearchPlace after = SearchPlace.Start;
        bool isOver = false;
        for (int pages = 0; !isOver && pages < 50; pages++)
        {
            MessageMerge merge = new(store, filter, anna.PrincipalId);
            Assert.That(await merge.TryBeginAsync(intervals, after, () => false, ct));
            await merge.FindAsync(found, 50, () => true, ct); // one step, and the time is over
            (after, isOver) = (merge.LookedTo, merge.IsOver);
        }

        Assert.That(isOver, "each page goes further");
        Assert.That(found.Select(one => one.Message.ChatId), Is.EqualTo(new[] { newer }));
    }

    /// <summary>Six hundred messages of the one word, as many of the other, and one of both.</summary>
    private async Task SeedAsync(long chatId, long senderId, int daysAgo, int match, CancellationToken ct)
    {
        const string Sql = """
            with head as (update chats set head_sequence = head_sequence + 1200 where id = $1 returning head_sequence - 1200 as base)
            insert into events (chat_id, sequence, kind, sender_id, created_at, body)
            select $1, base + i, 1, $2, now() - make_interval(days => $3) + make_interval(secs => i),
                case when i = $4 then 'frequentword rare' when i % 2 = 0 then 'frequentword' else 'rare' end
            from head, generate_series(1, 1200) i
            """;
        await using NpgsqlCommand command = World.Source.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = senderId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = daysAgo });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = match });
        await command.ExecuteNonQueryAsync(ct);
    }
}
