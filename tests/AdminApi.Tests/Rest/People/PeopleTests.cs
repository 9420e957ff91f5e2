using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.People;

/// <summary>R-024, R-040 to over HTTP.</summary>
internal sealed class PeopleTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_profile_shows_what_its_owner_lets_be_seen()
    {
        Person ada = await Person.RegisterAsync("Ada");
        Person bob = await Person.RegisterAsync("Bob");

        JsonNode changed = (await ada.PutAsync("/api/profile", new { about = "Counting", avatar = "media/7" })).MustBe(200).Json;
        JsonNode open = (await bob.GetAsync($"/api/people?login={Uri.EscapeDataString(ada.Email)}")).MustBe(200).Json;
        JsonNode privacy = (await ada.PutAsync("/api/privacy", new { about = "nobody", profilePhoto = "contacts" })).MustBe(200).Json;
        JsonNode hidden = (await bob.GetAsync($"/api/people?login={Uri.EscapeDataString(ada.Email)}")).MustBe(200).Json;
        (await ada.PutAsync($"/api/contacts/{bob.Id}", new { name = "Bobby", favourite = true })).MustBe(200);
        JsonNode asContact = (await bob.GetAsync($"/api/people?login={Uri.EscapeDataString(ada.Email)}")).MustBe(200).Json;

        Assert.Multiple(() =>
        {
            Assert.That(((string?)changed["name"], (string?)changed["about"], (string?)changed["avatar"]), Is.EqualTo(("Ada", "Counting", "media/7")));
            Assert.That(((string?)open["about"], (string?)open["avatar"]), Is.EqualTo(("Counting", "media/7")));
            Assert.That(((string?)privacy["lastSeen"], (string?)privacy["about"], (bool?)privacy["readReceipts"]), Is.EqualTo(("everyone", "nobody", true)));
            Assert.That(((string?)hidden["about"], (string?)hidden["avatar"]), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That(((string?)asContact["about"], (string?)asContact["avatar"]), Is.EqualTo(((string?)null, "media/7")));
        });
        (await ada.PutAsync("/api/privacy", new { lastSeen = "friends" })).MustFail(400, "invalid_argument");
        (await ada.PutAsync("/api/profile", new { })).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task Contacts_are_paged_and_removed()
    {
        Person ada = await Person.RegisterAsync("Ada");
        Person[] others = [await Person.RegisterAsync("Bob"), await Person.RegisterAsync("Cora"), await Person.RegisterAsync("Dan")];
        foreach (Person other in others) (await ada.PutAsync($"/api/contacts/{other.Id}", new { favourite = other == others[1] })).MustBe(200);

        Assert.That(
            await Paging.ReadAllAsync(ada, "/api/contacts?limit=2", "after", item => (long)item["principalId"]!),
            Is.EqualTo(others.Select(other => other.Id)));
        Assert.That(
            await Paging.ReadAllAsync(ada, "/api/contacts?limit=1&favourites=true", "after", item => (string?)item["name"]),
            Is.EqualTo(new[] { "Cora" }));
        (await ada.DeleteAsync($"/api/contacts/{others[0].Id}")).MustBe(204);
        (await ada.DeleteAsync($"/api/contacts/{others[0].Id}")).MustFail(404, "contact_not_found");
        (await ada.PutAsync($"/api/contacts/{ada.Id}", new { })).MustFail(400, "invalid_argument");
        (await ada.PutAsync("/api/contacts/9007199254740991", new { })).MustFail(404, "principal_not_found");
        (await ada.GetAsync("/api/contacts?limit=201")).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_blocked_person_cannot_write_and_is_listed()
    {
        Person ada = await Person.RegisterAsync("Ada");
        Person bob = await Person.RegisterAsync("Bob");
        long chat = await bob.OpenDirectAsync(ada);
        await bob.SayAsync(chat, "hello");

        (await ada.PutAsync($"/api/blocks/{bob.Id}")).MustBe(204);
        ApiAnswer refused = await bob.PostAsync($"/api/chats/{chat}/messages", new { clientMessageId = Guid.NewGuid(), text = "hello?" });
        (await bob.PostAsync("/api/groups", new { name = "Trap", memberIds = new[] { ada.Id } })).MustFail(403, "blocked");

        Assert.That((string?)refused.MustFail(403, "blocked").Json["field"], Is.EqualTo("chatId"));
        Assert.That(
            await Paging.ReadAllAsync(ada, "/api/blocks?limit=1", "after", item => (string?)item["name"]), Is.EqualTo(new[] { "Bob" }));
        (await ada.DeleteAsync($"/api/blocks/{bob.Id}")).MustBe(204);
        await bob.SayAsync(chat, "hello again");
        (await ada.PutAsync($"/api/blocks/{ada.Id}")).MustFail(400, "invalid_argument");
        (await ada.PutAsync("/api/blocks/9007199254740991")).MustFail(404, "principal_not_found");
    }
}
