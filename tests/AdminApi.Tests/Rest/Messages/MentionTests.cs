using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Messages;

/// <summary>R-080: which messages mention one, as REST shows it.</summary>
[Parallelizable]
internal sealed class MentionTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_chat_says_how_many_unread_messages_mention_one_and_the_list_has_them_read_or_not()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        long one = await MentionAsync(ada, chat, bob, "@bob one"), two = await MentionAsync(ada, chat, bob, "@bob two");

        JsonNode shown = (await bob.GetAsync($"/api/chats/{chat}")).MustBe(200).Json;
        JsonNode listed = (await bob.GetAsync("/api/chats")).MustBe(200).Json["items"]![0]!;
        JsonNode first = (await bob.GetAsync("/api/mentions?limit=1")).MustBe(200).Json;
        JsonNode second = (await bob.GetAsync($"/api/mentions?limit=1&cursor={(string?)first["nextCursor"]}")).MustBe(200).Json;

        foreach (JsonNode row in (JsonNode[])[shown, listed])
            Assert.That(((int)row["mentions"]!["count"]!, (long)row["mentions"]!["first"]!), Is.EqualTo((2, one)));
        Assert.That(((long)first["items"]![0]!["sequence"]!, (string?)first["items"]![0]!["text"]), Is.EqualTo((two, (string?)"@bob two")));
        Assert.That(((long)second["items"]![0]!["sequence"]!, (string?)second["nextCursor"]), Is.EqualTo((one, (string?)null)));

        (await bob.PostAsync($"/api/chats/{chat}/read", new { upTo = two })).MustBe(204);

        Assert.That((await bob.GetAsync($"/api/chats/{chat}")).MustBe(200).Json["mentions"], Is.Null);
        Assert.That((await bob.GetAsync("/api/mentions")).MustBe(200).Json["items"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That((await ada.GetAsync("/api/mentions")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
    }

    [TestCase("cursor=x")]
    [TestCase("cursor=-1")]
    [TestCase("limit=0")]
    [TestCase("limit=101")]
    [CancelAfter(30_000)]
    public async Task What_is_no_page_is_refused(string query)
    {
        (Person ada, _, _) = await PairAsync();
        (await ada.GetAsync($"/api/mentions?{query}")).MustFail(400, "invalid_argument");
    }

    private static async Task<long> MentionAsync(Person sender, long chat, Person named, string text)
    {
        var content = new { kind = "text", marks = new[] { new { kind = "mention", start = 0, length = 4, principalId = named.Id } } };
        return (long)(await sender.PostAsync($"/api/chats/{chat}/messages", new { clientMessageId = Guid.NewGuid(), text, content })).MustBe(200).Json["sequence"]!;
    }

    private static async Task<(Person Ada, Person Bob, long Chat)> PairAsync()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        return (ada, bob, await ada.OpenDirectAsync(bob));
    }
}
