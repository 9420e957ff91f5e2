using System.Text.Json.Nodes;
using Chat.Domain.Media;
using Chat.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Media;

/// <summary>R-170: uploads in parts, which go on where they broke off.</summary>
[Parallelizable]
internal sealed class PartsTests
{
    private const int Part = 100_000;

    [Test, CancelAfter(30_000)]
    public async Task A_file_in_parts_is_the_file()
    {
        Person ada = await Person.RegisterAsync();
        Person ben = await Person.RegisterAsync("Ben");
        long chat = await ada.OpenDirectAsync(ben);
        byte[] png = SamplePictures.Png((3 * Part) + 7);

        string blob = await BeginAsync(ada, png.Length, chat);
        for (int offset = 0; offset < png.Length; offset += Part)
        {
            byte[] part = png[offset..Math.Min(png.Length, offset + Part)];
            JsonNode state = (await SendAsync(ada, blob, offset, part)).MustBe(200).Json;
            Assert.That((long)state["offset"]!, Is.EqualTo(offset + part.Length));
        }

        JsonNode file = (await ada.PostAsync($"/api/media/uploads/{blob}/complete")).MustBe(200).Json;
        await ada.ShowAsync(chat, blob, "image/png", png.Length);
        FileAnswer read = await FileClient.ReadAsync(await ben.LinkAsync(blob));

        Assert.That((string?)file["contentType"], Is.EqualTo("image/png"));
        Assert.That(read.Bytes, Is.EqualTo(png));
        (await ada.PostAsync($"/api/media/uploads/{blob}/complete")).MustBe(200);
        (await ada.GetAsync($"/api/media/uploads/{blob}")).MustFail(404, "blob_not_found");
        (await SendAsync(ada, blob, png.Length, [1])).MustFail(404, "blob_not_found");
    }

    [Test, CancelAfter(30_000)]
    public async Task Where_an_upload_stands_is_told_by_HEAD_and_by_whoever_sends_elsewhere()
    {
        Person ada = await Person.RegisterAsync();
        byte[] png = SamplePictures.Png(2 * Part);
        string blob = await BeginAsync(ada, png.Length);
        await SendAsync(ada, blob, 0, png[..Part]);

        ApiAnswer head = (await ApiServer.Client.SendAsync("HEAD", $"/api/media/uploads/{blob}", ada.Token, body: null)).MustBe(200);
        ApiAnswer again = (await SendAsync(ada, blob, 0, png[..Part])).MustFail(409, "upload_offset_mismatch");
        ApiAnswer ahead = (await SendAsync(ada, blob, Part + 1, png[(Part + 1)..])).MustFail(409, "upload_offset_mismatch");
        ApiAnswer early = (await ada.PostAsync($"/api/media/uploads/{blob}/complete")).MustFail(409, "upload_offset_mismatch");

        Assert.That((head.Headers["Upload-Offset"], head.Headers["Upload-Length"]), Is.EqualTo(($"{Part}", $"{2 * Part}")));
        foreach (ApiAnswer answer in (ApiAnswer[])[again, ahead, early]) Assert.That((string?)answer.Json["detail"], Does.Contain($"{Part}"));
    }

    [TestCase(Part + 1, 413, "blob_too_large")]
    [TestCase(10, 400, "invalid_argument")]
    [TestCase(0, 400, "invalid_argument")]
    [CancelAfter(30_000)]
    public async Task A_part_that_is_too_long_or_too_short_does_not_count(int bytes, int status, string name)
    {
        Person ada = await Person.RegisterAsync();
        string blob = await BeginAsync(ada, Part);

        (await SendAsync(ada, blob, 0, SamplePictures.Png(Math.Max(16, bytes))[..bytes])).MustFail(status, name);

        Assert.That(await OffsetAsync(ada, blob), Is.Zero);
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_two_parts_at_one_place_one_counts()
    {
        Person ada = await Person.RegisterAsync();
        byte[] png = SamplePictures.Png(2 * Part);
        string blob = await BeginAsync(ada, png.Length);

        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(ada, blob, 0, png[..Part])));

