using System.Runtime.Versioning;
using System.Security.Cryptography;
using Chat.Domain.Media;
using Chat.Server.Media;

namespace Chat.Server.Tests.Media;

[SupportedOSPlatform("linux")]
[CancelAfter(60_000)]
public sealed class EncryptedBlobStoreTests : BlobStoreContract
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, BlobCipher.KeyBytes).Select(i => (byte)i)];

    private string _root = "";
    private EncryptedBlobStore _store = null!;

    private protected override IBlobStore Store => _store;

    [SetUp]
    public void SetUp()
    {
        _root = Directory.CreateTempSubdirectory("chat-blobs-").FullName;
        _store = new EncryptedBlobStore(new LocalBlobStore(_root), Key);
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task Nothing_of_a_blob_can_be_read_from_the_disk_and_two_of_the_same_differ(CancellationToken ct)
    {
        byte[] text = [.. Enumerable.Repeat("a secret "u8.ToArray(), 10_000).SelectMany(part => part)];
        await StoreAsync(text, ct);
        await StoreAsync(text, ct);

        byte[][] files = [.. Directory.GetFiles(_root, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes)];

        Assert.That(files, Has.Length.EqualTo(2));
        Assert.That(files[0].AsSpan().IndexOf("secret"u8), Is.Negative);
        Assert.That(files[0].AsSpan(100, 1000).SequenceEqual(files[1].AsSpan(100, 1000)), Is.False);
        Assert.That(files[0], Has.Length.EqualTo(BlobCipher.EncryptedLength(text.Length)));
    }

    [Test]
    public async Task A_blob_that_was_altered_anywhere_gives_nothing(CancellationToken ct)
    {
        BlobName name = await StoreAsync(new byte[100], ct);
        string path = PathOf(name);
        byte[] good = await File.ReadAllBytesAsync(path, ct);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 1;
            await File.WriteAllBytesAsync(path, bad, ct);
            Assert.That(async () => await ReadAsync(name, ct), Throws.InstanceOf<CryptographicException>().Or.InstanceOf<InvalidDataException>(), $"byte {i}");
        }
    }

    [TestCase(BlobCipher.SegmentBytes + BlobCipher.TagBytes)] // a whole segment
    [TestCase(1)]
    [TestCase(BlobCipher.TagBytes)]
    public async Task A_blob_that_was_cut_off_gives_an_error_and_not_a_shorter_blob(int bytes, CancellationToken ct)
    {
        BlobName name = await StoreAsync(new byte[3 * BlobCipher.SegmentBytes], ct);
        byte[] good = await File.ReadAllBytesAsync(PathOf(name), ct);

        await File.WriteAllBytesAsync(PathOf(name), good[..^bytes], ct);

        Assert.That(async () => await ReadAsync(name, ct), Throws.InstanceOf<CryptographicException>().Or.InstanceOf<InvalidDataException>());
    }

    [Test]
    public async Task Segments_cannot_change_places_and_a_blob_cannot_take_anothers(CancellationToken ct)
    {
        BlobName one = await StoreAsync(new byte[3 * BlobCipher.SegmentBytes], ct);
        BlobName other = await StoreAsync(new byte[3 * BlobCipher.SegmentBytes], ct);
        byte[] good = await File.ReadAllBytesAsync(PathOf(one), ct);
        const int Segment = BlobCipher.SegmentBytes + BlobCipher.TagBytes;
        byte[] turned =
        [
            .. good[..BlobCipher.HeaderBytes],
            .. good[(BlobCipher.HeaderBytes + Segment)..(BlobCipher.HeaderBytes + (2 * Segment))],
            .. good[BlobCipher.HeaderBytes..(BlobCipher.HeaderBytes + Segment)],
            .. good[(BlobCipher.HeaderBytes + (2 * Segment))..],
        ];

        await File.WriteAllBytesAsync(PathOf(one), turned, ct);
        await File.WriteAllBytesAsync(PathOf(other), good, ct);

        Assert.That(async () => await ReadAsync(one, ct), Throws.InstanceOf<CryptographicException>());
        Assert.That(async () => await ReadAsync(other, ct), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public async Task Another_key_opens_nothing_and_what_is_not_encrypted_is_named(CancellationToken ct)
    {
        BlobName name = await StoreAsync(new byte[100], ct);
        BlobName plain = BlobName.Create();
        LocalBlobStore local = new(_root);
        await local.StoreAsync(plain, new MemoryStream(new byte[100]), 100, ct);

        await using Stream? found = await new EncryptedBlobStore(local, new byte[32]).FindAsync(name, ct);

        Assert.That(async () => await found!.ReadExactlyAsync(new byte[1], ct), Throws.InstanceOf<CryptographicException>());
        Assert.That(
            async () => await _store.FindAsync(plain, ct), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("Blobs:EncryptionKey"));
    }

    [Test]
    public void Every_length_has_one_encrypted_length_and_back()
    {
        long before = 0;
        foreach (long plain in (long[])[0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 1L << 40])
        {
            long encrypted = BlobCipher.EncryptedLength(plain);
            Assert.That(BlobCipher.PlainLength(encrypted), Is.EqualTo(plain));
            Assert.That(encrypted, Is.GreaterThan(before));
            before = encrypted;
        }

        Assert.That(() => BlobCipher.PlainLength(BlobCipher.HeaderBytes), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => BlobCipher.PlainLength(0), Throws.InstanceOf<InvalidDataException>());
    }

    private async Task<BlobName> StoreAsync(byte[] content, CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        await _store.StoreAsync(name, new MemoryStream(content), content.Length, ct);
        return name;
    }

    private async Task ReadAsync(BlobName name, CancellationToken ct)
    {
        await using Stream? found = await _store.FindAsync(name, ct);
        await found!.CopyToAsync(Stream.Null, ct);
    }

    private string PathOf(BlobName name) => Path.Combine(_root, name.ToString()[..2], name.ToString());
}
