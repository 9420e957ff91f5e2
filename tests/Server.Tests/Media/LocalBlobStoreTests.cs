using System.Runtime.Versioning;
using Chat.Domain.Media;
using Chat.Server.Media;

namespace Chat.Server.Tests.Media;

[SupportedOSPlatform("linux")]
[CancelAfter(60_000)]
public sealed class LocalBlobStoreTests : BlobStoreContract
{
    private string _root = "";
    private LocalBlobStore _store = null!;

    private protected override IBlobStore Store => _store;

    [SetUp]
    public void SetUp()
    {
        _root = Directory.CreateTempSubdirectory("chat-blobs-").FullName;
        _store = new LocalBlobStore(_root);
    }

    [TearDown]
    public void TearDown()
    {
        string[] parts = Directory.GetFiles(_root, "*.part", SearchOption.AllDirectories);
        Directory.Delete(_root, recursive: true);
        Assert.That(parts, Is.Empty, "nothing half written is left");
    }

    [Test]
    public async Task Only_the_server_may_read_the_file(CancellationToken ct)
    {
        await _store.StoreAsync(BlobName.Create(), new MemoryStream([1]), 1, ct);

        string file = Directory.GetFiles(_root, "*", SearchOption.AllDirectories).Single();
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(
            File.GetUnixFileMode(Path.GetDirectoryName(file)!),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public async Task A_taken_name_is_refused_and_the_first_blob_stays(CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        await _store.StoreAsync(name, new MemoryStream([1]), 1, ct);

        Assert.That(async () => await _store.StoreAsync(name, new MemoryStream([2]), 1, ct), Throws.InstanceOf<IOException>());

        await using Stream? found = await _store.FindAsync(name, ct);
        Assert.That(found!.ReadByte(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_link_planted_under_the_name_is_not_followed(CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        string folder = Path.Combine(_root, name.ToString()[..2]);
        string victim = Path.Combine(_root, "victim");
        string link = Path.Combine(folder, name + ".part");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(victim, "untouched", ct);
        File.CreateSymbolicLink(link, victim);

        Assert.That(async () => await _store.StoreAsync(name, new MemoryStream([2]), 1, ct), Throws.InstanceOf<IOException>());

        Assert.That(await File.ReadAllTextAsync(victim, ct), Is.EqualTo("untouched"));
        File.Delete(link);
    }

    [Test]
    public async Task Who_has_a_blob_open_reads_on_when_it_is_deleted(CancellationToken ct)
    {
        BlobName name = BlobName.Create();
        await _store.StoreAsync(name, new MemoryStream([1, 2]), 2, ct);
        await using Stream? open = await _store.FindAsync(name, ct);

        await _store.DeleteAsync(name, ct);

        Assert.That(open!.ReadByte(), Is.EqualTo(1));
    }

    [Test]
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
}
