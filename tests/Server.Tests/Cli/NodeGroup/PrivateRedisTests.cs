using Chat.Server.Cli.NodeGroup;
using Chat.Server.Cluster;

namespace Chat.Server.Tests.Cli.NodeGroup;

/// <summary>Where the Redis of a group is, and what of its log is printed: it is the terminal of a person who never chose one.</summary>
internal sealed class PrivateRedisTests
{
    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("chat-group-").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("1:C 29 Nov 2026 16:08:37.777 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo")]
    [TestCase("1:C 29 Nov 2026 16:08:37.777 # Redis version=7.0.15, bits=64, commit=00000000, modified=0, pid=1, just started")]
    [TestCase("1:C 29 Nov 2026 16:08:37.777 # Reading config from stdin")]
    [TestCase("1:C 29 Nov 2026 16:08:37.777 # Configuration loaded")]
    [TestCase("1:M 29 Nov 2026 16:08:37.778 # Server initialized")]
    [TestCase("1:M 29 Nov 2026 16:08:37.778 # WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail")]
    [TestCase("1:signal-handler (1795968519) Received SIGTERM scheduling shutdown...")]
    [TestCase("1:M 29 Nov 2026 16:08:39.784 # User requested shutdown...")]
    [TestCase("1:M 29 Nov 2026 16:08:39.784 # Redis is now ready to exit, bye bye...")]
    public void What_every_start_and_stop_brings_is_kept_back(string line)
    {
        Assert.That(PrivateRedis.IsNotice(line), Is.True);
    }

    [TestCase("1:M 29 Nov 2026 16:08:37.778 # Warning: Could not create server TCP listening socket 127.0.0.1:6379: bind: Address already in use")]
    [TestCase("1:M 29 Nov 2026 16:08:37.778 # Failed listening on port 6379 (TCP), aborting.")]
    [TestCase("1:M 29 Nov 2026 16:08:37.778 # Out Of Memory allocating 1048576 bytes!")]
    [TestCase("*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***")]
    public void What_goes_wrong_is_printed(string line)
    {
        Assert.That(PrivateRedis.IsNotice(line), Is.False);
    }

    [TestCase("data", true)]
    [TestCase("a,b", false, Description = "a comma is between two servers")]
    [TestCase("a\"b", false, Description = "Redis reads a quote")]
    [TestCase("0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789", false, Description = "too long for a socket")]
    public void Its_socket_is_below_the_data_directory_where_that_does_for_one(string name, bool does)
    {
        string data = Path.Combine(_folder, name);

        string socket = PrivateRedis.MakeSocketPath(data);

        string parent = Path.GetDirectoryName(socket)!;
        Assert.That(parent == Path.Combine(data, "redis"), Is.EqualTo(does));
        Assert.That(parent, Does.Exist);
        Assert.That(new ClusterOptions { Redis = RedisAddress.SocketScheme + socket }.Validate(), Is.Empty);
        if (!does) Directory.Delete(parent);
    }
}
