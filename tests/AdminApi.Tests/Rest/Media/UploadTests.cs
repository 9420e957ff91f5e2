using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Chat.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Media;

/// <summary>R-170, R-174, R-177: a file in one request, and who may read it.</summary>
[Parallelizable]
internal sealed class UploadTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_file_of_a_chat_is_read_by_its_members_byte_by_byte()
    {
        Person ada = await Person.RegisterAsync();
        Person ben = await Person.RegisterAsync("Ben");
        long chat = await ada.OpenDirectAsync(ben);
        byte[] png = SamplePictures.Png(300_000);

        JsonNode file = (await ada.UploadAsync($"upload?chatId={chat}&fileName=%C3%9Cber%20uns.png", png)).MustBe(201).Json;
        await ada.ShowAsync(chat, (string)file["blobId"]!, "image/png", png.Length);
        FileAnswer read = await FileClient.ReadAsync(await ben.LinkAsync((string)file["blobId"]!));

        Assert.Multiple(() =>
        {
            Assert.That((string?)file["purpose"], Is.EqualTo("media"));
            Assert.That((long?)file["chatId"], Is.EqualTo(chat));
            Assert.That((string?)file["fileName"], Is.EqualTo("Über uns.png"));
            Assert.That((string?)file["contentType"], Is.EqualTo("image/png"));
            Assert.That((long?)file["bytes"], Is.EqualTo(png.Length));
            Assert.That(read.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(read.Bytes, Is.EqualTo(png));
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task A_download_can_do_nothing_in_a_browser()
    {
        Person ada = await Person.RegisterAsync();
        string blob = await ada.MustUploadAsync("upload/avatar?fileName=a%22b.png", SamplePictures.Png(100));

        FileAnswer read = await FileClient.ReadAsync(await ada.LinkAsync(blob));

        Assert.Multiple(() =>
        {
            Assert.That(read.Headers["Content-Type"], Is.EqualTo("image/png"));
            Assert.That(read.Headers["Content-Disposition"], Does.StartWith("attachment; filename=\"a_b.png\""));
            Assert.That(read.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
            Assert.That(read.Headers["Content-Security-Policy"], Does.Contain("sandbox").And.Contain("default-src 'none'"));
            Assert.That(read.Headers["Cache-Control"], Does.Contain("private"));
            Assert.That(read.Headers["Cross-Origin-Resource-Policy"], Is.EqualTo("same-origin"));
            Assert.That(read.Headers.Keys, Has.No.Member("Set-Cookie"));
        });
    }

    [TestCase("bytes=0-0", 0, 1)]
    [TestCase("bytes=10-19", 10, 10)]
    [TestCase("bytes=990-", 990, 10)]
    [TestCase("bytes=-5", 995, 5)]
    [TestCase("bytes=500-5000", 500, 500)]
    [CancelAfter(30_000)]
    public async Task A_range_is_served_as_asked(string range, int from, int count)
    {
        Person ada = await Person.RegisterAsync();
        byte[] png = SamplePictures.Png(1000);
        string url = await ada.LinkAsync(await ada.MustUploadAsync("upload/status?fileName=a.png", png));

        FileAnswer read = await FileClient.ReadAsync(url, range);

        Assert.That(read.Status, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(read.Bytes, Is.EqualTo(png[from..(from + count)]));
        Assert.That(read.Headers["Content-Range"], Is.EqualTo($"bytes {from}-{from + count - 1}/1000"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_range_behind_the_end_is_refused_and_HEAD_tells_the_size()
    {
        Person ada = await Person.RegisterAsync();
        string url = await ada.LinkAsync(await ada.MustUploadAsync("upload/status?fileName=a.png", SamplePictures.Png(1000)));

        Assert.That((await FileClient.ReadAsync(url, "bytes=1000-")).Status, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
        FileAnswer head = await FileClient.ReadAsync(url, method: "HEAD");
        Assert.That((head.Status, head.Bytes.Length, head.Headers["Content-Length"]), Is.EqualTo((HttpStatusCode.OK, 0, "1000")));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_a_picture_tells_about_its_maker_is_not_stored()
    {
        Person ada = await Person.RegisterAsync();
        byte[] png = SamplePictures.Png(1000);

        await AssertStoredAsync("a.jpg", SamplePictures.JpegWithSecret, SamplePictures.Jpeg);
        await AssertStoredAsync("a.png", [.. png, .. Encoding.ASCII.GetBytes(SamplePictures.Secret)], png);

        async Task AssertStoredAsync(string name, byte[] sent, byte[] stored)
        {
            JsonNode file = (await ada.UploadAsync($"upload/avatar?fileName={name}", sent)).MustBe(201).Json;
            FileAnswer read = await FileClient.ReadAsync(await ada.LinkAsync((string)file["blobId"]!));

            Assert.That(read.Bytes, Is.EqualTo(stored));
            Assert.That((long)file["bytes"]!, Is.EqualTo(read.Bytes.Length));
        }
    }

    [TestCase("upload?fileName=a.png", "chatId")]
    [TestCase("upload?chatId=1", "fileName")]
    [TestCase("upload?chatId=x&fileName=a.png", "chatId")]
    [TestCase("upload/chat-avatar?fileName=a.png", "chatId")]
    [TestCase("upload/avatar", "fileName")]
    [CancelAfter(30_000)]
    public async Task What_is_missing_is_named(string route, string field)
    {
        Person ada = await Person.RegisterAsync();

        ApiAnswer answer = (await ada.UploadAsync(route, SamplePictures.Png(100))).MustFail(400, "invalid_argument");

        Assert.That((string?)answer.Json["field"], Is.EqualTo(field));
    }

    [TestCase("upload/avatar?fileName=a.png", 100_001, 413, "blob_too_large")]
    [TestCase("upload/status?fileName=a.png", 2_000_001, 413, "blob_too_large")]
    [TestCase("upload/avatar?fileName=a.pdf", 100, 415, "content_not_allowed")]
    [TestCase("upload/status?fileName=a.pdf", 100, 415, "content_not_allowed")]
    [TestCase("upload/avatar?fileName=a.svg", 100, 415, "content_not_allowed")]
    [TestCase("upload/avatar?fileName=a.gif", 100, 415, "content_not_allowed")]
    [TestCase("upload/avatar?fileName=a.jpg", 100, 415, "content_not_allowed")]
    [TestCase("upload/avatar?fileName=a.png", 0, 400, "invalid_argument")]
    [CancelAfter(30_000)]
    public async Task A_file_that_is_not_taken_leaves_nothing(string route, int bytes, int status, string name)
    {
        Person ada = await Person.RegisterAsync();

        (await ada.UploadAsync(route, bytes == 0 ? [] : SamplePictures.Png(bytes))).MustFail(status, name);

        Assert.That(await UsageAsync(ada), Is.Zero);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_JPEG_that_breaks_off_is_refused_and_nothing_of_it_stays()
    {
        Person ada = await Person.RegisterAsync();

        (await ada.UploadAsync("upload/avatar?fileName=a.jpg", SamplePictures.Jpeg[..^2])).MustFail(415, "content_not_allowed");

        Assert.That(await UsageAsync(ada), Is.Zero);
        Assert.That(await UnknownObjectsAsync(), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_quota_holds_for_all_files_together_and_a_deletion_makes_room()
    {
        Person ada = await Person.RegisterAsync();
        string first = await ada.MustUploadAsync("upload/status?fileName=a.png", SamplePictures.Png(2_000_000));
        await ada.MustUploadAsync("upload/status?fileName=a.png", SamplePictures.Png(1_900_000));

        (await ada.UploadAsync("upload/status?fileName=a.png", SamplePictures.Png(100_001))).MustFail(403, "quota_exceeded");
        (await ada.DeleteAsync($"/api/media/delete?blobId={first}")).MustBe(204);
        await ada.MustUploadAsync("upload/status?fileName=a.png", SamplePictures.Png(100_001));

        Assert.That(await UsageAsync(ada), Is.EqualTo(2_000_001));
    }

    [Test, CancelAfter(30_000)]
    public async Task Two_uploads_at_once_cannot_both_take_the_last_room()
    {
        Person ada = await Person.RegisterAsync();
        Task<ApiAnswer>[] uploads =
            [.. Enumerable.Range(0, 4).Select(_ => ada.UploadAsync("upload/status?fileName=a.png", SamplePictures.Png(1_500_000)))];

        ApiAnswer[] answers = await Task.WhenAll(uploads);

        Assert.That(answers.Select(answer => answer.Status).Order(), Is.EqualTo(new[] { 201, 201, 403, 403 }));
        Assert.That(await UsageAsync(ada), Is.EqualTo(3_000_000));
    }

    [Test, CancelAfter(30_000)]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        Person ada = await Person.RegisterAsync();
        Uri address = ApiServer.Client.Address;
        using (TcpClient peer = new(address.Host, address.Port))
        {
            byte[] part =
            [
                .. Encoding.ASCII.GetBytes(
                    $"POST /api/media/upload/avatar?fileName=a.png HTTP/1.1\r\nHost: {address.Authority}\r\n"
                    + $"Authorization: Bearer {ada.Token}\r\nContent-Length: 90000\r\n\r\n"),
                .. SamplePictures.Png(50_000),
            ];
            await peer.GetStream().WriteAsync(part);
            while (await UsageAsync(ada) == 0) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System); // it is being taken
        }

        while (await UsageAsync(ada) != 0) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        Assert.That(await UnknownObjectsAsync(), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_body_without_a_length_is_refused()
    {
        Person ada = await Person.RegisterAsync();
        using StreamContent endless = new(new Unmeasured());

        ApiAnswer answer = await ApiServer.Client.SendAsync(
            "POST", "/api/media/upload/avatar?fileName=a.png", ada.Token, endless, new Dictionary<string, string>());

        answer.MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_store_that_fails_is_the_servers_fault_and_takes_no_room()
    {
        MemoryBlobStore store = new() { Fault = new IOException("The disk is full.") };
        await using ApiHost host = await ApiHost.StartAsync(
            ApiServer.Database.Source, services: services => services.AddSingleton<Chat.Domain.Media.IBlobStore>(store));
        Person ada = await Person.RegisterAsync(client: host.Client);
        using ByteArrayContent content = new(SamplePictures.Png(1000));

        ApiAnswer answer = await host.Client.SendAsync(
            "POST", "/api/media/upload/avatar?fileName=a.png", ada.Token, content, new Dictionary<string, string>());

        answer.MustFail(503, "unavailable");
        Assert.That(await UsageAsync(ada), Is.Zero);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_file_with_a_virus_is_refused_and_without_a_verdict_none_is_taken()
    {
        MemoryBlobStore store = new();
        ScriptedScanner scanner = new();
        await using ApiHost host = await ApiHost.StartAsync(ApiServer.Database.Source, services: services =>
        {
            services.AddSingleton<Chat.Domain.Media.IBlobStore>(store);
            services.AddSingleton<Chat.Domain.Media.IBlobScanner>(scanner);
        });
        Person ada = await Person.RegisterAsync(client: host.Client);

        scanner.Answer = () => "Eicar-Test";
        (await SendAsync()).MustFail(415, "content_not_allowed");
        scanner.Answer = () => throw new IOException("clamd is away.");
        (await SendAsync()).MustFail(503, "unavailable");
        Assert.That(store.Names, Is.Empty);
        Assert.That(await UsageAsync(ada), Is.Zero);
        scanner.Answer = () => null;
        (await SendAsync()).MustBe(201);

        async Task<ApiAnswer> SendAsync()
        {
            using ByteArrayContent content = new(SamplePictures.Png(1000));
            return await host.Client.SendAsync(
                "POST", "/api/media/upload/avatar?fileName=a.png", ada.Token, content, new Dictionary<string, string>());
        }
    }

    private static async Task<long> UsageAsync(Person person) =>
        await ApiServer.Host.Services.GetRequiredService<Chat.Storage.Media.BlobTable>().ReadUsageAsync(person.Id, default);

    /// <summary>What the store holds and no row knows.</summary>
    private static async Task<IEnumerable<Guid>> UnknownObjectsAsync()
    {
        MemoryBlobStore store = (MemoryBlobStore)ApiServer.Host.Services.GetRequiredService<Chat.Domain.Media.IBlobStore>();
        Guid[] held = [.. store.Names.Select(name => name.Value)];
        await using Npgsql.NpgsqlCommand command = ApiServer.Database.Source.CreateCommand(
            "select array(select unnest($1) except select id from blob_objects except select object_id from blob_garbage)");
        command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid[]> { TypedValue = held });
        return (Guid[])(await command.ExecuteScalarAsync())!;
    }

    private sealed class ScriptedScanner : Chat.Domain.Media.IBlobScanner
    {
        public Func<string?> Answer { get; set; } = () => null;

        public async Task<string?> FindVirusAsync(Stream content, CancellationToken ct)
        {
            await content.CopyToAsync(Stream.Null, ct);
            return Answer();
        }
    }

    /// <summary>A stream whose length nobody knows, so that it is sent in HTTP chunks.</summary>
    private sealed class Unmeasured : Chat.Domain.Media.ReadOnlyStream
    {
        private int _left = 10;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left-- <= 0) return ValueTask.FromResult(0);
            buffer.Span[0] = 1;
            return ValueTask.FromResult(1);
        }
    }
}
