using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Messages;

/// <summary>R-582: what is done to messages that are there, as REST shows it (R-086, R-088, R-089).</summary>
[Parallelizable]
internal sealed class MessageChangeTests
{
    [Test, CancelAfter(30_000)]
    public async Task An_edited_message_has_its_new_text_and_a_deleted_one_a_placeholder()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        long message = await ada.SayAsync(chat, "helo");

        JsonNode edited = (await ada.PutAsync($"/api/messages/{chat}-{message}", new { clientMessageId = Guid.NewGuid(), text = "hello" })).MustBe(200).Json;
        JsonNode shown = await ReadAsync(bob, chat, message);
        (await ada.DeleteAsync($"/api/messages/{chat}-{message}")).MustBe(200);
        JsonNode gone = await ReadAsync(bob, chat, message);

        Assert.Multiple(() =>
        {
            Assert.That((string?)shown["text"], Is.EqualTo("hello"));
            Assert.That((long)shown["changes"]!["asOf"]!, Is.EqualTo((long)edited["sequence"]!));
            Assert.That((string?)shown["changes"]!["editedAt"], Is.EqualTo((string?)edited["createdAt"]));
            Assert.That((string?)gone["text"], Is.EqualTo("This message was deleted"));
            Assert.That((long)gone["changes"]!["deletedBy"]!, Is.EqualTo(ada.Id));
        });
        (await ada.DeleteAsync($"/api/messages/{chat}-{message}")).MustFail(410, "message_deleted");
    }

    [Test, CancelAfter(30_000)]
    public async Task Reactions_are_counted_and_listed_in_pages()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        long message = await ada.SayAsync(chat, "hello");
        string path = $"/api/messages/{chat}-{message}";
        foreach (Person who in (Person[])[ada, bob])
            (await who.PostAsync($"{path}/react", new { clientMessageId = Guid.NewGuid(), emoji = "👍" })).MustBe(200);

        JsonNode changes = (await ReadAsync(bob, chat, message))["changes"]!;
        JsonNode first = (await bob.GetAsync($"{path}/reactions?limit=1")).MustBe(200).Json;
        JsonNode second = (await bob.GetAsync($"{path}/reactions?limit=1&after={(string?)first["nextCursor"]}")).MustBe(200).Json;

        Assert.That(((string?)changes["ownReaction"], (int)changes["reactions"]![0]!["count"]!), Is.EqualTo(("👍", 2)));
        Assert.That((long)first["items"]![0]!["principalId"]!, Is.EqualTo(ada.Id));
        Assert.That(((long)second["items"]![0]!["principalId"]!, (string?)second["nextCursor"]), Is.EqualTo((bob.Id, (string?)null)));
        (await bob.PostAsync($"{path}/react", new { clientMessageId = Guid.NewGuid(), emoji = (string?)null })).MustBe(200);
        Assert.That((await bob.GetAsync($"{path}/reactions")).MustBe(200).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_pinned_message_is_listed_until_it_is_unpinned()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        long message = await ada.SayAsync(chat, "hello");

        (await bob.PostAsync($"/api/messages/{chat}-{message}/pin")).MustBe(200);
        (await ada.PostAsync($"/api/messages/{chat}-{message}/pin")).MustBe(200);
        JsonArray pinned = (await ada.GetAsync($"/api/chats/{chat}/pins")).MustBe(200).Json["items"]!.AsArray();
        (await ada.DeleteAsync($"/api/messages/{chat}-{message}/pin")).MustBe(200);

        Assert.That(pinned.Select(item => ((long)item!["sequence"]!, (string?)item["text"])), Is.EqualTo(new[] { (message, (string?)"hello") }));
        Assert.That((await ada.GetAsync($"/api/chats/{chat}/pins")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
        (await ada.DeleteAsync($"/api/messages/{chat}-{message}/pin")).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task Starred_messages_are_ones_own_list_in_pages_the_last_first_and_told_in_the_inbox()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        long one = await ada.SayAsync(chat, "one"), two = await bob.SayAsync(chat, "two"), three = await ada.SayAsync(chat, "three");
        foreach (long message in (long[])[two, one, three, two]) (await ada.PostAsync($"/api/messages/{chat}-{message}/star")).MustBe(204);
        (await ada.DeleteAsync($"/api/messages/{chat}-{one}/star")).MustBe(204);
        (await ada.DeleteAsync($"/api/messages/{chat}-{one}/star")).MustBe(204);
        (await ada.PutAsync($"/api/messages/{chat}-{three}", new { clientMessageId = Guid.NewGuid(), text = "THREE" })).MustBe(200);

        JsonNode first = (await ada.GetAsync("/api/starred?limit=1")).MustBe(200).Json;
        JsonNode second = (await ada.GetAsync($"/api/starred?limit=1&cursor={(string?)first["nextCursor"]}")).MustBe(200).Json;

        Assert.That((string?)first["items"]![0]!["text"], Is.EqualTo("THREE"));
        Assert.That(((string?)second["items"]![0]!["text"], (string?)second["nextCursor"]), Is.EqualTo(("two", (string?)null)));
        Assert.That((await bob.GetAsync("/api/starred")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
        (await bob.PostAsync($"/api/messages/{chat}-999/star")).MustFail(404, "message_not_found");
        (await ada.DeleteAsync($"/api/messages/{chat}-{one}")).MustBe(200);
        (await bob.PostAsync($"/api/messages/{chat}-{one}/star")).MustFail(404, "message_not_found");
        (await ada.GetAsync("/api/starred?cursor=x")).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task What_one_deletes_for_oneself_is_gone_from_all_that_one_is_shown_and_from_nobody_elses()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        long one = await bob.SayAsync(chat, "one"), two = await bob.SayAsync(chat, "two");
        (await ada.PostAsync($"/api/messages/{chat}-{two}/pin")).MustBe(200);
        (await ada.PostAsync($"/api/messages/{chat}-{two}/star")).MustBe(204);

        (await ada.PostAsync($"/api/messages/{chat}-{two}/hide")).MustBe(204);
        (await ada.PostAsync($"/api/messages/{chat}-{two}/hide")).MustBe(204);

        foreach ((Person person, long[] seen) in new[] { (ada, new[] { one }), (bob, new[] { one, two }) })
        {
            JsonNode page = (await person.GetAsync($"/api/chats/{chat}/messages")).MustBe(200).Json;
            Assert.That(page["items"]!.AsArray().Where(item => (string?)item!["kind"] == "message").Select(item => (long)item!["sequence"]!), Is.EqualTo(seen));
            Assert.That((long)(await person.GetAsync($"/api/chats/{chat}")).MustBe(200).Json["lastEvent"]!["sequence"]!, Is.EqualTo(seen[^1]));
            Assert.That((await person.GetAsync($"/api/chats/{chat}/pins")).MustBe(200).Json["items"]!.AsArray(), Has.Count.EqualTo(seen.Length - 1));
        }

        Assert.That((await ada.GetAsync("/api/starred")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
        (await ada.PostAsync($"/api/messages/{chat}-{two}/star")).MustFail(404, "message_not_found");
        (await ada.PostAsync($"/api/messages/{chat}-999/hide")).MustFail(404, "message_not_found");
        (await ada.PostAsync($"/api/messages/{chat}-1/hide")).MustFail(404, "message_not_found");
        (await bob.DeleteAsync($"/api/messages/{chat}-{one}")).MustBe(200);
        (await ada.PostAsync($"/api/messages/{chat}-{one}/hide")).MustBe(204); // the placeholder, too
    }

    [Test, CancelAfter(30_000)]
    public async Task Each_bad_change_has_its_own_code()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        long message = await ada.SayAsync(chat, "hello");
        string path = $"/api/messages/{chat}-{message}";
        static object Edit(string? text) => new { clientMessageId = Guid.NewGuid(), text };
        static object React(string? emoji) => new { clientMessageId = Guid.NewGuid(), emoji };

        (await ada.PutAsync(path, new { text = "x" })).MustFail(400, "invalid_argument");
        (await ada.PutAsync(path, Edit(""))).MustFail(400, "text_empty");
        (await ada.PutAsync(path, Edit(null))).MustFail(400, "text_empty");
        (await ada.PutAsync(path, Edit(new string('x', 16_385)))).MustFail(413, "text_too_long");
        (await bob.PutAsync(path, Edit("mine"))).MustFail(403, "not_allowed");
        (await bob.DeleteAsync(path)).MustFail(403, "not_allowed");
        (await ada.PutAsync($"/api/messages/{chat}-999", Edit("x"))).MustFail(404, "message_not_found");
        (await ada.DeleteAsync($"/api/messages/{chat}-1")).MustFail(404, "message_not_found");
        (await ada.DeleteAsync("/api/messages/4000000000000-1")).MustFail(404, "chat_not_found");
        (await bob.PostAsync($"{path}/react", React("not an emoji"))).MustFail(400, "invalid_argument");
        (await bob.PostAsync($"{path}/react", React(null))).MustFail(400, "invalid_argument");
        (await bob.PostAsync($"{path}/react", new { emoji = "👍" })).MustFail(400, "invalid_argument");
        (await bob.GetAsync($"{path}/reactions?limit=0")).MustFail(400, "invalid_argument");
        (await ada.PutAsync($"/api/messages/{chat}", Edit("x"))).MustBe(404);
    }

    private static async Task<JsonNode> ReadAsync(Person reader, long chat, long sequence) =>
        (await reader.GetAsync($"/api/chats/{chat}/messages?after={sequence - 1}&limit=1")).MustBe(200).Json["items"]![0]!;

    private static async Task<(Person Ada, Person Bob, long Chat)> PairAsync()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        return (ada, bob, await ada.OpenDirectAsync(bob));
    }
}
