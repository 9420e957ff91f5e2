using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Notices;

/// <summary>R-370: the routes of notices, as JSON goes in and out. What is in the list is tried in Domain.Tests.</summary>
internal sealed class NoticesTests
{
    [Test, CancelAfter(60_000)]
    public async Task What_happened_is_listed_page_by_page_counted_and_read()
    {
        Person ada = await Person.RegisterAsync("Ada"), ben = await Person.RegisterAsync("Ben");
        long group = await ada.CreateGroupAsync("Engine room", ben), own = await ben.SayAsync(group, "full ahead");
        object content = new { kind = "text", marks = new[] { new { kind = "mention", start = 0, length = 4, principalId = ben.Id } } };
        (await ada.PostAsync($"/api/chats/{group}/messages", new { clientMessageId = Guid.NewGuid(), text = "@Ben, aye", content })).MustBe(200);
        (await ada.PostAsync($"/api/messages/{group}-{own}/react", new { clientMessageId = Guid.NewGuid(), emoji = "👍" })).MustBe(200);
        (await ada.PutAsync($"/api/groups/{group}/members/{ben.Id}", new { role = "admin" })).MustBe(204);
        (await ApiServer.Client.PostAsync("/api/auth/login", null, new { login = ben.Email, password = Person.Password, deviceName = "laptop" })).MustBe(200);

        JsonArray all = (await ben.GetAsync("/api/notices")).MustBe(200).Json["items"]!.AsArray();
        Assert.That(
            all.Select(item => (string?)item!["kind"]),
            Is.EquivalentTo(new[] { "sign_in", "role_changed", "reaction", "mention", "chat_added" }));
        JsonNode Of(string kind) => all.Single(item => (string?)item!["kind"] == kind)!;
        Assert.That(((long)Of("mention")["actorId"]!, (string?)Of("mention")["text"], (string?)Of("mention")["chatName"]), Is.EqualTo((ada.Id, "@Ben, aye", "Engine room")));
        Assert.That(((string?)Of("reaction")["emoji"], (long)Of("reaction")["sequence"]!, (string?)Of("reaction")["text"]), Is.EqualTo(("👍", own, "full ahead")));
        Assert.That(((string?)Of("role_changed")["role"], (long)Of("chat_added")["chatId"]!), Is.EqualTo(("admin", group)));
        Assert.That(((string?)Of("sign_in")["name"], (long)Of("sign_in")["actorId"]!, (long)Of("sign_in")["deviceId"]! > 0), Is.EqualTo(("laptop", ben.Id, true)));

        List<string?> paged = [];
        for (string path = "/api/notices?limit=2"; ;)
        {
            JsonNode page = (await ben.GetAsync(path)).MustBe(200).Json;
            paged.AddRange(page["items"]!.AsArray().Select(item => (string?)item!["id"]));
            if ((string?)page["nextCursor"] is not { } next) break;
            path = $"/api/notices?limit=2&cursor={Uri.EscapeDataString(next)}";
        }

        Assert.That(paged, Is.EqualTo(all.Select(item => (string?)item!["id"])));
        Assert.That((int)(await ben.GetAsync("/api/notices/unread")).MustBe(200).Json["count"]!, Is.EqualTo(5));
        (await ben.PostAsync("/api/notices/read", new { upTo = (string?)all[0]!["at"] })).MustBe(204);
        JsonNode unread = (await ben.GetAsync("/api/notices/unread")).MustBe(200).Json;
        Assert.That(((int)unread["count"]!, (string?)unread["readUpTo"]), Is.EqualTo((0, (string?)all[0]!["at"])));
        Assert.That((await ben.GetAsync("/api/notices")).Json["items"]!.AsArray().All(item => (bool)item!["read"]!));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_wrong_is_named()
    {
        Person ada = await Person.RegisterAsync("Ada");
        (await ada.GetAsync("/api/notices?cursor=nonsense")).MustFail(400, "invalid_argument");
        (await ada.GetAsync("/api/notices?limit=101")).MustFail(400, "invalid_argument");
        (await ada.PostAsync("/api/notices/read", new { })).MustFail(400, "invalid_argument");
        (await ada.PostAsync("/api/notices/read", new { upTo = "yesterday" })).MustFail(400, "invalid_argument");
        Assert.That((string?)(await ada.GetAsync("/api/notices/unread")).MustBe(200).Json["readUpTo"], Does.StartWith("1970-01-01T00:00:00"));
    }
}
