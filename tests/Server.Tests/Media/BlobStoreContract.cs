using Chat.Domain.Media;

namespace Chat.Server.Tests.Media;

/// <summary>What every blob store must do, whatever it keeps blobs in.</summary>
[CancelAfter(60_000)]
public abstract class BlobStoreContract
{
    private protected abstract IBlobStore Store { get; }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(65_537)]
    [TestCase(131_072)]
    [TestCase(1_000_000)]
    [TestCase(12_000_000)]
    public async Task A_blob_is_read_back_byte_by_byte_and_from_any_offset(int bytes, CancellationToken ct)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        BlobName name = BlobName.Create();

        long? stored = await Store.StoreAsync(name, new MemoryStream(content), bytes, ct);

        await using Stream? found = await Store.FindAsync(name, ct);
        Assert.That((stored, found!.Length), Is.EqualTo(((long?)bytes, (long)bytes)));
        foreach (int offset in (int[])[0, bytes / 2, Math.Max(0, bytes - 1), bytes, bytes / 3])
        {
            using MemoryStream read = new();
            found.Position = offset;
            await found.CopyToAsync(read, ct);
            Assert.That(read.ToArray().AsSpan().SequenceEqual(content.AsSpan(offset)), Is.True, $"from {offset}");
        }
    }

    [Test]
    public async Task A_blob_of_just_the_size_is_taken_and_one_byte_more_leaves_nothing(CancellationToken ct)
    {
        BlobName fits = BlobName.Create();
        BlobName large = BlobName.Create();

        Assert.That(await Store.StoreAsync(fits, new MemoryStream(new byte[100_000]), 100_000, ct), Is.EqualTo(100_000));
        Assert.That(await Store.StoreAsync(large, new MemoryStream(new byte[100_001]), 100_000, ct), Is.Null);

        Assert.That(await Store.FindAsync(large, ct), Is.Null);
    }

    [TestCase(10)]
    [TestCase(9_000_000)]
    public async Task Of_a_blob_that_breaks_off_nothing_remains(int after, CancellationToken ct)
    {
        BlobName name = BlobName.Create();

        Assert.That(
            async () => await Store.StoreAsync(name, new BreakingStream(after), 20_000_000, ct), Throws.InstanceOf<EndOfStreamException>());

        Assert.That(await Store.FindAsync(name, ct), Is.Null);
    }

    [Test]
    public async Task A_deleted_blob_is_gone_and_deleting_it_again_does_nothing(CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        await Store.StoreAsync(name, new MemoryStream([1, 2]), 2, ct);

        await Store.DeleteAsync(name, ct);
        await Store.DeleteAsync(name, ct);
        await Store.DeleteAsync(BlobName.Create(), ct);

        Assert.That(await Store.FindAsync(name, ct), Is.Null);
    }

    [Test]
    public async Task Many_are_stored_at_once(CancellationToken ct)
    {
        BlobName[] names = [.. Enumerable.Range(0, 20).Select(_ => BlobName.Create())];

        await Task.WhenAll(names.Select((name, i) => Store.StoreAsync(name, new MemoryStream([(byte)i]), 1, ct)));

        for (int i = 0; i < names.Length; i++)
        {
            await using Stream? found = await Store.FindAsync(names[i], ct);
            byte[] read = new byte[2];
            Assert.That((await found!.ReadAsync(read, ct), read[0]), Is.EqualTo((1, (byte)i)));
        }
    }

    /// <summary>Gives some bytes and then breaks, as a connection does.</summary>
    private sealed class BreakingStream(int after) : ReadOnlyStream
    {
        private int _left = after;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0) throw new EndOfStreamException("The peer went away.");

            int given = Math.Min(_left, buffer.Length);
            _left -= given;
            return ValueTask.FromResult(given);
        }
    }
}
