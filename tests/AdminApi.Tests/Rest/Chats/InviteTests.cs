using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Chats;

/// <summary>Channels, invite links and the gallery, as REST shows them .</summary>
[Parallelizable]
internal sealed class InviteTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_link_is_made_looked_at_used_listed_and_revoked()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        Person cem = await Person.RegisterAsync("Cem");
        long group = await ada.CreateGroupAsync("Engine room");

        ApiAnswer made = (await ada.PostAsync($"/api/chats/{group}/invites", new { expiresAt = "2100-01-01T00:00:00Z", maxUses = 3 })).MustBe(201);
        string code = (string)made.Json["code"]!;
        Assert.That(made.Headers["Location"], Is.EqualTo($"/api/invites/{code}"));
        JsonNode preview = (await bob.GetAsync($"/api/invites/{code}")).MustBe(200).Json;
        JsonNode joined = (await bob.PostAsync($"/api/invites/{code}/join")).MustBe(200).Json;
        JsonNode listed = (await ada.GetAsync($"/api/chats/{group}/invites")).MustBe(200).Json["items"]!.AsArray().Single()!;

        Assert.That(((string?)preview["name"], (string?)preview["kind"], (bool)preview["joined"]!), Is.EqualTo(("Engine room", "group", false)));
        Assert.That(((long)joined["chatId"]!, (int)joined["memberCount"]!), Is.EqualTo((group, 2)));
        Assert.That(((int)listed["uses"]!, (int)listed["maxUses"]!, (bool)listed["revoked"]!), Is.EqualTo((1, 3, false)));
        (await bob.DeleteAsync($"/api/chats/{group}/invites/{code}")).MustFail(403, "not_allowed");
        (await ada.DeleteAsync($"/api/chats/{group}/invites/{code}")).MustBe(204);
        (await cem.GetAsync($"/api/invites/{code}")).MustFail(410, "invite_expired");
        (await cem.PostAsync($"/api/invites/{code}/join")).MustFail(410, "invite_expired");
        (await ada.PostAsync($"/api/chats/{group}/invites", new { maxUses = 0 })).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_channel_is_found_by_its_name_read_and_left()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        string handle = $"news_{ada.Id}";

        ApiAnswer made = (await ada.PostAsync("/api/channels", new { name = "News", description = "All of it", handle })).MustBe(201);
        long channel = (long)made.Json["chatId"]!;
        await ada.SayAsync(channel, "first");
        JsonNode preview = (await bob.GetAsync($"/api/channels/{handle}")).MustBe(200).Json;
        JsonNode seen = (await bob.PostAsync($"/api/channels/{handle}/subscribe")).MustBe(200).Json;

        Assert.That(((string?)preview["description"], (int)preview["memberCount"]!), Is.EqualTo(("All of it", 1)));
        Assert.That(((string?)seen["kind"], (string?)seen["handle"], (string?)seen["permissions"]!["send"]), Is.EqualTo(("channel", handle, "admin")));
        (await bob.PostAsync($"/api/chats/{channel}/messages", new { clientMessageId = Guid.NewGuid(), text = "me too" })).MustFail(403, "not_allowed");
        (await bob.GetAsync($"/api/chats/{channel}/members")).MustFail(403, "not_allowed");
        (await ada.GetAsync($"/api/groups/{channel}")).MustFail(404, "chat_not_found");
        (await ada.PostAsync("/api/channels", new { name = "Other", handle })).MustFail(400, "invalid_argument");
        (await bob.PostAsync($"/api/groups/{channel}/leave")).MustBe(204);
        (await bob.GetAsync($"/api/chats/{channel}")).MustFail(404, "chat_not_found");
        (await ada.PostAsync($"/api/groups/{channel}/leave")).MustFail(403, "not_allowed");
    }

    [Test, CancelAfter(30_000)]
    public async Task The_gallery_has_what_was_shared_by_kind()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long chat = await ada.OpenDirectAsync(bob);
        object place = new { kind = "location", location = new { latitude = 52.5, longitude = 13.4 } };
        (await ada.PostAsync($"/api/chats/{chat}/messages", new { clientMessageId = Guid.NewGuid(), text = "here", content = place })).MustBe(200);
        await ada.SayAsync(chat, "text");

        Assert.That((await bob.GetAsync($"/api/chats/{chat}/media")).MustBe(200).Json["items"]!.AsArray(), Is.Empty, "no picture");
        JsonArray items = (await bob.GetAsync($"/api/chats/{chat}/media?kind=location&kind=voice")).MustBe(200).Json["items"]!.AsArray();
        Assert.That(items.Select(item => (string?)item!["text"]), Is.EqualTo(new[] { "here" }));
        foreach (string query in (string[])["kind=text", "kind=2", "kind=Location", "kind=sticker", "limit=101", "cursor=x"])
            (await bob.GetAsync($"/api/chats/{chat}/media?{query}")).MustFail(400, "invalid_argument");
    }
}
