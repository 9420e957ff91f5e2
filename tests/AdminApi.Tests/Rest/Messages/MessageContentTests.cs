using System.Text.Json.Nodes;
using Chat.AdminApi.Tests.Rest.Media;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest.Messages;

/// <summary>R-080, R-082, R-046 as REST shows them.</summary>
[Parallelizable]
internal sealed class MessageContentTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_content_is_in_the_history_as_it_was_sent()
    {
        (Person ada, Person bob, long chat) = await PairAsync();
        byte[] png = SamplePictures.Png(1000), ogg = [.. "OggS\0"u8, .. new byte[100]];
        string image = await ada.MustUploadAsync($"upload?chatId={chat}&fileName=a.png", png);
        string voice = await ada.MustUploadAsync($"upload?chatId={chat}&fileName=a.ogg", ogg);
        object[] contents =
        [
            new { kind = "location", location = new { latitude = -33.86882, longitude = 179.12345678, name = "There" } },
            new { kind = "contact", contact = "BEGIN:VCARD\nVERSION:4.0\nFN:Bert\nEND:VCARD" },
            new { kind = "voice", forwarded = 2, media = new { blobId = voice, contentType = "audio/ogg", bytes = ogg.Length, durationMs = 4200, waveform = (int[])[0, 255] } },
            new { kind = "image", marks = new[] { new { kind = "mention", start = 0, length = 2, principalId = bob.Id } }, media = new { blobId = image, contentType = "image/png", bytes = png.Length, width = 3, height = 2 } },
        ];

        foreach (object content in contents)
        {
            JsonNode sent = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(content))!;
            (await ada.PostAsync($"/api/chats/{chat}/messages", new { clientMessageId = Guid.NewGuid(), text = "hi", content })).MustBe(200);
            JsonNode read = (await bob.GetAsync($"/api/chats/{chat}/messages?limit=1")).MustBe(200).Json["items"]![0]!["content"]!;
            foreach ((string member, JsonNode? value) in sent.AsObject()) AssertHolds(read[member], value!, member);
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task Each_bad_content_is_refused_as_such()
    {
        (Person ada, Person _, long chat) = await PairAsync();
        object[] contents =
        [
            new { }, new { kind = "image" }, new { kind = "none" }, new { kind = "location", location = new { latitude = 91, longitude = 0 } },
            new { kind = "location", location = new { latitude = 1 } }, new { kind = "contact", contact = "me" }, new { kind = "text", marks = new[] { new { kind = "bold" } } },
            new { kind = "image", media = new { } }, new { kind = "text", marks = new[] { new { kind = "bold", start = -1, length = 1 } } },
            new { kind = "text", marks = (object?[])[null] },
        ];

        foreach (object content in contents)
            (await ada.PostAsync($"/api/chats/{chat}/messages", new { clientMessageId = Guid.NewGuid(), text = "hi", content })).MustFail(400, "invalid_argument");
    }

    private static void AssertHolds(JsonNode? read, JsonNode sent, string member)
    {
        if (sent is JsonObject members)
            foreach ((string inner, JsonNode? value) in members) AssertHolds(read?[inner], value!, $"{member}.{inner}");
        else if (sent is JsonArray items)
            for (int i = 0; i < items.Count; i++) AssertHolds(read?[i], items[i]!, $"{member}[{i}]");
        else
            Assert.That(read?.ToJsonString(), Is.EqualTo(sent.ToJsonString()), member);
    }

    private static async Task<(Person Ada, Person Bob, long Chat)> PairAsync()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");
        return (ada, bob, await ada.OpenDirectAsync(bob));
    }
}
