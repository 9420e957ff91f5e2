using System.Net;
using Chat.Domain;
using Chat.Domain.Media;
using Chat.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Media;

/// <summary>R-177: only who may read a file gets a link, and a link opens nothing else and not for ever.</summary>
[Parallelizable]
internal sealed class LinkTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_file_is_read_by_who_may_read_a_message_that_shows_it()
    {
        Person ada = await Person.RegisterAsync();
        Person ben = await Person.RegisterAsync("Ben");
        Person cleo = await Person.RegisterAsync("Cleo");
        long chat = await ada.CreateGroupAsync("Group", ben);
        string before = await ada.MustUploadAsync($"upload?chatId={chat}&fileName=a.png", SamplePictures.Png(100));
        string after = await ada.MustUploadAsync($"upload?chatId={chat}&fileName=a.png", SamplePictures.Png(100));

        (await ben.GetAsync($"/api/media/{before}/link")).MustFail(404, "blob_not_found");
        await ada.ShowAsync(chat, before, "image/png", SamplePictures.Png(100).Length);
        await ben.LinkAsync(before);
        (await ben.PostAsync($"/api/groups/{chat}/leave")).MustBe(204);
        (await ada.PostAsync($"/api/groups/{chat}/members", new { memberIds = new[] { cleo.Id } })).MustBe(200);
        await ada.ShowAsync(chat, after, "image/png", SamplePictures.Png(100).Length);

        await ben.LinkAsync(before); // as the message itself is in the history of who left
        (await ben.GetAsync($"/api/media/{after}/link")).MustFail(404, "blob_not_found");
        await cleo.LinkAsync(after);
        (await cleo.GetAsync($"/api/media/{before}/link")).MustFail(404, "blob_not_found");
    }

    [Test, CancelAfter(30_000)]
    public async Task The_file_of_a_picture_is_for_whom_the_picture_is_shown_to_now()
    {
        Person ada = await Person.RegisterAsync(), ben = await Person.RegisterAsync("Ben"), cleo = await Person.RegisterAsync("Cleo");
        await ada.CreateGroupAsync("Group", ben, cleo);
        string blob = await ada.MustUploadAsync("upload/avatar?fileName=a.png", SamplePictures.Png(100));
        (await ben.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
        (await ada.PutAsync("/api/profile", new { avatar = blob })).MustBe(200);
        foreach (Person person in (Person[])[ada, ben, cleo]) await person.LinkAsync(blob);

        (await ada.PutAsync("/api/privacy", new { profilePhoto = "contacts" })).MustBe(200);
        (await ada.PutAsync($"/api/contacts/{ben.Id}", new { favourite = false })).MustBe(200);
        string url = await ben.LinkAsync(blob);
        Assert.That((await FileClient.ReadAsync(url)).Bytes, Has.Length.GreaterThan(0));
        (await cleo.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
        Assert.That((string?)(await ben.GetAsync($"/api/people?login={ada.Email}")).MustBe(200).Json["avatar"], Is.EqualTo(blob), "as the reference");
        Assert.That((string?)(await cleo.GetAsync($"/api/people?login={ada.Email}")).MustBe(200).Json["avatar"], Is.Null);

        (await ada.PutAsync($"/api/blocks/{ben.Id}")).MustBe(204);
        (await ben.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
        (await ada.DeleteAsync($"/api/blocks/{ben.Id}")).MustBe(204);
        (await ada.PutAsync("/api/privacy", new { profilePhoto = "nobody" })).MustBe(200);
        foreach (Person person in (Person[])[ben, cleo]) (await person.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
        await ada.LinkAsync(blob);

        (await ada.PutAsync("/api/privacy", new { profilePhoto = "everyone" })).MustBe(200);
        await cleo.LinkAsync(blob);
        (await cleo.DeleteAsync($"/api/media/delete?blobId={blob}")).MustFail(403, "not_allowed");
        (await ada.PutAsync("/api/profile", new { avatar = "" })).MustBe(200);
        (await cleo.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
    }

    [Test, CancelAfter(30_000)]
    public async Task The_picture_of_a_group_is_seen_by_an_invite_and_that_of_a_public_channel_by_everybody()
    {
        Person ada = await Person.RegisterAsync(), eve = await Person.RegisterAsync("Eve");
        long group = await ada.CreateGroupAsync("Group");
        string code = (string)(await ada.PostAsync($"/api/chats/{group}/invites", new { })).MustBe(201).Json["code"]!;
        string ofGroup = await ada.MustUploadAsync($"upload/chat-avatar?chatId={group}&fileName=a.png", SamplePictures.Png(100));
        (await ada.PutAsync($"/api/chats/{group}", new { avatar = ofGroup })).MustBe(200);

        (await eve.GetAsync($"/api/media/{ofGroup}/link")).MustFail(404, "blob_not_found");
        foreach (string wrong in (string[])["", "a", new string('x', 22), $"{code}%00", "%E2%82%AC"])
            (await eve.GetAsync($"/api/media/{ofGroup}/link?invite={wrong}")).MustFail(404, "blob_not_found");
        Assert.That((string?)(await eve.GetAsync($"/api/invites/{code}")).MustBe(200).Json["avatar"], Is.EqualTo(ofGroup));
        (await eve.GetAsync($"/api/media/{ofGroup}/link?invite={code}")).MustBe(200);
        (await ada.DeleteAsync($"/api/chats/{group}/invites/{code}")).MustBe(204);
        (await eve.GetAsync($"/api/media/{ofGroup}/link?invite={code}")).MustFail(404, "blob_not_found");

        string handle = $"pictures_{ada.Id}";
        long channel = (long)(await ada.PostAsync("/api/channels", new { name = "News", handle })).MustBe(201).Json["chatId"]!;
        string ofChannel = await ada.MustUploadAsync($"upload/chat-avatar?chatId={channel}&fileName=a.png", SamplePictures.Png(100));
        (await eve.GetAsync($"/api/media/{ofChannel}/link")).MustFail(404, "blob_not_found");
        (await ada.PutAsync($"/api/chats/{channel}", new { avatar = ofChannel })).MustBe(200);
        await eve.LinkAsync(ofChannel);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_file_that_is_passed_on_is_read_in_the_other_chat_and_goes_with_its_last_message()
    {
        Person ada = await Person.RegisterAsync();
        Person ben = await Person.RegisterAsync("Ben");
        Person cleo = await Person.RegisterAsync("Cleo");
        long first = await ada.OpenDirectAsync(ben), second = await ben.OpenDirectAsync(cleo);
        string blob = await ada.MustUploadAsync($"upload?chatId={first}&fileName=a.png", SamplePictures.Png(100));
        long bytes = SamplePictures.Png(100).Length;
        long shown = await ada.ShowAsync(first, blob, "image/png", bytes);
        (await cleo.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
        long passedOn = await ben.ShowAsync(second, blob, "image/png", bytes, forwarded: 1);
        string url = await cleo.LinkAsync(blob);

        (await ada.DeleteAsync($"/api/messages/{first}-{shown}")).MustBe(200);
        Assert.That((await FileClient.ReadAsync(url)).Status, Is.EqualTo(HttpStatusCode.OK));
        await cleo.LinkAsync(blob);
        (await ben.DeleteAsync($"/api/messages/{second}-{passedOn}")).MustBe(200);

        foreach (Person person in (Person[])[ada, ben, cleo])
            (await person.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
        Assert.That((await FileClient.ReadAsync(url)).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_blocked_chat_takes_no_files_and_keeps_those_that_it_has()
    {
        Person ada = await Person.RegisterAsync();
        Person ben = await Person.RegisterAsync("Ben");
        long chat = await ada.OpenDirectAsync(ben);
        string blob = await ada.MustUploadAsync($"upload?chatId={chat}&fileName=a.png", SamplePictures.Png(100));
        await ada.ShowAsync(chat, blob, "image/png", SamplePictures.Png(100).Length);
        (await ben.PutAsync($"/api/blocks/{ada.Id}")).MustBe(204);

        foreach (Person person in (Person[])[ada, ben])
        {
            (await person.UploadAsync($"upload?chatId={chat}&fileName=a.png", SamplePictures.Png(100))).MustFail(403, "blocked");
            (await person.PostAsync("/api/media/uploads", new { purpose = "media", chatId = chat, fileName = "a.png", bytes = 9 })).MustFail(403, "blocked");
            await person.LinkAsync(blob);
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task The_owner_keeps_what_was_uploaded_to_a_chat_that_was_left()
    {
        Person ada = await Person.RegisterAsync();
        Person ben = await Person.RegisterAsync("Ben");
        long chat = await ada.CreateGroupAsync("Group", ben);
        string blob = await ben.MustUploadAsync($"upload?chatId={chat}&fileName=a.png", SamplePictures.Png(100));

        (await ben.PostAsync($"/api/groups/{chat}/leave")).MustBe(204);

        await ben.LinkAsync(blob);
        (await ben.DeleteAsync($"/api/media/delete?blobId={blob}")).MustBe(204);
    }

    [TestCase("upload/avatar")]
    [TestCase("upload/status")]
    [CancelAfter(30_000)]
    public async Task A_file_of_no_chat_is_its_owners_alone(string route)
    {
        Person ada = await Person.RegisterAsync();
        Person ben = await Person.RegisterAsync("Ben");
        await ada.OpenDirectAsync(ben);
        string blob = await ada.MustUploadAsync($"{route}?fileName=a.png", SamplePictures.Png(100));

        (await ben.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
        (await ben.DeleteAsync($"/api/media/delete?blobId={blob}")).MustFail(404, "blob_not_found");
        await ada.LinkAsync(blob);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_forged_a_moved_and_an_altered_link_open_nothing()
    {
        Person ada = await Person.RegisterAsync();
        string blob = await ada.MustUploadAsync("upload/avatar?fileName=a.png", SamplePictures.Png(100));
        string other = await ada.MustUploadAsync("upload/avatar?fileName=a.png", SamplePictures.Png(200));
        string url = await ada.LinkAsync(blob);
        char last = url[^2] == 'A' ? 'B' : 'A';

        string[] wrong =
        [
            url.Replace(blob, other, StringComparison.Ordinal),
            url.Replace("expires=1", "expires=2", StringComparison.Ordinal),
            url[..^2] + last + url[^1],
            url.Split('?')[0],
            url.Split('&')[0],
            url.Replace($"principal={ada.Id}", $"principal={ada.Id + 1}", StringComparison.Ordinal),
            url.Replace($"principal={ada.Id}&", "", StringComparison.Ordinal),
            url.Split('?')[0] + "?expires=x&signature=y",
            "/media/1?expires=1&signature=y",
            "/media/" + new string('0', 32) + "?expires=9999999999&signature=" + new string('A', 43),
        ];

        foreach (string attempt in wrong)
            (await ApiServer.Client.GetAsync(attempt)).MustFail(404, "blob_not_found");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_link_whose_time_is_over_says_so()
    {
        Person ada = await Person.RegisterAsync();
        string blob = await ada.MustUploadAsync("upload/avatar?fileName=a.png", SamplePictures.Png(100));
        Assert.That(BlobName.TryParse(blob, out BlobName name));
        byte[] secret = ApiServer.Host.Services.GetRequiredService<Chat.Domain.Accounts.TokenOptions>().SigningKey;
        FakeTimeProvider past = new(TimeProvider.System.GetUtcNow().AddHours(-2));
        string signature = new DownloadLinks(secret, TimeSpan.FromMinutes(30), past).Sign(name, new Caller(ada.Id, 0), out long expiresAt);

        ApiAnswer answer = await ApiServer.Client.GetAsync($"/media/{blob}?principal={ada.Id}&expires={expiresAt}&signature={signature}");

        answer.MustFail(410, "link_expired");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_deleted_file_is_gone_for_all_and_its_links_open_nothing()
    {
        Person ada = await Person.RegisterAsync();
        string blob = await ada.MustUploadAsync("upload/avatar?fileName=a.png", SamplePictures.Png(100));
        string url = await ada.LinkAsync(blob);

        (await ada.DeleteAsync($"/api/media/delete?blobId={blob}")).MustBe(204);

        (await ada.DeleteAsync($"/api/media/delete?blobId={blob}")).MustFail(404, "blob_not_found");
        (await ada.GetAsync($"/api/media/{blob}/link")).MustFail(404, "blob_not_found");
        Assert.That((await FileClient.ReadAsync(url)).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_reader_who_has_the_file_is_told_that_it_has_not_changed()
    {
        Person ada = await Person.RegisterAsync();
        string url = await ada.LinkAsync(await ada.MustUploadAsync("upload/avatar?fileName=a.png", SamplePictures.Png(100)));
        string tag = (await FileClient.ReadAsync(url)).Headers["ETag"];

        ApiAnswer again = await ApiServer.Client.SendAsync(
            "GET", url, null, (HttpContent?)null, new Dictionary<string, string> { ["If-None-Match"] = tag });

        Assert.That((again.Status, again.Text), Is.EqualTo((304, "")));
    }
}
