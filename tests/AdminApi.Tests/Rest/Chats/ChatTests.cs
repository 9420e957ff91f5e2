using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Chats;

/// <summary>R-581, R-061, R-069, R-508.</summary>
[Parallelizable]
internal sealed class ChatTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_direct_chat_is_one_for_both_however_often_it_is_opened()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");

        long first = await ada.OpenDirectAsync(bob);
        long again = await ada.OpenDirectAsync(bob);
        long fromOther = await bob.OpenDirectAsync(ada);

        Assert.That((again, fromOther), Is.EqualTo((first, first)));
        JsonNode chat = (await bob.GetAsync($"/api/chats/{first}")).MustBe(200).Json;
        Assert.Multiple(() =>
        {
            Assert.That((string?)chat["kind"], Is.EqualTo("direct"));
            Assert.That((long)chat["peerId"]!, Is.EqualTo(ada.Id));
            Assert.That((string?)chat["peerName"], Is.EqualTo("Ada"));
            Assert.That((int)chat["memberCount"]!, Is.EqualTo(2));
            Assert.That((string?)chat["lastEvent"]!["kind"], Is.EqualTo("chat_created"));
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task A_direct_chat_with_nobody_or_oneself_is_refused()
    {
        Person ada = await Person.RegisterAsync();

        (await ada.PostAsync("/api/chats", new { principalId = 4_000_000_000_000L })).MustFail(404, "principal_not_found");
        (await ada.PostAsync("/api/chats", new { principalId = ada.Id })).MustFail(400, "invalid_argument");
        ApiAnswer missing = (await ada.PostAsync("/api/chats", new { })).MustFail(400, "invalid_argument");
        Assert.That((string?)missing.Json["field"], Is.EqualTo("principalId"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_group_is_deleted_for_everyone_by_its_admin_once_or_twice_and_a_direct_chat_is_not()
    {
        Person ada = await Person.RegisterAsync(), bob = await Person.RegisterAsync("Bob");
        long group = await ada.CreateGroupAsync("Team", bob), direct = await ada.OpenDirectAsync(bob);

        (await bob.DeleteAsync($"/api/chats/{group}")).MustFail(403, "not_allowed");
        for (int twice = 0; twice < 2; twice++) (await ada.DeleteAsync($"/api/chats/{group}")).MustBe(204);
        foreach (Person person in (Person[])[ada, bob])
        {
            (await person.GetAsync($"/api/chats/{group}")).MustFail(404, "chat_not_found");
            (await person.GetAsync($"/api/chats/{group}/messages")).MustFail(404, "chat_not_found");
            (await person.PostAsync($"/api/chats/{group}/messages", new { clientMessageId = Guid.NewGuid(), text = "still?" })).MustFail(410, "chat_deleted");
        }

        (await ada.DeleteAsync($"/api/chats/{direct}")).MustFail(409, "not_deletable");
        (await ada.GetAsync($"/api/chats/{direct}")).MustBe(200);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_list_of_chats_is_paged_to_its_end_once_each_newest_first()
    {
        Person ada = await Person.RegisterAsync();
        List<long> made = [];
        for (int i = 0; i < 5; i++) made.Add(await ada.CreateGroupAsync($"Group {i}"));
        made.Add(await ada.OpenDirectAsync(await Person.RegisterAsync("Bob")));

        List<long> seen = await Paging.ReadAllAsync(ada, "/api/chats?limit=2", "cursor", item => (long)item["chatId"]!);
        List<long> groups = await Paging.ReadAllAsync(ada, "/api/groups?limit=2", "cursor", item => (long)item["chatId"]!);

        Assert.That(seen, Is.EqualTo(Enumerable.Reverse(made)));
        Assert.That(groups, Is.EqualTo(Enumerable.Reverse(made).Skip(1)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Members_are_paged_to_the_end_in_the_order_of_their_ids()
    {
        Person ada = await Person.RegisterAsync();
        List<Person> others = [];
        foreach (string name in new[] { "B", "C", "D", "E" }) others.Add(await Person.RegisterAsync(name));
        long group = await ada.CreateGroupAsync("Five", [.. others]);

        List<long> seen = await Paging.ReadAllAsync(
            ada, $"/api/chats/{group}/members?limit=2", "after", item => (long)item["principalId"]!);

        Assert.That(seen, Is.EqualTo(others.Append(ada).Select(person => person.Id).Order()));
    }

    [Test, CancelAfter(30_000)]
    public async Task An_unknown_chat_and_a_chat_of_others_get_the_same_answer()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        Person eve = await Person.RegisterAsync("Eve");
        long chat = await ada.OpenDirectAsync(bob);
        const long Unknown = 4_000_000_000_000;

        foreach (string path in new[] { "", "/members", "/messages" })
        {
            JsonObject forbidden = (await eve.GetAsync($"/api/chats/{chat}{path}")).MustFail(404, "chat_not_found").Json.AsObject();
            JsonObject unknown = (await eve.GetAsync($"/api/chats/{Unknown}{path}")).MustFail(404, "chat_not_found").Json.AsObject();
            forbidden.Remove("requestId");
            unknown.Remove("requestId");
            string expected = unknown.ToJsonString().Replace($"{Unknown}", $"{chat}", StringComparison.Ordinal);
            Assert.That(forbidden.ToJsonString(), Is.EqualTo(expected));
        }
    }

    [TestCase("cursor=zzz")]
    [TestCase("limit=0")]
    [TestCase("limit=101")]
    [TestCase("limit=-1")]
    [TestCase("limit=abc")]
    [TestCase("limit=99999999999")]
    [TestCase("limit=1&limit=2")]
    [CancelAfter(30_000)]
    public async Task A_page_that_cannot_be_is_refused_by_name(string query)
    {
        Person ada = await Person.RegisterAsync();

        ApiAnswer answer = (await ada.GetAsync($"/api/chats?{query}")).MustFail(400, "invalid_argument");

        Assert.That((string?)answer.Json["field"], Is.EqualTo(query[..query.IndexOf('=', StringComparison.Ordinal)]));
    }
}
