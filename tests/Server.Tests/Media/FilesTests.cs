using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk;
using Chat.Server.Jobs;
using Chat.Server.Tests.Wire;
using Chat.Storage.Chats;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chat.Server.Tests.Media;

/// <summary>Files through the C# SDK and the composed server, on the disk, over two nodes that share a folder.</summary>
[Category("postgres")]
internal sealed class FilesTests : ServerFixture
{
    private string _folder = "";

    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["Blobs:Directory"] = Path.Combine(_folder, "media"),
        ["Media:MaxVideoBytes"] = "20000000",
    };

    protected override Task PrepareAsync()
    {
        _folder = Directory.CreateTempSubdirectory("chat-files-").FullName;
        return Task.CompletedTask;
    }

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test, CancelAfter(60_000)]
    public async Task A_file_goes_up_through_one_node_and_is_read_through_another(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        SignedIn ben = await NewPersonAsync("Ben", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben);
        await using WebApplication other = await StartNodeAsync();
        await using ChatClient annas = Client(Url, anna);
        await using ChatClient bens = Client(new Uri(other.Urls.First()), ben);
        byte[] png = SamplePictures.Png(3_000_000);

        UploadedFile file = await annas.Files.UploadAsync(new MemoryStream(png), new FileUpload("a.png", group.ChatId), null, ct);
        using (WireClient wire = await OnlineAsync(anna, ct))
            await wire.AskAsync<SendMessageRequest, SentReply>(Showing(file, group.ChatId, "look"), ct);
        await using Stream read = await bens.Files.OpenReadAsync(file.BlobId, ct);
        using MemoryStream copy = new();
        await read.CopyToAsync(copy, ct);

        Assert.That(copy.ToArray(), Is.EqualTo(png));
        await other.StopAsync(ct);
    }

    [Test, CancelAfter(60_000)]
    public async Task An_upload_that_broke_off_goes_on_through_another_node(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        await using WebApplication other = await StartNodeAsync();
        await using ChatClient one = Client(Url, anna);
        await using ChatClient two = Client(new Uri(other.Urls.First()), anna);
        byte[] png = SamplePictures.Png(3_000_000);
        using CancellationTokenSource pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
        PauseAfter progress = new(1_000_000, pause);

        Assert.That(
            async () => await one.Files.UploadAsync(
                new MemoryStream(png), new FileUpload("a.png", Purpose: FilePurpose.Avatar), progress, pause.Token),
            Throws.InstanceOf<OperationCanceledException>());
        UploadedFile file = await two.Files.ResumeAsync(progress.BlobId, new MemoryStream(png), null, ct);

        Assert.That(file.Bytes, Is.EqualTo(png.Length));
        await other.StopAsync(ct);
    }

    [Test, CancelAfter(60_000)]
    public async Task The_job_leaves_nothing_of_a_deleted_file_on_the_disk(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        await using ChatClient client = Client(Url, anna);
        ExpiredFilesJob job = Services.GetServices<IJob>().OfType<ExpiredFilesJob>().Single();
        await job.RunAsync(ct); // parts of other tests' uploads
        string[] before = FilesOnDisk();

        UploadedFile file = await client.Files.UploadAsync(
            new MemoryStream(SamplePictures.Png(3_000_000)), new FileUpload("a.png", Purpose: FilePurpose.Status), null, ct);
        Assert.That(file.ExpiresAt, Is.Not.Null, "a status is for a day");
        await using (NpgsqlCommand command = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "update blobs set expires_at = now() - interval '1 second' where id = $1"))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.ParseExact(file.BlobId, "N") });
            await command.ExecuteNonQueryAsync(ct);
        }

        await job.RunAsync(ct);

        Assert.That(FilesOnDisk(), Is.EquivalentTo(before));
        Assert.That(
            async () => await client.Files.LinkAsync(file.BlobId, ct),
            Throws.InstanceOf<ChatException>().With.Property(nameof(ChatException.Name)).EqualTo("blob_not_found"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_setting_of_the_section_holds(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        await using ChatClient client = Client(Url, anna);

        Assert.That(
            async () => await client.Files.UploadAsync(
                new MemoryStream(new byte[20_000_001]), new FileUpload("a.mp4", Purpose: FilePurpose.Status), null, ct),
            Throws.InstanceOf<ChatException>().With.Property(nameof(ChatException.Name)).EqualTo("blob_too_large"));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P4")]
    public async Task A_message_with_a_file_keeps_its_place_among_those_that_were_sent_without_waiting(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        await using ChatClient client = Client(Url, anna);
        UploadedFile file = await client.Files.UploadAsync(new MemoryStream(SamplePictures.Png(1000)), new FileUpload("a.png", chat.ChatId), null, ct);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);

        for (int i = 0; i < 20; i++)
            await a.SendAsync(i % 2 == 0 ? Showing(file, chat.ChatId, $"{i}") : new SendMessageRequest(chat.ChatId, Guid.NewGuid(), $"{i}"), ct);
        List<string?> texts = [];
        while (texts.Count < 20) texts.Add((await b.NextEventAsync(ct)).Text);

        Assert.That(texts, Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"{i}")));
        SendMessageRequest another = Showing(file with { BlobId = $"{Guid.NewGuid():N}" }, chat.ChatId, "x");
        Assert.That((await a.RefusedAsync(another, ct)).Code, Is.EqualTo(ErrorCode.BlobNotFound));
    }

    private static SendMessageRequest Showing(UploadedFile file, long chatId, string text) => new(
        chatId, Guid.NewGuid(), text, null,
        new WireContent(
            Chat.Protocol.Codes.ContentKind.Image, null, [],
            new WireMedia(file.BlobId, file.ContentType, file.Bytes, file.FileName, null, null, null, null, []), null, null));

    private string[] FilesOnDisk() =>
        Directory.Exists(Path.Combine(_folder, "media")) ? Directory.GetFiles(Path.Combine(_folder, "media"), "*", SearchOption.AllDirectories) : [];

    private static ChatClient Client(Uri url, SignedIn person) => new(new ChatClientOptions
    {
        Url = url,
        Token = (_, _) => ValueTask.FromResult(person.AccessToken),
    });

    /// <summary>Pauses an upload once it has come so far.</summary>
    private sealed class PauseAfter(long bytes, CancellationTokenSource pause) : IProgress<UploadProgress>
    {
        public string BlobId { get; private set; } = "";

        public void Report(UploadProgress value)
        {
            BlobId = value.BlobId;
            if (value.SentBytes >= bytes) pause.Cancel();
        }
    }
}
