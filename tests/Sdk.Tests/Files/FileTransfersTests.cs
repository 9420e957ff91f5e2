using Chat.TestKit;

namespace Chat.Sdk.Tests.Files;

/// <summary>R-170: uploads with progress, which pause, go on, and survive a bad line.</summary>
[Parallelizable]
public sealed class FileTransfersTests
{
    private const int Part = 65_536;

    private readonly byte[] _file = SamplePictures.Png((3 * Part) + 5);

    [Test, CancelAfter(30_000)]
    public async Task A_file_goes_up_in_parts_and_progress_is_told(CancellationToken ct)
    {
        FakeUploads server = new();
        await using ChatClient client = Client(server);
        Told told = new();

        UploadedFile file = await client.Files.UploadAsync(
            new MemoryStream(_file), new FileUpload("a.png", 7, FilePurpose.ChatAvatar) { PartBytes = Part }, told, ct);

        Assert.That(server.Received, Is.EqualTo(_file));
        Assert.That(told.Progress.Select(step => step.SentBytes), Is.EqualTo(new long[] { 0, Part, 2 * Part, 3 * Part, _file.Length }));
        Assert.That(told.Progress.Select(step => (step.BlobId, step.TotalBytes)), Is.All.EqualTo((FakeUploads.BlobId, (long)_file.Length)));
        Assert.That((file.BlobId, file.Purpose, file.ChatId), Is.EqualTo((FakeUploads.BlobId, FilePurpose.ChatAvatar, (long?)7)));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_part_that_was_refused_for_the_moment_is_sent_again(CancellationToken ct)
    {
        FakeUploads server = new() { OnPart = part => part == 1 ? FakeUploads.Busy() : null };
        await using ChatClient client = Client(server);

        await client.Files.UploadAsync(new OnceStream(_file), new FileUpload("a.png", 7) { Bytes = _file.Length, PartBytes = Part }, null, ct);

        Assert.That(server.Received, Is.EqualTo(_file), "of a stream that cannot be read twice, too");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_part_whose_answer_was_lost_is_not_sent_again(CancellationToken ct)
    {
        FakeUploads server = new() { LosesAnswer = part => part is 0 or 3 };
        await using ChatClient client = Client(server);

        await client.Files.UploadAsync(new OnceStream(_file), new FileUpload("a.png", 7) { Bytes = _file.Length, PartBytes = Part }, null, ct);

        Assert.That(server.Received, Is.EqualTo(_file));
        Assert.That(server.Parts, Is.EqualTo(4));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_paused_upload_goes_on_where_it_was(CancellationToken ct)
    {
        FakeUploads server = new();
        await using ChatClient client = Client(server);
        using CancellationTokenSource pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Told told = new(step =>
        {
            if (step.SentBytes == 2 * Part) pause.Cancel();
        });

        Assert.That(
            async () => await client.Files.UploadAsync(
                new MemoryStream(_file), new FileUpload("a.png", 7) { PartBytes = Part }, told, pause.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(server.Received, Has.Length.EqualTo(2 * Part));

        UploadedFile file = await client.Files.ResumeAsync(told.Progress[0].BlobId, new MemoryStream(_file), null, ct);

        Assert.That(server.Received, Is.EqualTo(_file));
        Assert.That(file.Bytes, Is.EqualTo(_file.Length));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_refused_for_good_is_not_tried_again(CancellationToken ct)
    {
        FakeUploads server = new() { OnPart = _ => FakeUploads.Refused(220, "blob_not_found") };
        await using ChatClient client = Client(server);

        ChatException refused = (await Assert.ThrowsAsync<ChatException>(async () => await client.Files.UploadAsync(
            new MemoryStream(_file), new FileUpload("a.png", 7), null, ct)))!;

        Assert.That(refused.Name, Is.EqualTo("blob_not_found"));
        Assert.That(server.Parts, Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_service_that_stays_away_ends_the_attempt_and_the_upload_can_go_on(CancellationToken ct)
    {
        FakeUploads server = new() { OnPart = _ => FakeUploads.Busy() };
        FakeTimeProvider time = new();
        await using ChatClient client = Client(server, time);

        Task<UploadedFile> upload = client.Files.UploadAsync(new MemoryStream(_file), new FileUpload("a.png", 7), null, ct);
        while (!upload.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, ct);
        }

        Assert.That(async () => await upload, Throws.InstanceOf<ChatException>().With.Property(nameof(ChatException.Name)).EqualTo("busy"));
        server.OnPart = _ => null;
        await client.Files.ResumeAsync(FakeUploads.BlobId, new MemoryStream(_file), null, ct);
        Assert.That(server.Received, Is.EqualTo(_file));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_link_is_absolute_and_a_file_is_read_through_it_without_a_token(CancellationToken ct)
    {
        FakeUploads server = new();
        await using ChatClient client = Client(server);
        await client.Files.UploadAsync(new MemoryStream(_file), new FileUpload("a.png", 7), null, ct);

        FileLink link = await client.Files.LinkAsync(FakeUploads.BlobId, ct);
        await using Stream read = await client.Files.OpenReadAsync(FakeUploads.BlobId, ct);
        using MemoryStream copy = new();
        await read.CopyToAsync(copy, ct);
        await client.Files.DeleteAsync(FakeUploads.BlobId, ct);

        Assert.That(link.Url.AbsoluteUri, Is.EqualTo($"http://chat.test/media/{FakeUploads.BlobId}?expires=1&signature=x"));
        Assert.That(copy.ToArray(), Is.EqualTo(_file));
        Assert.That(server.Asked[^1], Is.EqualTo($"DELETE /api/media/delete?blobId={FakeUploads.BlobId}"));
    }

    [Test, CancelAfter(30_000)]
    public async Task The_picture_of_a_chat_is_asked_for_with_the_invite_by_which_one_looks_at_it(CancellationToken ct)
    {
        FakeUploads server = new();
        await using ChatClient client = Client(server);
        await client.Files.UploadAsync(new MemoryStream(_file), new FileUpload("a.png", 7), null, ct);

        await client.Files.LinkAsync(FakeUploads.BlobId, "a_b-c", ct);

        Assert.That(server.Asked[^1], Is.EqualTo($"GET /api/media/{FakeUploads.BlobId}/link?invite=a_b-c"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_stream_of_unknown_length_needs_its_length_told()
    {
        await using ChatClient client = Client(new FakeUploads());

        Assert.That(async () => await client.Files.UploadAsync(new OnceStream(_file), new FileUpload("a.png", 7)), Throws.ArgumentException);
        Assert.That(async () => await client.Files.ResumeAsync(FakeUploads.BlobId, new OnceStream(_file)), Throws.ArgumentException);
    }

    private static ChatClient Client(FakeUploads server, TimeProvider? time = null) => new(new ChatClientOptions
    {
        Url = new Uri("http://chat.test"),
        Token = (_, _) => ValueTask.FromResult("token"),
        HttpClient = new HttpClient(server),
        TimeProvider = time ?? TimeProvider.System,
    });

    /// <summary>Keeps what was told, at once: <see cref="Progress{T}"/> would tell it later and elsewhere.</summary>
    private sealed class Told(Action<UploadProgress>? then = null) : IProgress<UploadProgress>
    {
        public List<UploadProgress> Progress { get; } = [];

        public void Report(UploadProgress value)
        {
            Progress.Add(value);
            then?.Invoke(value);
        }
    }

    private sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
