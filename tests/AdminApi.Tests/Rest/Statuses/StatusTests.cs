using System.Text.Json.Nodes;
using Chat.AdminApi.Tests.Rest.Media;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest.Statuses;

/// <summary>R-584: the routes of statuses, as JSON goes in and out. What they decide is tried in Domain.Tests.</summary>
internal sealed class StatusTests
{
    [Test, CancelAfter(60_000)]
    public async Task A_text_goes_from_posting_to_the_feed_is_looked_at_and_taken_back()
    {
        (Person ada, Person ben) = await FriendsAsync();
        var body = new { clientStatusId = Guid.NewGuid(), kind = "text", text = "At sea", background = "#1F6F54", font = "serif" };

        JsonNode posted = (await ada.PostAsync("/api/status", body)).MustBe(201).Json;
        JsonNode again = (await ada.PostAsync("/api/status", body)).MustBe(201).Json;
        Assert.That(again.ToJsonString(), Is.EqualTo(posted.ToJsonString()), "a retry");
        long id = (long)posted["id"]!;

        JsonNode author = (await ben.GetAsync("/api/status")).MustBe(200).Json["items"]!.AsArray().Single()!;
        Assert.That(((long)author["authorId"]!, (long)author["total"]!, (long)author["unseen"]!, (long)author["newestId"]!), Is.EqualTo((ada.Id, 1L, 1L, id)));
        JsonNode seen = (await ben.GetAsync($"/api/status/user/{ada.Id}")).MustBe(200).Json["items"]!.AsArray().Single()!;
        Assert.That(seen.ToJsonString(), Is.EqualTo(posted.ToJsonString()));
        Assert.That(((string?)seen["kind"], (string?)seen["font"], (string?)seen["background"], (bool)seen["seen"]!), Is.EqualTo(("text", "serif", "#1F6F54", false)));

        for (int twice = 0; twice < 2; twice++) (await ben.PostAsync($"/api/status/{id}/view")).MustBe(204);
        Assert.That((long)(await ben.GetAsync("/api/status")).Json["items"]![0]!["unseen"]!, Is.Zero);
        JsonNode viewers = (await ada.GetAsync($"/api/status/{id}/viewers")).MustBe(200).Json;
        Assert.That(((long)viewers["total"]!, (long)viewers["items"]![0]!["principalId"]!), Is.EqualTo((1L, ben.Id)));
        (await ben.GetAsync($"/api/status/{id}/viewers")).MustFail(404, "status_not_found");
        (await ben.DeleteAsync($"/api/status/{id}")).MustFail(404, "status_not_found");

        for (int twice = 0; twice < 2; twice++) (await ada.DeleteAsync($"/api/status/{id}")).MustBe(204);
        Assert.That((await ben.GetAsync("/api/status")).Json["items"]!.AsArray(), Is.Empty);
        (await ben.PostAsync($"/api/status/{id}/view")).MustFail(404, "status_not_found");
    }

