using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Chats;

/// <summary>What a chat is to one person alone, and what a group is to all, as REST shows it (R-065, R-067, R-070).</summary>
[Parallelizable]
internal sealed class OwnSettingsTests
{
    [Test, CancelAfter(30_000)]
    public async Task Own_settings_are_shown_with_the_chat_to_their_owner()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long chat = await ada.OpenDirectAsync(bob);
        string path = $"/api/chats/{chat}";

        (await ada.PostAsync($"{path}/mute", new { until = "2100-01-01T00:00:00+00:00" })).MustBe(204);
        (await ada.PostAsync($"{path}/archive")).MustBe(204);
        (await ada.PutAsync($"{path}/theme", new { theme = "sand" })).MustBe(204);
        (await ada.PutAsync($"{path}/draft", new { text = "Dear Bob", replyTo = 1 })).MustBe(204);
        (await ada.PostAsync($"{path}/unread")).MustBe(204);
        (await ada.PostAsync($"{path}/unread?readUpTo=1")).MustBe(204);
        (await ada.PostAsync($"{path}/unread?readUpTo=-1")).MustBe(400);

        JsonNode own = (await ada.GetAsync(path)).MustBe(200).Json["own"]!;
        JsonNode others = (await bob.GetAsync(path)).MustBe(200).Json["own"]!;
        Assert.Multiple(() =>
        {
            Assert.That(((bool)own["archived"]!, (bool)own["pinned"]!, (bool)own["markedUnread"]!), Is.EqualTo((true, false, true)));
            Assert.That((DateTimeOffset)own["mutedUntil"]!, Is.EqualTo(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(((string?)own["theme"], (string?)own["draft"]!["text"], (long)own["draft"]!["replyTo"]!), Is.EqualTo(("sand", "Dear Bob", 1L)));
            Assert.That(((bool)others["archived"]!, others["mutedUntil"], others["draft"]), Is.EqualTo((false, (JsonNode?)null, (JsonNode?)null)));
        });

        (await ada.PostAsync($"{path}/mute", new { })).MustBe(204);
        Assert.That((int)(await ReadOwnAsync(ada, chat))["mutedUntil"]!.GetValue<DateTimeOffset>().Year, Is.EqualTo(9999), "for ever");
        foreach (string what in (string[])["mute", "archive", "unread", "draft"]) (await ada.DeleteAsync($"{path}/{what}")).MustBe(204);
        (await ada.PutAsync($"{path}/theme", new { })).MustBe(204);
        own = await ReadOwnAsync(ada, chat);
        Assert.That(((bool)own["archived"]!, (bool)own["markedUnread"]!, own["mutedUntil"], own["theme"], own["draft"]),
            Is.EqualTo((false, false, (JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_sixth_pinned_chat_is_one_too_many()
    {
        Person ada = await Person.RegisterAsync();
        for (int i = 0; i < 5; i++) (await ada.PostAsync($"/api/chats/{await ada.CreateGroupAsync($"Group {i}")}/pin")).MustBe(204);

        (await ada.PostAsync($"/api/chats/{await ada.CreateGroupAsync("Sixth")}/pin")).MustFail(409, "too_many_pins");
    }

    [Test, CancelAfter(30_000)]
    public async Task History_is_cleared_for_one_alone()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long chat = await ada.OpenDirectAsync(bob);
        await ada.SayAsync(chat, "one");
        long two = await ada.SayAsync(chat, "two");

        (await bob.PostAsync($"/api/chats/{chat}/clear", new { upTo = two - 1 })).MustBe(204);

        Assert.That(await ReadTextsAsync(bob, chat), Is.EqualTo(new[] { "two" }));
        Assert.That(await ReadTextsAsync(ada, chat), Is.EqualTo(new[] { "one", "two" }));
        Assert.That((long)(await ReadOwnAsync(bob, chat))["clearedUpTo"]!, Is.EqualTo(two - 1));
        (await bob.PostAsync($"/api/chats/{chat}/clear", new { upTo = -1 })).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_group_has_details_and_permissions()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long group = await ada.CreateGroupAsync("Harbour", bob);

        JsonNode changed = (await ada.PutAsync(
            $"/api/chats/{group}", new { description = "Ships", theme = "sand", permissions = new { send = "admin" } })).MustBe(200).Json;

        JsonNode seen = (await bob.GetAsync($"/api/chats/{group}")).MustBe(200).Json;
        Assert.That(((string?)seen["name"], (string?)seen["description"], (string?)seen["theme"]), Is.EqualTo(("Harbour", "Ships", "sand")));
        Assert.That(((string?)changed["permissions"]!["send"], (string?)changed["permissions"]!["edit"]), Is.EqualTo(("admin", "admin")));
        ApiAnswer refused = await bob.PostAsync($"/api/chats/{group}/messages", new { clientMessageId = Guid.NewGuid(), text = "hello?" });
        refused.MustFail(403, "not_allowed");
        (await bob.PutAsync($"/api/chats/{group}", new { theme = "mine" })).MustFail(403, "not_allowed");
        (await ada.PutAsync($"/api/chats/{group}", new { theme = "No Theme" })).MustFail(400, "invalid_argument");
        (await ada.PutAsync($"/api/chats/{group}", new { permissions = new { send = "nobody" } })).MustFail(400, "invalid_argument");
        (await ada.PutAsync($"/api/chats/{group}", new { permissions = new { send = "member" } })).MustBe(200);
        await bob.SayAsync(group, "hello");
    }

    private static async Task<JsonNode> ReadOwnAsync(Person person, long chat) => (await person.GetAsync($"/api/chats/{chat}")).MustBe(200).Json["own"]!;

    private static async Task<List<string?>> ReadTextsAsync(Person person, long chat)
    {
        JsonArray items = (await person.GetAsync($"/api/chats/{chat}/messages?after=0")).MustBe(200).Json["items"]!.AsArray();
        return [.. items.Where(item => (string?)item!["kind"] == "message").Select(item => (string?)item!["text"])];
    }
}
