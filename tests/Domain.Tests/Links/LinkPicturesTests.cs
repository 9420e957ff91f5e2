using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Media;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Links;

/// <summary>A card comes without its picture rather than not at all.</summary>
public sealed class LinkPicturesTests : WorldFixture
{
    private readonly MemoryBlobStore _store = new();
    private readonly Scanner _scanner = new();

    [SetUp]
    public void Mend() => (_store.Fault, _scanner.Fault) = (null, null);

    [Test, CancelAfter(30_000)]
    public async Task A_picture_becomes_a_file_of_who_asked(CancellationToken ct)
    {
        (Caller anna, long chat) = await AnnaAsync();

        WireMedia? kept = await KeepAsync(anna, chat, ct);

        Assert.That((kept?.ContentType, kept?.Bytes, kept?.Width), Is.EqualTo(("image/png", 1_000L, 300)));
    }

    [Test, CancelAfter(30_000)]
    public async Task There_is_none_while_files_cannot_be_stored_or_looked_through(CancellationToken ct)
    {
        (Caller anna, long chat) = await AnnaAsync();

        _scanner.Fault = new IOException("The scanner is away.");
        Assert.That(await KeepAsync(anna, chat, ct), Is.Null);
        _scanner.Fault = null;
        _store.Fault = new IOException("The disk is away.");
        Assert.That(await KeepAsync(anna, chat, ct), Is.Null);
        _store.Fault = new TimeoutException();
        Assert.That(await KeepAsync(anna, chat, ct), Is.Null);
        _store.Fault = null;
        Assert.That(await new BlobTable(World.Source).ReadUsageAsync(anna.PrincipalId, ct), Is.Zero, "nothing takes room");
        Assert.That(await KeepAsync(anna, chat, ct), Is.Not.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_fault_of_the_program_and_who_gives_up_are_no_outage(CancellationToken ct)
    {
        (Caller anna, long chat) = await AnnaAsync();
        using CancellationTokenSource givenUp = CancellationTokenSource.CreateLinkedTokenSource(ct);

        _store.Fault = new NotSupportedException();
        Assert.That(async () => await KeepAsync(anna, chat, ct), Throws.InstanceOf<NotSupportedException>());
        await givenUp.CancelAsync();
        Assert.That(async () => await KeepAsync(anna, chat, givenUp.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private async Task<(Caller Anna, long Chat)> AnnaAsync()
    {
        Caller anna = await World.PersonAsync("Anna");
        return (anna, await World.DirectChatAsync(anna, await World.PersonAsync("Bert")));
    }

    private Task<WireMedia?> KeepAsync(Caller caller, long chatId, CancellationToken ct)
    {
        MediaOptions options = new();
        BlobTable blobs = new(World.Source);
        UploadBlob upload = new(
            new BlobReservation(blobs, new UploadRules(options), World.Limits, options),
            new BlobIntake(blobs, _store, _scanner, options, NullLogger<BlobIntake>.Instance),
            blobs,
            new BlobEraser(new BlobGarbage(World.Source), _store, NullLogger<BlobEraser>.Instance));
        return new LinkPictures(upload).KeepAsync(caller, chatId, new LinkImage(SamplePictures.Png(1_000), "png", 300, 200), ct);
    }

    private sealed class Scanner : IBlobScanner
    {
        public Exception? Fault { get; set; }

        public Task<string?> FindVirusAsync(Stream content, CancellationToken ct) =>
            Fault is { } fault ? Task.FromException<string?>(fault) : Task.FromResult<string?>(null);
    }
}
