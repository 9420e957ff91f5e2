using Chat.Domain.Media;
using Chat.Server.Media;

namespace Chat.Server.Tests.Media;

[Parallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class LocalBlobStoreTests
{
    private string _root = "";
    private LocalBlobStore _store = null!;

    [SetUp]
    public void SetUp()
    {
        _root = Directory.CreateTempSubdirectory("chat-blobs-").FullName;
        _store = new LocalBlobStore(_root);
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_root, recursive: true);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65_536)]
    [TestCase(1_000_000)]
    [CancelAfter(60_000)]
    public async Task A_blob_is_read_back_byte_by_byte_and_from_any_offset(int bytes, CancellationToken ct)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        BlobName name = BlobName.Create();

        long? stored = await _store.StoreAsync(name, new MemoryStream(content), bytes, ct);

        await using Stream? found = await _store.FindAsync(name, ct);
        using MemoryStream read = new();
        found!.Position = bytes / 2;
        await found.CopyToAsync(read, ct);
        Assert.That(stored, Is.EqualTo(bytes));
        Assert.That(found.Length, Is.EqualTo(bytes));
        Assert.That(read.ToArray(), Is.EqualTo(content[(bytes / 2)..]));
    }

    [Test, CancelAfter(60_000)]
    public async Task Only_the_server_may_read_the_file(CancellationToken ct)
    {
        await _store.StoreAsync(BlobName.Create(), new MemoryStream([1]), 1, ct);

        string file = Directory.GetFiles(_root, "*", SearchOption.AllDirectories).Single();
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(
            File.GetUnixFileMode(Path.GetDirectoryName(file)!),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test, CancelAfter(60_000)]
    public async Task Of_a_blob_that_is_too_large_or_breaks_off_nothing_remains(CancellationToken ct)
    {
        BlobName large = BlobName.Create();
        BlobName broken = BlobName.Create();

        Assert.That(await _store.StoreAsync(large, new MemoryStream(new byte[100_001]), 100_000, ct), Is.Null);
        Assert.That(
            async () => await _store.StoreAsync(broken, new BreakingStream(), 100_000, ct), Throws.InstanceOf<EndOfStreamException>());

        Assert.That(Directory.GetFiles(_root, "*", SearchOption.AllDirectories), Is.Empty);
        Assert.That(await _store.FindAsync(large, ct), Is.Null);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_taken_name_is_refused_and_the_first_blob_stays(CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        await _store.StoreAsync(name, new MemoryStream([1]), 1, ct);

        Assert.That(async () => await _store.StoreAsync(name, new MemoryStream([2]), 1, ct), Throws.InstanceOf<IOException>());

        await using Stream? found = await _store.FindAsync(name, ct);
        Assert.That(found!.ReadByte(), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_link_planted_under_the_name_is_not_followed(CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        string folder = Path.Combine(_root, name.ToString()[..2]);
        string victim = Path.Combine(_root, "victim");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(victim, "untouched", ct);
        File.CreateSymbolicLink(Path.Combine(folder, name + ".part"), victim);

        Assert.That(async () => await _store.StoreAsync(name, new MemoryStream([2]), 1, ct), Throws.InstanceOf<IOException>());

        Assert.That(await File.ReadAllTextAsync(victim, ct), Is.EqualTo("untouched"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_deleted_blob_is_gone_and_deleting_it_again_does_nothing(CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        await _store.StoreAsync(name, new MemoryStream([1, 2]), 2, ct);
        await using Stream? open = await _store.FindAsync(name, ct);

        Assert.That(await _store.DeleteAsync(name, ct), Is.True);
        Assert.That(await _store.DeleteAsync(name, ct), Is.False);
        Assert.That(await _store.FindAsync(name, ct), Is.Null);
        Assert.That(open!.ReadByte(), Is.EqualTo(1), "who has it open reads on");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_a_killed_server_left_half_written_goes_with_its_name(CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        string folder = Path.Combine(_root, name.ToString()[..2]);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".part"), "half", ct);

        Assert.That(await _store.FindAsync(name, ct), Is.Null);
        await _store.DeleteAsync(name, ct);

        Assert.That(Directory.GetFiles(_root, "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void A_name_that_was_never_made_has_no_file() =>
        Assert.That(async () => await _store.FindAsync(default, CancellationToken.None), Throws.ArgumentException);

    /// <summary>Gives some bytes and then breaks, as a connection does.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        private bool _read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read) throw new EndOfStreamException("The peer went away.");

            _read = true;
            return ValueTask.FromResult(10);
        }
    }
}
