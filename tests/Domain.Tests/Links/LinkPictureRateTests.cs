using Chat.Domain.Limits;
using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Media;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Links;

/// <summary>protocol-spec.md §8.16: to ask for previews has a rate of its own.</summary>
public sealed class LinkPictureRateTests : WorldFixture
{
    [Test, CancelAfter(30_000)]
    public async Task Pictures_of_pages_take_nothing_from_the_rate_of_uploads(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.DirectChatAsync(anna, await World.PersonAsync("Bert"));
        LimitSettings one = new() { UploadsPerMinute = 0.001, UploadsBurst = 1 };
        UploadBlob upload = Upload(new RequestLimits(new LiveSettings(one), World.Load, World.Fanout, World.Time));
        LinkPictures pictures = new(upload);
        byte[] png = SamplePictures.Png(1_000);

        for (int i = 0; i < 3; i++)
        {
            WireMedia? kept = await pictures.KeepAsync(anna, chatId, new LinkImage(png, "png", 1, 1), ct);
            Assert.That(kept, Is.Not.Null);
        }

        Assert.That((await upload.ExecuteAsync(anna, File(), new MemoryStream(png), ct)).IsOk, "her own file, the first of its rate");
        Assert.That((await upload.ExecuteAsync(anna, File(), new MemoryStream(png), ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));

        UploadInput File() => new(BlobPurpose.Media, chatId, "a.png", png.Length);
    }

    private UploadBlob Upload(RequestLimits limits)
    {
        MediaOptions options = new();
        BlobTable blobs = new(World.Source);
        MemoryBlobStore store = new();
        BlobIntake intake = new(blobs, store, new NoScanner(), options, NullLogger<BlobIntake>.Instance);
        BlobEraser eraser = new(new BlobGarbage(World.Source), store, NullLogger<BlobEraser>.Instance);
        return new UploadBlob(new BlobReservation(blobs, new UploadRules(options), limits, options), intake, blobs, eraser);
    }
}
