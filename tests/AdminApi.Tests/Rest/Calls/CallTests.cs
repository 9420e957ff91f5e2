using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Calls;

/// <summary>Calls as REST shows them (R-150, R-151, R-585).</summary>
[Parallelizable]
internal sealed class CallTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_call_is_started_answered_ended_listed_and_added_up()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long chatId = await ada.OpenDirectAsync(bob);
        Guid here = Guid.NewGuid(), there = Guid.NewGuid();

        ApiAnswer made = (await ada.PostAsync("/api/calls", new { chatId, kind = "video", endpointId = here })).MustBe(201);
        long callId = (long)made.Json["callId"]!;
        Assert.That(made.Headers["Location"], Is.EqualTo($"/api/calls/{callId}"));
        Assert.That(
            ((string?)made.Json["status"], (string?)made.Json["kind"], (string?)made.Json["part"], (bool)made.Json["outgoing"]!, (long)made.Json["receiverId"]!, (long)made.Json["keepWithinMs"]!),
            Is.EqualTo(("ringing", "video", "in", true, bob.Id, 30_000L)));
        Assert.That((DateTimeOffset)made.Json["ringsUntil"]!, Is.GreaterThan((DateTimeOffset)made.Json["startedAt"]!));
        JsonNode rings = (await bob.GetAsync("/api/calls/active")).MustBe(200).Json["items"]!.AsArray().Single()!;
        Assert.That(((string?)rings["part"], (bool)rings["outgoing"]!), Is.EqualTo(("ringing", false)));

        JsonNode answered = (await bob.PostAsync($"/api/calls/{callId}/answer", new { endpointId = there })).MustBe(200).Json;
        Assert.That(((string?)answered["status"], answered["ringsUntil"]), Is.EqualTo(("answered", (JsonNode?)null)));
        (await bob.PostAsync($"/api/calls/{callId}/answer", new { endpointId = Guid.NewGuid() })).MustFail(409, "answered_elsewhere");
        (await bob.PostAsync($"/api/calls/{callId}/decline")).MustFail(409, "answered_elsewhere");
        JsonNode ended = (await ada.PostAsync($"/api/calls/{callId}/end")).MustBe(200).Json;
        Assert.That(((string?)ended["status"], (string?)ended["reason"], (long)ended["duration"]!), Is.EqualTo(("ended", "hung_up", 0L)).Or.EqualTo(("ended", "hung_up", 1L)));
        (await bob.PostAsync($"/api/calls/{callId}/answer", new { endpointId = Guid.NewGuid() })).MustFail(410, "call_ended");

        JsonArray incoming = (await bob.GetAsync("/api/calls?direction=incoming")).MustBe(200).Json["items"]!.AsArray();
        Assert.That(incoming.Select(call => (long)call!["callId"]!), Is.EqualTo(new[] { callId }));
        Assert.That((await bob.GetAsync("/api/calls?direction=missed")).MustBe(200).Json["items"]!.AsArray(), Is.Empty);
        JsonNode sum = (await bob.GetAsync("/api/calls/statistics")).MustBe(200).Json;
        Assert.That(((long)sum["total"]!, (long)sum["incoming"]!, (long)sum["video"]!, (long)sum["ended"]!, (long)sum["people"]!), Is.EqualTo((1L, 1L, 1L, 1L, 1L)));
        JsonNode line = (await bob.GetAsync($"/api/chats/{chatId}/messages")).MustBe(200).Json["items"]!.AsArray().Single(item => (string?)item!["kind"] == "call")!;
        Assert.That(((string?)line["text"])!, Does.StartWith("video ended "));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_repeated_end_from_another_place_ends_nothing()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long chatId = await ada.OpenDirectAsync(bob);
        Guid here = Guid.NewGuid();
        long callId = (long)(await ada.PostAsync("/api/calls", new { chatId, kind = "voice", endpointId = here })).MustBe(201).Json["callId"]!;
        (await bob.PostAsync($"/api/calls/{callId}/answer", new { endpointId = Guid.NewGuid() })).MustBe(200);

        JsonNode from = (await ada.PostAsync($"/api/calls/{callId}/end?endpointId={Guid.NewGuid()}")).MustBe(200).Json;
        JsonNode wrong = (await ada.PostAsync($"/api/calls/{callId}/end?endpointId=here")).MustFail(400, "invalid_argument").Json;
        JsonNode own = (await ada.PostAsync($"/api/calls/{callId}/end?endpointId={here}")).MustBe(200).Json;

        Assert.That(((string?)from["status"], (string?)wrong["field"], (string?)own["status"]), Is.EqualTo(("answered", "endpointId", "ended")));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_wrong_is_named()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long chatId = await ada.OpenDirectAsync(bob);
        foreach (object body in (object[])
            [
                new { kind = "voice", endpointId = Guid.NewGuid() }, new { chatId, endpointId = Guid.NewGuid() }, new { chatId, kind = "voice" },
                new { chatId, kind = "hologram", endpointId = Guid.NewGuid() }, new { chatId, kind = 1, endpointId = Guid.NewGuid() },
                new { chatId, kind = "voice", endpointId = Guid.Empty }, new { chatId, kind = "voice", endpointId = "x" },
            ])
            (await ada.PostAsync("/api/calls", body)).MustFail(400, "invalid_argument");
        foreach (string query in (string[])
            ["?direction=2", "?direction=Missed", "?limit=0", "?limit=101", "?cursor=x", "/statistics?from=x", "/statistics?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z"])
            (await ada.GetAsync($"/api/calls{query}")).MustFail(400, "invalid_argument");
        (await ada.GetAsync("/api/calls/999999999")).MustFail(404, "call_not_found");
        (await ada.GetAsync("/api/calls/x")).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task Servers_for_media_come_with_credentials_and_whose_calls_ring_is_privacy()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long chatId = await ada.OpenDirectAsync(bob);

        JsonNode answer = (await ada.GetAsync("/api/calls/ice-servers")).MustBe(200).Json;
        JsonArray servers = answer["iceServers"]!.AsArray();
        Assert.That((string?)servers[0]!["urls"]![0], Is.EqualTo("stun:turn.test:3478"));
        Assert.That((string?)servers[1]!["username"], Is.EqualTo($"{((DateTimeOffset)answer["expiresAt"]!).ToUnixTimeSeconds()}:{ada.Id}"));
        Assert.That(Convert.FromBase64String((string)servers[1]!["credential"]!), Has.Length.EqualTo(20));

        Assert.That((string?)(await bob.GetAsync("/api/privacy")).MustBe(200).Json["calls"], Is.EqualTo("everyone"));
        Assert.That((string?)(await bob.PutAsync("/api/privacy", new { calls = "nobody" })).MustBe(200).Json["calls"], Is.EqualTo("nobody"));
        (await ada.PostAsync("/api/calls", new { chatId, kind = "voice", endpointId = Guid.NewGuid() })).MustFail(403, "not_allowed");
    }
}