    [Test, CancelAfter(60_000)]
    public async Task An_image_is_read_by_whom_it_is_for_until_it_is_taken_back_also_by_a_link_of_before()
    {
        (Person ada, Person ben) = await FriendsAsync();
        Person cleo = await Person.RegisterAsync("Cleo");
        byte[] png = SamplePictures.Png(1000);
        string blobId = await ada.MustUploadAsync("upload/status?fileName=a.png", png);
        (await ben.GetAsync($"/api/media/{blobId}/link")).MustFail(404, "blob_not_found");
        object media = new { blobId, contentType = "image/png", bytes = png.Length, width = 30, height = 20 };

        JsonNode posted = (await ada.PostAsync("/api/status", new { clientStatusId = Guid.NewGuid(), kind = "image", text = "The harbour", media }))
            .MustBe(201).Json;

        Assert.That(((string?)posted["media"]!["blobId"], (int)posted["media"]!["width"]!), Is.EqualTo((blobId, 30)));
        string url = await ben.LinkAsync(blobId);
        FileAnswer read = await FileClient.ReadAsync(url);
        Assert.That(read.Bytes, Is.EqualTo(png));
        Assert.That(read.Headers["Cache-Control"], Is.EqualTo("no-store, private"), "over when the status is, in the browser too");
        string refused = (await ada.DeleteAsync($"/api/media/delete?blobId={blobId}")).MustFail(403, "not_allowed").Text;
        Assert.That(refused, Does.Contain("delete the status"));
        Assert.That((await FileClient.ReadAsync(url)).Bytes, Is.EqualTo(png), "it is there still");
        (await cleo.GetAsync($"/api/media/{blobId}/link")).MustFail(404, "blob_not_found");
        (await ada.DeleteAsync($"/api/status/{posted["id"]}")).MustBe(204);
        Assert.That((int)(await FileClient.ReadAsync(url)).Status, Is.EqualTo(404));
        (await ada.GetAsync($"/api/media/{blobId}/link")).MustFail(404, "blob_not_found");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_contacts_statuses_are_muted_and_listed_as_that_until_it_is_taken_back_or_the_contact_is_gone()
    {
        (Person ada, Person ben) = await FriendsAsync();
        await PostAsync(ada);
        Assert.That(await MutedAsync(), Is.EqualTo((false, false)));

        for (int twice = 0; twice < 2; twice++) (await ben.PutAsync($"/api/status/user/{ada.Id}/mute", new { })).MustBe(204);
        Assert.That(await MutedAsync(), Is.EqualTo((true, true)));
        (await ben.PutAsync($"/api/contacts/{ada.Id}", new { name = "Ada from work" })).MustBe(200);
        Assert.That(await MutedAsync(), Is.EqualTo((true, true)), "another name is no other choice");

        for (int twice = 0; twice < 2; twice++) (await ben.DeleteAsync($"/api/status/user/{ada.Id}/mute")).MustBe(204);
        Assert.That(await MutedAsync(), Is.EqualTo((false, false)));
        (await ben.PutAsync($"/api/status/user/{ada.Id}/mute", new { })).MustBe(204);
        (await ben.DeleteAsync($"/api/contacts/{ada.Id}")).MustBe(204);
        (await ben.DeleteAsync($"/api/status/user/{ada.Id}/mute")).MustFail(404, "contact_not_found");
        (await ben.PutAsync($"/api/status/user/{ben.Id}/mute", new { })).MustFail(404, "contact_not_found");
        (await ben.PutAsync($"/api/contacts/{ada.Id}", new { favourite = false })).MustBe(200);
        Assert.That(await MutedAsync(), Is.EqualTo((false, false)), "kept anew");

        async Task<(bool Author, bool Contact)> MutedAsync() => (
            (bool)(await ben.GetAsync("/api/status")).MustBe(200).Json["items"]!.AsArray().Single()!["muted"]!,
            (bool)(await ben.GetAsync($"/api/contacts/{ada.Id}")).MustBe(200).Json["statusesMuted"]!);
    }

    [Test, CancelAfter(60_000)]
    public async Task Privacy_goes_in_and_out_and_a_sound_is_no_status()
    {
        (Person ada, Person ben) = await FriendsAsync();
        Assert.That((await ada.GetAsync("/api/status/privacy")).MustBe(200).Text, Is.EqualTo("""{"audience":"contacts","people":[]}"""));

        JsonNode set = (await ada.PutAsync("/api/status/privacy", new { audience = "contacts_except", people = new[] { ben.Id } })).MustBe(200).Json;
        Assert.That((await ada.GetAsync("/api/status/privacy")).Text, Is.EqualTo(set.ToJsonString()));
        await PostAsync(ada);
        Assert.That((await ben.GetAsync($"/api/status/user/{ada.Id}")).Json["items"]!.AsArray(), Is.Empty);

        (await ada.PutAsync("/api/status/privacy", new { audience = "friends" })).MustFail(400, "invalid_argument");
        (await ada.PutAsync("/api/status/privacy", new { audience = "only" })).MustFail(400, "invalid_argument");
        foreach (object wrong in (object[])[new { }, new { audience = "contacts", people = new[] { ben.Id } }])
        {
            string said = (await ada.PutAsync("/api/status/privacy", wrong)).MustFail(400, "invalid_argument").Text;
            Assert.That(said, Does.Not.Contain("contactsExcept"), "no name that is none");
        }

        (await ada.PostAsync("/api/status", new { kind = "text", text = "a" })).MustFail(400, "invalid_argument");
        (await ada.PostAsync("/api/status", new { clientStatusId = Guid.NewGuid(), kind = "sound", text = "a" })).MustFail(400, "invalid_argument");
        (await ada.PostAsync("/api/status", new { clientStatusId = Guid.NewGuid(), text = "a" })).MustFail(400, "invalid_argument");
        (await ada.PostAsync("/api/status", new { clientStatusId = Guid.NewGuid(), kind = "text", text = new string('a', 701) })).MustFail(413, "text_too_long");
        (await ada.GetAsync("/api/status?cursor=x")).MustFail(400, "invalid_argument");
        (await ada.GetAsync("/api/status/user/x")).MustFail(400, "invalid_argument");
        (await ada.UploadAsync("upload/status?fileName=a.mp3", [0x49, 0x44, 0x33, 4, 0, 0])).MustFail(415, "content_not_allowed");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_message_answers_a_status_and_says_so_in_history()
    {
        (Person ada, Person ben) = await FriendsAsync();
        long id = await PostAsync(ada), chatId = await ben.OpenDirectAsync(ada);
        object Body(string begins) => new
        {
            clientMessageId = Guid.NewGuid(),
            text = "Where is that?",
            content = new { kind = "text", status = new { statusId = id, kind = "text", text = begins } },
        };

        (await ben.PostAsync($"/api/chats/{chatId}/messages", Body("On land"))).MustFail(400, "invalid_argument");
        (await ben.PostAsync($"/api/chats/{chatId}/messages", Body("At"))).MustBe(200);
        (await ada.PostAsync($"/api/chats/{chatId}/messages", Body("At"))).MustFail(404, "status_not_found");

        JsonNode shown = (await ada.GetAsync($"/api/chats/{chatId}/messages")).Json["items"]!.AsArray().Single(e => (string?)e!["kind"] == "message")!;
        JsonNode status = shown["content"]!["status"]!;
        Assert.That(((long)status["statusId"]!, (string?)status["kind"], (string?)status["text"]), Is.EqualTo((id, "text", "At")));
    }

    private static async Task<(Person Ada, Person Ben)> FriendsAsync()
    {
        Person ada = await Person.RegisterAsync("Ada"), ben = await Person.RegisterAsync("Ben");
        (await ada.PutAsync($"/api/contacts/{ben.Id}", new { favourite = false })).MustBe(200);
        (await ben.PutAsync($"/api/contacts/{ada.Id}", new { favourite = false })).MustBe(200);
        return (ada, ben);
    }

    private static async Task<long> PostAsync(Person author) =>
        (long)(await author.PostAsync("/api/status", new { clientStatusId = Guid.NewGuid(), kind = "text", text = "At sea" })).MustBe(201).Json["id"]!;
}
