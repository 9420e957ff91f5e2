using Chat.Domain.Media;
using Chat.Storage.Media;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Media;

/// <summary>R-176: what is over is deleted, from the rows and from the store, and nothing else is.</summary>
[Category("postgres"), CancelAfter(30_000)]
internal sealed class ExpireBlobsTests
{
    private MemoryBlobStore _store = null!;
    private World _world = null!;
    private BlobTable _blobs = null!;
    private BlobGarbage _garbage = null!;
    private BlobEraser _eraser = null!;

    [SetUp]
    public async Task MakeWorldAsync()
    {
        _world = await World.CreateAsync();
        _store = new MemoryBlobStore();
        (_blobs, _garbage) = (new BlobTable(_world.Source), new BlobGarbage(_world.Source));
        _eraser = new BlobEraser(_garbage, _store, NullLogger<BlobEraser>.Instance);
    }

    [TearDown]
    public ValueTask DisposeWorldAsync() => _world.DisposeAsync();

    [Test]
    public async Task A_file_is_deleted_when_its_time_is_over_and_one_that_is_kept_is_not()
    {
        Caller anna = await _world.PersonAsync();
        BlobRow status = await UploadAsync(anna, BlobPurpose.Status);
        BlobRow avatar = await UploadAsync(anna, BlobPurpose.Avatar);
        Assert.That(_store.Names, Has.Count.EqualTo(2));
        Assert.That(status.ExpiresAtMs, Is.Not.Null);
        Assert.That(avatar.ExpiresAtMs, Is.Null);

        Assert.That(await RunAsync(), Does.StartWith("0 files and uploads over").And.EndWith("0 objects erased"));
        await ExecuteAsync("update blobs set expires_at = now() - interval '1 second' where state = 2 and expires_at is not null");

        Assert.That(await RunAsync(), Does.StartWith("1 files and uploads over").And.EndWith("1 objects erased"));
        Assert.That(_store.Names, Is.EqualTo(new[] { new BlobName(avatar.ObjectId!.Value) }));
        Assert.That(await _blobs.FindStoredAsync(status.Id, default), Is.Null);
        Assert.That(await _blobs.ReadUsageAsync(anna.PrincipalId, default), Is.EqualTo(avatar.Bytes));
    }

    [Test]
    public async Task An_upload_that_rests_too_long_goes_with_its_parts_and_its_row_a_day_later()
    {
        Caller anna = await _world.PersonAsync();
        MediaOptions options = new();
        UploadState upload = (await new BeginUpload(Reservation(options), _blobs)
            .ExecuteAsync(anna, new UploadInput(BlobPurpose.Status, null, "a.png", 200_000), default)).Value;
        AddPart add = new(new FindUpload(_blobs), new ChunkTable(_world.Source), _store, _eraser, _world.Limits, options);
        Assert.That((await add.ExecuteAsync(
            anna, upload.BlobId.ToString(), 0, new MemoryStream(SamplePictures.Png(100_000)), 100_000, default)).IsOk);
        Assert.That(_store.Names, Has.Count.EqualTo(1));

        await ExecuteAsync("update blobs set expires_at = now() - interval '1 second'");
        Assert.That(await RunAsync(), Does.StartWith("1 files and uploads over").And.EndWith("1 objects erased"));
        await ExecuteAsync("update blobs set deleted_at = now() - interval '25 hours'");
        Assert.That(await RunAsync(), Does.Contain("1 rows taken out"));

        Assert.That(_store.Names, Is.Empty);
        Assert.That(await _blobs.ReadUsageAsync(anna.PrincipalId, default), Is.Zero);
    }

    [Test]
    public async Task What_the_store_fails_to_delete_is_tried_again_and_holds_nothing_up()
    {
        Caller anna = await _world.PersonAsync();
        BlobRow status = await UploadAsync(anna, BlobPurpose.Status);
        await ExecuteAsync("update blobs set expires_at = now() - interval '1 second'");

        _store.Fault = new IOException("The disk is away.");
        Assert.That(await RunAsync(), Does.EndWith("0 objects erased"));
        _store.Fault = null;
        Assert.That(await RunAsync(), Does.EndWith("0 objects erased"), "not at once");
        await ExecuteAsync("update blob_garbage set due_at = now()");
        Assert.That(await RunAsync(), Does.EndWith("1 objects erased"));

        Assert.That(_store.Names, Is.Empty);
        Assert.That(await _blobs.FindStoredAsync(status.Id, default), Is.Null);
    }

    private async Task<BlobRow> UploadAsync(Caller caller, BlobPurpose purpose)
    {
        MediaOptions options = new();
        UploadBlob upload = new(
            Reservation(options), new BlobIntake(_blobs, _store, new NoScanner(), options, NullLogger<BlobIntake>.Instance), _blobs, _eraser);
        byte[] png = SamplePictures.Png(1000);
        return (await upload.ExecuteAsync(caller, new UploadInput(purpose, null, "a.png", png.Length), new MemoryStream(png), default)).Value;
    }

    private BlobReservation Reservation(MediaOptions options) => new(_blobs, new UploadRules(options), _world.Limits, options);

    private Task<string> RunAsync() => new ExpireBlobs(_garbage, _eraser).ExecuteAsync(default);

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _world.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
