using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Messages;

/// <summary>Search as REST shows it, indexed by the loop that runs beside (R-090, R-068).</summary>
[Parallelizable]
internal sealed class SearchTests
{
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(20);

    [Test, CancelAfter(60_000)]
    public async Task Messages_are_found_with_highlights_by_who_may_see_them(CancellationToken ct)
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        Person stranger = await Person.RegisterAsync("Stranger");
        long group = await ada.CreateGroupAsync("Engine room", bob);
        long first = await ada.SayAsync(group, "Der Köder am Kai");
        long second = await ada.SayAsync(group, "koder");

        JsonNode[] found = await FindAsync(bob, "/api/search?q=k%C3%B6der", count: 2, ct);
        Assert.That(found.Select(item => (long)item["message"]!["sequence"]!), Is.EqualTo(new[] { second, first }));
        Assert.That(((int)found[1]["highlights"]![0]!["start"]!, (int)found[1]["highlights"]![0]!["length"]!), Is.EqualTo((4, 5)));
        Assert.That((string?)found[1]["message"]!["text"], Is.EqualTo("Der Köder am Kai"));

        JsonNode page = (await bob.GetAsync($"/api/chats/{group}/search?q=koder&limit=1&sender={ada.Id}")).MustBe(200).Json;
        Assert.That((long)page["items"]![0]!["message"]!["sequence"]!, Is.EqualTo(second));
        JsonNode next = (await bob.GetAsync($"/api/chats/{group}/search?q=koder&limit=1&sender={ada.Id}&cursor={page["nextCursor"]}")).MustBe(200).Json;
        Assert.That((long)next["items"]![0]!["message"]!["sequence"]!, Is.EqualTo(first));
        Assert.That((await stranger.GetAsync("/api/search?q=koder")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
        (await stranger.GetAsync($"/api/chats/{group}/search?q=koder")).MustFail(404, "chat_not_found");
        Assert.That((await bob.GetAsync("/api/search?q=koder&order=relevance")).MustBe(200).Json["items"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That((await bob.GetAsync("/api/search?q=koder&kind=image&kind=voice")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
        Assert.That((await bob.GetAsync("/api/search?q=koder&from=2000-01-01T00:00:00Z&to=2001-01-01T00:00:00Z")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Names_are_found_by_their_beginnings(CancellationToken ct)
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bärbel Unique");
        long direct = await ada.OpenDirectAsync(bob);
        long group = await ada.CreateGroupAsync("Unique barn");

        long started = Stopwatch.GetTimestamp();
        JsonNode found;
        do
        {
            found = (await ada.GetAsync("/api/search/names?q=uni%20ba")).MustBe(200).Json;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
        while (found["chats"]!.AsArray().Count + found["people"]!.AsArray().Count < 2 && Stopwatch.GetElapsedTime(started) < LongestLag);

        Assert.That(((long)found["people"]![0]!["principalId"]!, (long)found["people"]![0]!["chatId"]!), Is.EqualTo((bob.Id, direct)));
        Assert.That(((long)found["chats"]![0]!["chatId"]!, (string?)found["chats"]![0]!["kind"]), Is.EqualTo((group, "group")));
    }

    [TestCase("/api/search", "q")]
    [TestCase("/api/search?q=", "q")]
    [TestCase("/api/search?q=%00x", "q")]
    [TestCase("/api/search?q=x&kind=text", "kind")]
    [TestCase("/api/search?q=x&order=oldest", "order")]
    [TestCase("/api/search?q=x&cursor=zzz", "cursor")]
    [TestCase("/api/search?q=x&limit=0", "limit")]
    [TestCase("/api/search?q=x&sender=-1", "sender")]
    [TestCase("/api/search?q=x&from=yesterday", "from")]
    [TestCase("/api/search?q=x&from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z", "to")]
    [TestCase("/api/search/names?q=", "q")]
    [TestCase("/api/search/names?q=x&cursor=p", "cursor")]
    public async Task What_is_asked_wrongly_is_told_so(string path, string field)
    {
        Person ada = await Person.RegisterAsync();

        JsonNode problem = (await ada.GetAsync(path)).MustFail(400, "invalid_argument").Json;

        Assert.That((string?)problem["field"], Is.EqualTo(field));
    }

    private static async Task<JsonNode[]> FindAsync(Person person, string path, int count, CancellationToken ct)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            JsonArray items = (await person.GetAsync(path)).MustBe(200).Json["items"]!.AsArray();
            if (items.Count >= count || Stopwatch.GetElapsedTime(started) > LongestLag) return [.. items.Select(item => item!)];
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }
}
