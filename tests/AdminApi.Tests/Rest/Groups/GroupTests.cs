using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Groups;

/// <summary>R-583, R-061, R-062, R-066.</summary>
[Parallelizable]
internal sealed class GroupTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_group_is_made_named_filled_thinned_and_left()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        Person cem = await Person.RegisterAsync("Cem");

        ApiAnswer made = (await ada.PostAsync("/api/groups", new { name = "Engine room", memberIds = new[] { bob.Id } })).MustBe(201);
        long group = (long)made.Json["chatId"]!;
        Assert.That(made.Headers["Location"], Is.EqualTo($"/api/groups/{group}"));
        Assert.That((string?)made.Json["role"], Is.EqualTo("admin"));

        (await ada.PutAsync($"/api/groups/{group}", new { name = "Boiler room" })).MustBe(200);
        (await ada.PostAsync($"/api/groups/{group}/members", new { memberIds = new[] { cem.Id } })).MustBe(200);
        (await ada.PutAsync($"/api/groups/{group}/members/{bob.Id}", new { role = "admin" })).MustBe(204);
        (await bob.DeleteAsync($"/api/groups/{group}/members/{cem.Id}")).MustBe(204);
        (await ada.PostAsync($"/api/groups/{group}/leave")).MustBe(204);

        JsonNode seen = (await bob.GetAsync($"/api/groups/{group}")).MustBe(200).Json;
        Assert.That(((string?)seen["name"], (int)seen["memberCount"]!, (string?)seen["role"]), Is.EqualTo(("Boiler room", 1, "admin")));
        List<string> kinds = await Paging.ReadAllAsync(
            bob, $"/api/chats/{group}/messages?after=0", "after", item => (string)item["kind"]!);
        Assert.That(kinds, Is.EqualTo(new[]
        {
            "chat_created", "member_added", "renamed", "member_added", "role_changed", "member_removed", "member_left",
        }));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_only_an_admin_may_do_is_refused_to_a_member()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        Person cem = await Person.RegisterAsync("Cem");
        long group = await ada.CreateGroupAsync("Engine room", bob);

        (await bob.PutAsync($"/api/groups/{group}", new { name = "Mine" })).MustFail(403, "not_allowed");
        (await bob.PutAsync($"/api/chats/{group}", new { name = "Mine" })).MustFail(403, "not_allowed");
        (await bob.PostAsync($"/api/groups/{group}/members", new { memberIds = new[] { cem.Id } })).MustFail(403, "not_allowed");
        (await bob.DeleteAsync($"/api/groups/{group}/members/{ada.Id}")).MustFail(403, "not_allowed");
        (await bob.PutAsync($"/api/groups/{group}/members/{bob.Id}", new { role = "admin" })).MustFail(403, "not_allowed");
    }

    [Test, CancelAfter(30_000)]
    public async Task Members_who_are_there_unknown_or_too_many_each_have_their_code()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long group = await ada.CreateGroupAsync("Engine room", bob);
        List<long> many = [];
        for (int i = 0; i < 5; i++) many.Add((await Person.RegisterAsync($"P{i}")).Id);

        (await ada.PostAsync($"/api/groups/{group}/members", new { memberIds = new[] { bob.Id } })).MustFail(409, "already_a_member");
        (await ada.PostAsync($"/api/groups/{group}/members", new { memberIds = new[] { 4_000_000_000_000L } }))
            .MustFail(404, "principal_not_found");
        (await ada.PostAsync($"/api/groups/{group}/members", new { memberIds = many })).MustFail(409, "too_many_members");
        (await ada.PostAsync("/api/groups", new { name = "Crowd", memberIds = many.Append(bob.Id) })).MustFail(409, "too_many_members");
        (await ada.PostAsync($"/api/groups/{group}/members", new { })).MustFail(400, "invalid_argument");
        (await ada.DeleteAsync($"/api/groups/{group}/members/{many[0]}")).MustFail(403, "not_a_member");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_direct_chat_is_no_group()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long direct = await ada.OpenDirectAsync(bob);

        (await ada.GetAsync($"/api/groups/{direct}")).MustFail(404, "chat_not_found");
        (await ada.PutAsync($"/api/groups/{direct}", new { name = "Ours" })).MustFail(403, "not_allowed");
        (await ada.PostAsync($"/api/groups/{direct}/leave")).MustFail(403, "not_allowed");
    }

    [TestCase("owner")]
    [TestCase("superadmin")]
    [TestCase("2")]
    [CancelAfter(30_000)]
    public async Task A_role_that_does_not_exist_is_refused_by_name(string role)
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long group = await ada.CreateGroupAsync("Engine room", bob);

        ApiAnswer answer = (await ada.PutAsync($"/api/groups/{group}/members/{bob.Id}", new { role })).MustFail(400, "invalid_argument");

        Assert.That((string?)answer.Json["field"], Is.EqualTo("role"));
    }
}
