using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Messages;

/// <summary>R-582, R-587, promises P4, P8, P9 as REST shows them.</summary>
[Parallelizable]
internal sealed class MessageTests
{
    [Test, CancelAfter(30_000)]
    [Property("Promise", "P4")]
    public async Task A_retry_with_the_same_id_gives_the_first_message_and_other_content_is_refused()
    {
        (Person ada, Person _, long chat) = await PairAsync();
        Guid clientMessageId = Guid.NewGuid();
        var message = new { clientMessageId, text = "once" };

        string first = (await ada.PostAsync($"/api/chats/{chat}/messages", message)).MustBe(200).Text;
        string again = (await ada.PostAsync($"/api/chats/{chat}/messages", message)).MustBe(200).Text;

        Assert.That(again, Is.EqualTo(first));
        (await ada.PostAsync($"/api/chats/{chat}/messages", new { clientMessageId, text = "other" }))
            .MustFail(409, "client_message_id_reused");
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P8")]
    public async Task A_message_is_in_the_history_as_it_was_sent()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        const string Text = "Grüße 👩‍👩‍👧 <b>&amp;</b> ‮ \"quoted\"\n\ttab";

        long asked = await ada.SayAsync(chat, "question?");
        long answered = await bob.SayAsync(chat, Text, replyTo: asked);

        JsonNode last = (await ada.GetAsync($"/api/chats/{chat}/messages?limit=1")).MustBe(200).Json["items"]![0]!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)last["text"], Is.EqualTo(Text));
            Assert.That((long)last["sequence"]!, Is.EqualTo(answered));
            Assert.That((long)last["replyTo"]!, Is.EqualTo(asked));
            Assert.That((long)last["senderId"]!, Is.EqualTo(bob.Id));
            Assert.That((string?)last["kind"], Is.EqualTo("message"));
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task History_is_paged_to_the_end_in_both_directions()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        List<long> said = [];
        for (int i = 0; i < 7; i++) said.Add(await ada.SayAsync(chat, $"message {i}"));

        List<long> up = await ReadAsync(bob, chat, "after", start: 0);
        List<long> down = await ReadAsync(bob, chat, "before", start: null);

        Assert.That(up, Is.EqualTo(Enumerable.Range(1, (int)said[^1]).Select(sequence => (long)sequence)));
        Assert.That(down.Order(), Is.EqualTo(up));
        (await bob.GetAsync($"/api/chats/{chat}/messages?after=1&before=5")).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task Each_bad_message_has_its_own_code()
    {
        (Person ada, Person _, long chat) = await PairAsync();
        Person eve = await Person.RegisterAsync("Eve");
        string path = $"/api/chats/{chat}/messages";

        (await ada.PostAsync(path, Message(""))).MustFail(400, "text_empty");
        (await ada.PostAsync(path, new { clientMessageId = Guid.NewGuid() })).MustFail(400, "text_empty");
        (await ada.PostAsync(path, Message(new string('x', 16_385)))).MustFail(413, "text_too_long");
        (await ada.PostAsync(path, Message(new string('ü', 8_193)))).MustFail(413, "text_too_long");
        (await ada.PostAsync(path, Message("a\0b"))).MustFail(400, "text_has_nul");
        (await ada.PostAsync(path, new { clientMessageId = Guid.NewGuid(), text = "x", replyTo = 999 }))
            .MustFail(400, "reply_target_not_found");
        (await ada.PostAsync(path, new { text = "x" })).MustFail(400, "invalid_argument");
        (await ada.PostAsync(path, new { clientMessageId = Guid.Empty, text = "x" })).MustFail(400, "invalid_argument");
        (await eve.PostAsync(path, Message("let me in"))).MustFail(403, "not_a_member");
        (await ada.PostAsync("/api/chats/4000000000000/messages", Message("hello?"))).MustFail(404, "chat_not_found");
        (await ada.PostAsync(path, Message(new string('x', 16_384)))).MustBe(200);
    }

    [Test, CancelAfter(30_000)]
    public async Task Watermarks_rise_and_are_seen_by_the_other()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        long first = await ada.SayAsync(chat, "one");
        long second = await ada.SayAsync(chat, "two");

        (await bob.PostAsync($"/api/chats/{chat}/delivered", new { upTo = second })).MustBe(204);
        (await bob.PostAsync($"/api/messages/{chat}-{first}/read")).MustBe(204);

        JsonNode seen = (await ada.GetAsync($"/api/chats/{chat}")).MustBe(200).Json;
        Assert.That(((long)seen["othersDeliveredUpTo"]!, (long)seen["othersReadUpTo"]!), Is.EqualTo((second, first)));
        (await bob.PostAsync($"/api/chats/{chat}/read", new { upTo = second })).MustBe(204);
        (await bob.PostAsync($"/api/chats/{chat}/read", new { upTo = first })).MustBe(204);
        JsonNode own = (await bob.GetAsync($"/api/chats/{chat}")).MustBe(200).Json;
        Assert.That(((long)own["readUpTo"]!, (long)own["unread"]!), Is.EqualTo((second, 0L)));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P9")]
    public async Task One_who_left_reads_up_to_the_leaving_and_nothing_after()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        long group = await ada.CreateGroupAsync("Engine room", bob);
        await ada.SayAsync(group, "before");
        (await bob.PostAsync($"/api/groups/{group}/leave")).MustBe(204);
        await ada.SayAsync(group, "after");

        ApiAnswer history = (await bob.GetAsync($"/api/chats/{group}/messages?after=0")).MustBe(200);

        Assert.That(history.Text, Does.Contain("\"before\"").And.Not.Contain("\"after\""));
        (await bob.PostAsync($"/api/chats/{group}/messages", Message("still here"))).MustBe(403).MustFail(403, "not_a_member");
    }

    [Test, CancelAfter(30_000)]
    public async Task Typing_is_shown_to_the_chat_one_is_in_and_to_no_other()
    {
        (Person ada, Person _, long chat) = await PairAsync();
        Person eve = await Person.RegisterAsync("Eve");

        (await ada.PostAsync($"/api/chats/{chat}/typing", new { active = true })).MustBe(204);
        (await eve.PostAsync($"/api/chats/{chat}/typing", new { active = true })).MustFail(404, "chat_not_found");

        SilentPorts ports = ApiServer.Host.Services.GetRequiredService<SilentPorts>();
        Assert.That(ports.Ephemeral.Count(shown => shown == chat), Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task The_address_of_the_web_socket_comes_with_its_limits()
    {
        Person ada = await Person.RegisterAsync();

        JsonNode info = (await ada.GetAsync("/api/websocket/connection-info")).MustBe(200).Json;

        Assert.That(((string?)info["path"], (int)info["protocolVersion"]!), Is.EqualTo(("/ws", 1)));
        Assert.That((int)info["limits"]!["maxTextBytes"]!, Is.EqualTo(16_384));
    }

    private static async Task<(Person Ada, Person Bob, long Chat)> PairAsync()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        return (ada, bob, await ada.OpenDirectAsync(bob));
    }

    private static object Message(string text) => new { clientMessageId = Guid.NewGuid(), text };

    private static async Task<List<long>> ReadAsync(Person reader, long chat, string direction, long? start)
    {
        List<long> all = [];
        string? cursor = start?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        for (int page = 0; page < 20; page++)
        {
            string from = cursor is null ? "" : $"&{direction}={cursor}";
            JsonNode body = (await reader.GetAsync($"/api/chats/{chat}/messages?limit=3{from}")).MustBe(200).Json;
            all.AddRange(body["items"]!.AsArray().Select(item => (long)item!["sequence"]!));
            cursor = (string?)body["nextCursor"];
            if (cursor is null) return all;
        }

        Assert.Fail("The history has no end.");
        return all;
    }
}
