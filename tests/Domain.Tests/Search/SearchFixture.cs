using Chat.Domain.Search;
using Chat.Protocol.Codes;
using Chat.Storage.Search;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Search;

/// <summary>Search over a world, indexed when the test says so.</summary>
public abstract class SearchFixture : WorldFixture
{
    private protected SearchGate Gate { get; } = new(TimeProvider.System);

    private protected SearchMessages Search => new(new SearchStore(World.Source), Gate, World.Limits, TimeProvider.System);

    private protected SearchIndexStore Index => new(World.Source, MessageWords.Of);

    private protected NameStore NameIndex => new(World.Source, MessageWords.OfName);

    [OneTimeTearDown]
    public void DisposeGate() => Gate.Dispose();

    private protected SearchIndexer NewIndexer(SearchNews? news = null) => new(
        news ?? new SearchNews(World.Events, World.Time), Index, NameIndex, World.Load, World.Peers, World.Time, NullLogger<SearchIndexer>.Instance);

    /// <summary>Indexes all that there is, as a node does that has nothing else to do.</summary>
    private protected async Task IndexAllAsync(CancellationToken ct)
    {
        await using SearchIndexer indexer = NewIndexer();
        while (await indexer.FillUpAsync(ct)) continue;
        await indexer.CatchUpAsync(ct);
        while (await NameIndex.WalkAsync(1_000, ct)) continue;
        while (await indexer.IndexNamesAsync(ct)) continue;
        await indexer.CatchUpAsync(ct);
    }

    /// <summary>Messages of two chats in the same millisecond, by the database's clock, have no order of time.</summary>
    private protected async Task NextMillisecondAsync(CancellationToken ct)
    {
        await using NpgsqlCommand pause = World.Source.CreateCommand("select pg_sleep(0.001)");
        await pause.ExecuteNonQueryAsync(ct);
    }

    private protected static SearchWish Wish(string? text, long? chatId = null, long? sender = null, ContentKind[]? kinds = null) =>
        new(text, chatId, sender, kinds ?? [], null, null, IsRanked: false);

    /// <summary>The sequences that are found, over all pages.</summary>
    private protected async Task<List<(long ChatId, long Sequence)>> FindAsync(Caller caller, SearchWish wish, CancellationToken ct, int page = 20)
    {
        List<(long, long)> found = [];
        string? cursor = null;
        do
        {
            FoundMessages one = (await Search.ExecuteAsync(caller, wish, cursor, page, ct)).Value;
            found.AddRange(one.Messages.Select(match => (match.Message.ChatId, match.Message.Sequence)));
            cursor = one.NextCursor;
        }
        while (cursor is not null);
        return found;
    }

    private protected async Task<List<long>> FindAsync(Caller caller, string text, CancellationToken ct) =>
        [.. (await FindAsync(caller, Wish(text), ct)).Select(found => found.Sequence)];
}