        Assert.That(answers.Select(answer => answer.Status).Order(), Is.EqualTo(new[] { 200, 409, 409, 409 }));
        Assert.That(await OffsetAsync(ada, blob), Is.EqualTo(Part));
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_those_who_complete_at_once_one_makes_the_file_and_the_others_find_it_when_they_come_again()
    {
        Person ada = await Person.RegisterAsync();
        byte[] png = SamplePictures.Png(Part);
        string blob = await BeginAsync(ada, png.Length);
        await SendAsync(ada, blob, 0, png);

        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ada.PostAsync($"/api/media/uploads/{blob}/complete")));

        Assert.That(answers.Select(answer => answer.Status), Has.Some.EqualTo(200));
        foreach (ApiAnswer busy in answers.Where(answer => answer.Status != 200)) busy.MustFail(503, "busy");
        (await ada.PostAsync($"/api/media/uploads/{blob}/complete")).MustBe(200);
        Assert.That((await FileClient.ReadAsync(await ada.LinkAsync(blob))).Bytes, Is.EqualTo(png));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_file_that_is_not_what_it_says_ends_its_upload_and_gives_its_room_back()
    {
        Person ada = await Person.RegisterAsync();
        string blob = await BeginAsync(ada, Part, fileName: "a.jpg");
        await SendAsync(ada, blob, 0, SamplePictures.Png(Part));

        (await ada.PostAsync($"/api/media/uploads/{blob}/complete")).MustFail(415, "content_not_allowed");

        (await ada.GetAsync($"/api/media/uploads/{blob}")).MustFail(404, "blob_not_found");
        Assert.That(await ApiServer.Host.Services.GetRequiredService<Chat.Storage.Media.BlobTable>().ReadUsageAsync(ada.Id, default), Is.Zero);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_JPEG_in_parts_is_stripped_too()
    {
        Person ada = await Person.RegisterAsync();
        byte[] jpeg = SamplePictures.JpegWithSecret;
        string blob = await BeginAsync(ada, jpeg.Length, fileName: "a.jpg");
        await SendAsync(ada, blob, 0, jpeg);

        (await ada.PostAsync($"/api/media/uploads/{blob}/complete")).MustBe(200);

        Assert.That((await FileClient.ReadAsync(await ada.LinkAsync(blob))).Bytes, Is.EqualTo(SamplePictures.Jpeg));
    }

    [Test, CancelAfter(30_000)]
    public async Task An_upload_that_is_given_up_is_gone_and_its_parts_with_it()
    {
        Person ada = await Person.RegisterAsync();
        string blob = await BeginAsync(ada, 2 * Part);
        await SendAsync(ada, blob, 0, SamplePictures.Png(Part));

        (await ada.DeleteAsync($"/api/media/delete?blobId={blob}")).MustBe(204);

        (await SendAsync(ada, blob, Part, SamplePictures.Png(Part))).MustFail(404, "blob_not_found");
        Assert.That(await ApiServer.Host.Services.GetRequiredService<Chat.Storage.Media.BlobTable>().ReadUsageAsync(ada.Id, default), Is.Zero);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_store_that_fails_loses_the_part_and_not_the_upload()
    {
        MemoryBlobStore store = new();
        await using ApiHost host = await ApiHost.StartAsync(
            ApiServer.Database.Source, services: services => services.AddSingleton<IBlobStore>(store));
        Person ada = await Person.RegisterAsync(client: host.Client);
        byte[] png = SamplePictures.Png(Part);
        ApiAnswer begun = await host.Client.PostAsync(
            "/api/media/uploads", ada.Token, new { purpose = "status", fileName = "a.png", bytes = png.Length });
        string blob = (string)begun.MustBe(201).Json["blobId"]!;

        store.Fault = new IOException("The disk is full.");
        (await PatchAsync(host.Client)).MustFail(503, "unavailable");
        store.Fault = null;
        (await PatchAsync(host.Client)).MustBe(200);
        store.Fault = new IOException("The disk is away.");
        (await host.Client.PostAsync($"/api/media/uploads/{blob}/complete", ada.Token)).MustFail(503, "unavailable");
        store.Fault = null;
        (await host.Client.PostAsync($"/api/media/uploads/{blob}/complete", ada.Token)).MustBe(200);

        async Task<ApiAnswer> PatchAsync(ApiClient client)
        {
            using ByteArrayContent content = new(png);
            return await client.SendAsync("PATCH", $"/api/media/uploads/{blob}?offset=0", ada.Token, content, new Dictionary<string, string>());
        }
    }

    [TestCase("{\"fileName\":\"a.png\",\"bytes\":10}", "purpose")]
    [TestCase("{\"purpose\":\"none\",\"fileName\":\"a.png\",\"bytes\":10}", "purpose")]
    [TestCase("{\"purpose\":\"status\",\"bytes\":10}", "fileName")]
    [TestCase("{\"purpose\":\"status\",\"fileName\":\"a.png\"}", "bytes")]
    [TestCase("{\"purpose\":\"status\",\"fileName\":\"a.png\",\"bytes\":0}", "bytes")]
    [TestCase("{\"purpose\":\"media\",\"fileName\":\"a.png\",\"bytes\":10}", "chatId")]
    [TestCase("{\"purpose\":\"status\",\"chatId\":1,\"fileName\":\"a.png\",\"bytes\":10}", "chatId")]
    [CancelAfter(30_000)]
    public async Task What_is_missing_at_the_start_is_named(string body, string field)
    {
        Person ada = await Person.RegisterAsync();

        ApiAnswer answer = (await ApiServer.Client.SendAsync("POST", "/api/media/uploads", ada.Token, body)).MustFail(400, "invalid_argument");

        Assert.That((string?)answer.Json["field"], Is.EqualTo(field));
    }

    private static async Task<string> BeginAsync(Person person, long bytes, long? chat = null, string fileName = "a.png")
    {
        ApiAnswer begun = await person.PostAsync(
            "/api/media/uploads", chat is null ? (object)new { purpose = "status", fileName, bytes } : new { purpose = "media", chatId = chat, fileName, bytes });
        return (string)begun.MustBe(201).Json["blobId"]!;
    }

    private static Task<ApiAnswer> SendAsync(Person person, string blob, long offset, byte[] part) =>
        person.SendBytesAsync("PATCH", $"/api/media/uploads/{blob}?offset={offset}", part);

    private static async Task<long> OffsetAsync(Person person, string blob) =>
        (long)(await person.GetAsync($"/api/media/uploads/{blob}")).MustBe(200).Json["offset"]!;
}
