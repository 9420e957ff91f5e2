using System.Text.Json.Nodes;
using Chat.Domain.Scheduled;
using Chat.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Scheduled;

/// <summary>R-091: the routes of scheduled messages, as JSON goes in and out. What they decide is tried in Domain.Tests.</summary>
internal sealed class ScheduledTests
{
    [Test, CancelAfter(60_000)]
    public async Task A_message_is_scheduled_listed_changed_and_sent_now()
    {
        Person ada = await Person.RegisterAsync("Ada"), ben = await Person.RegisterAsync("Ben");
        long chat = await ada.OpenDirectAsync(ben), other = await ada.CreateGroupAsync("Group", ben);
        object content = new { kind = "location", location = new { latitude = 53.5, longitude = 9.75, name = "The harbour" } };
        var body = new { clientMessageId = Guid.NewGuid(), dueAt = TimeProvider.System.GetUtcNow().AddHours(1), message = new { text = "", content } };

        JsonNode made = (await ada.PostAsync($"/api/chats/{chat}/scheduled", body)).MustBe(201).Json;
        Assert.That((await ada.PostAsync($"/api/chats/{chat}/scheduled", body)).MustBe(201).Json.ToJsonString(), Is.EqualTo(made.ToJsonString()), "a retry");
        Assert.That(((string?)made["state"], (int)made["version"]!, (string?)made["message"]!["content"]!["location"]!["name"]), Is.EqualTo(("waiting", 1, "The harbour")));
        (await ada.PostAsync($"/api/chats/{chat}/scheduled", new { body.clientMessageId, body.dueAt, message = new { text = "other" } }))
            .MustFail(409, "client_message_id_reused");
        Assert.That((await ada.GetAsync("/api/scheduled")).MustBe(200).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await ada.GetAsync($"/api/scheduled?chat={other}")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
        Assert.That((await ben.GetAsync($"/api/scheduled?chat={chat}")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);

        string path = $"/api/scheduled/{made["id"]}";
        JsonNode changed = (await ada.PutAsync(path, new { message = new { text = "At the harbour" }, version = 1 })).MustBe(200).Json;
        Assert.That(((int)changed["version"]!, (string?)changed["message"]!["text"], changed["message"]!["content"]), Is.EqualTo((2, "At the harbour", (JsonNode?)null)));
        (await ada.PutAsync(path, new { message = new { text = "At sea" }, version = 1 })).MustFail(409, "not_changeable");
        (await ada.PutAsync(path, new { })).MustFail(400, "invalid_argument");
        (await ada.PutAsync(path, new { dueAt = TimeProvider.System.GetUtcNow() })).MustFail(400, "schedule_time_invalid");

        (await ada.PostAsync(path + "/send")).MustBe(200);
        while (await ApiServer.Host.Services.GetRequiredService<SendDueMessages>().ExecuteAsync(default) > 0)
        {
        }

        JsonNode sent = (await ada.PostAsync($"/api/chats/{chat}/scheduled", body)).MustBe(201).Json;
        JsonNode read = (await ben.GetAsync($"/api/chats/{chat}/messages")).MustBe(200).Json["items"]!.AsArray()
            .Single(item => (string?)item!["kind"] == "message")!;
        Assert.That(((string?)sent["state"], (long)sent["sequence"]!, sent["message"]), Is.EqualTo(("sent", (long)read["sequence"]!, (JsonNode?)null)));
        Assert.That(((string?)read["text"], (long)read["senderId"]!, (Guid)read["clientMessageId"]!), Is.EqualTo(("At the harbour", ada.Id, body.clientMessageId)));
        (await ada.DeleteAsync(path)).MustFail(409, "not_changeable");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_fails_says_why_and_is_taken_back_twice()
    {
        Person ada = await Person.RegisterAsync("Ada"), ben = await Person.RegisterAsync("Ben");
        long group = await ada.CreateGroupAsync("Group", ben);
        var body = new { clientMessageId = Guid.NewGuid(), dueAt = TimeProvider.System.GetUtcNow().AddHours(1), message = new { text = "later" } };
        long id = (long)(await ben.PostAsync($"/api/chats/{group}/scheduled", body)).MustBe(201).Json["id"]!;
        (await ben.PostAsync($"/api/scheduled/{id}/send")).MustBe(200);
        (await ada.DeleteAsync($"/api/groups/{group}/members/{ben.Id}")).MustBe(204);
        while (await ApiServer.Host.Services.GetRequiredService<SendDueMessages>().ExecuteAsync(default) > 0)
        {
        }

        JsonNode failed = (await ben.GetAsync("/api/scheduled")).MustBe(200).Json["items"]!.AsArray().Single()!;
        Assert.That(((string?)failed["state"], (string?)failed["reason"], (string?)failed["message"]!["text"]), Is.EqualTo(("failed", "not_a_member", "later")));
        for (int twice = 0; twice < 2; twice++) (await ben.DeleteAsync($"/api/scheduled/{id}")).MustBe(204);
        Assert.That((await ben.GetAsync("/api/scheduled")).Json["items"]!.AsArray(), Is.Empty);
        Assert.That((string?)(await ben.PostAsync($"/api/chats/{group}/scheduled", body)).MustBe(201).Json["state"], Is.EqualTo("cancelled"));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_missing_or_no_time_is_named()
    {
        Person ada = await Person.RegisterAsync("Ada");
        long group = await ada.CreateGroupAsync("Group", await Person.RegisterAsync("Ben"));
        string path = $"/api/chats/{group}/scheduled";
        (await ada.PostAsync(path, new { dueAt = TimeProvider.System.GetUtcNow().AddHours(1), message = new { text = "x" } })).MustFail(400, "invalid_argument");
        (await ada.PostAsync(path, new { clientMessageId = Guid.NewGuid(), message = new { text = "x" } })).MustFail(400, "invalid_argument");
        (await ada.PostAsync(path, new { clientMessageId = Guid.NewGuid(), dueAt = TimeProvider.System.GetUtcNow().AddHours(1) })).MustFail(400, "invalid_argument");
        (await ada.PostAsync(path, new { clientMessageId = Guid.NewGuid(), dueAt = "tomorrow", message = new { text = "x" } })).MustFail(400, "invalid_argument");
        (await ada.PostAsync(path, new { clientMessageId = Guid.NewGuid(), dueAt = "9999-12-31T23:59:59Z", message = new { text = "x" } }))
            .MustFail(400, "schedule_time_invalid");
        (await ada.GetAsync("/api/scheduled?limit=101")).MustFail(400, "invalid_argument");
        (await ada.GetAsync("/api/scheduled?cursor=nonsense")).MustFail(400, "invalid_argument");
    }
}
