using Chat.Server.Cli.NodeGroup;

namespace Chat.Server.Tests.Cli.NodeGroup;

/// <summary>What of its log the Redis of a group prints: it is the terminal of a person who never chose one.</summary>
internal sealed class PrivateRedisTests
{
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
}
