using Chat.Protocol.Codes;
using Chat.Sdk.Search;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Search: what goes out, and what is made of the answers.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class SearchTests
{
    private const string Messages = """
        {"items":[{"message":{"chatId":7,"sequence":3,"kind":"message","senderId":12,"createdAt":"2026-01-01T00:00:00+00:00","text":"so it is"},
        "highlights":[{"start":0,"length":2}]},
        {"message":{"chatId":7,"sequence":2,"kind":"message","senderId":12,"createdAt":"2026-01-01T00:00:00+00:00","content":{"kind":"voice"}},
        "highlights":[]}],"nextCursor":"1.2.3.4.5"}
        """;

    private const string Names = """
        {"people":[{"principalId":4,"name":"Zoe","ownName":"Zora","chatId":9}],"chats":[{"chatId":11,"kind":"group","name":"Zoo"}],"nextCursor":"c11"}
        """;

    [Test, CancelAfter(10_000)]
    public async Task Every_filter_goes_out_and_names_are_people_and_chats(CancellationToken ct)
    {
        using FakeRest rest = new((request, _) => (200, request.RequestUri!.AbsolutePath.EndsWith("names", StringComparison.Ordinal) ? Names : Messages));
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        SearchWish wish = new()
        {
            Text = "so & so ",
            SenderId = 12,
            Kinds = [ContentKind.Voice, ContentKind.Document],
            From = DateTimeOffset.UnixEpoch,
            Order = SearchOrder.Relevance,
        };

        FoundMessages found = await world.Client.Search.MessagesAsync(wish, "9.8.7.6.5", 2, ct);
        await world.Client.Search.MessagesAsync(new SearchWish { ChatId = 7, Text = "x" }, cancellationToken: ct);
        FoundNames names = await world.Client.Search.NamesAsync("zo", "p3", 5, ct);

        Assert.That(rest.Asked, Is.EqualTo(new[]
        {
            "GET /api/search?limit=2&q=so%20%26%20so%20&sender=12&kind=voice&kind=document&from=1970-01-01T00%3A00%3A00.0000000%2B00%3A00"
                + "&order=relevance&cursor=9.8.7.6.5",
            "GET /api/chats/7/search?limit=20&q=x",
            "GET /api/search/names?limit=5&q=zo&cursor=p3",
        }));
        Assert.That(found.NextCursor, Is.EqualTo("1.2.3.4.5"));
        Assert.That(found.Messages.Select(one => (one.Text, one.Kind)), Is.EqualTo(new[] { ("so it is", ContentKind.Text), ("", ContentKind.Voice) }));
        Assert.That(found.Messages[0].Highlights, Is.EqualTo(new[] { new Highlight(0, 2) }));
        Assert.That(names.People.Single(), Is.EqualTo(new FoundPerson(4, "Zoe", "Zora", null, null, 9)));
        Assert.That(names.Chats.Single(), Is.EqualTo(new FoundChat(11, ChatKind.Group, "Zoo", null)));
    }
}
