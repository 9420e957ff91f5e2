using System.Text.Json.Nodes;
using Chat.Domain;
using Chat.Domain.Links;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest.Links;

/// <summary>protocol-spec.md §8.16: the route of previews, as JSON goes in and out, and into a message. What it decides is tried in Domain.Tests.</summary>
internal sealed class LinkPreviewTests
{
    [Test, CancelAfter(60_000)]
    public async Task A_card_is_made_and_goes_into_a_message_as_it_is_and_no_other_way()
    {
        Person ada = await Person.RegisterAsync("Ada"), ben = await Person.RegisterAsync("Ben");
        long chat = await ada.OpenDirectAsync(ben);
        const string Url = "https://pages.example.org/harbour";

        JsonNode card = (await ada.PostAsync("/api/link-previews", new { url = Url, chatId = chat })).MustBe(200).Json;

        Assert.That(((string?)card["url"], (string?)card["title"], (string?)card["siteName"]), Is.EqualTo((Url, "A harbour", "Example")));
        Assert.That(((string?)card["image"]!["contentType"], (long?)card["image"]!["bytes"], (int?)card["image"]!["width"]), Is.EqualTo(("image/png", 500L, 300)));
        object Message(JsonNode link) => new
        {
            clientMessageId = Guid.NewGuid(),
            dueAt = TimeProvider.System.GetUtcNow().AddDays(1),
            message = new { text = $"Look: {Url}", content = new { kind = "text", link } },
        };
        JsonNode kept = (await ada.PostAsync($"/api/chats/{chat}/scheduled", Message(card))).MustBe(201).Json["message"]!["content"]!["link"]!;
        Assert.That(JsonNode.DeepEquals(kept, card), kept.ToJsonString());

        JsonNode forged = card.DeepClone();
        forged["title"] = "Your bank";
        (await ada.PostAsync($"/api/chats/{chat}/scheduled", Message(forged))).MustFail(400, "link_token_invalid");
        (await ada.PostAsync($"/api/chats/{chat}/scheduled", Message(new JsonObject()))).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_wrong_is_named_and_what_goes_wrong_outside_is_not()
    {
        Person ada = await Person.RegisterAsync("Ada");

        (await ada.PostAsync("/api/link-previews", new { })).MustFail(400, "invalid_argument");
        (await ada.PostAsync("/api/link-previews", new { url = "http://169.254.169.254/latest" })).MustFail(400, "url_refused");
        (await ada.PostAsync("/api/link-previews", new { url = "https://nowhere.example.org/" })).MustFail(404, "preview_unavailable");
        JsonNode card = (await ada.PostAsync("/api/link-previews", new { url = "https://pages.example.org/" })).MustBe(200).Json;
        Assert.That(card["image"], Is.Null, "without a chat");
    }
}

/// <summary>A world in which one host has pages.</summary>
internal sealed class OneSite : ILinkPages
{
    public Task<Result<LinkPage?>> FetchAsync(Uri url, CancellationToken ct) => Task.FromResult<Result<LinkPage?>>(
        url.Host == "pages.example.org" ? new LinkPage("A harbour", "Seen", "Example", new LinkImage(SamplePictures.Png(500), "png", 300, 200)) : null);
}
