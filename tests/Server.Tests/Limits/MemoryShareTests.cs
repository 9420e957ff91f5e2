using Chat.Server.Hosting;
using Chat.Server.Limits;

namespace Chat.Server.Tests.Limits;

/// <summary>Reads of control groups as the two versions have them.</summary>
[TestFixture]
internal sealed class MemoryShareTests
{
    private string _root = "";

    [SetUp]
    public void MakeFolder() => _root = Directory.CreateTempSubdirectory("chat-cgroup-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_root, recursive: true);

    [TestCase("0::/system.slice/chat.service\n", "system.slice/chat.service", "memory.max", "memory.current", "inactive_file 100\n", 0.7)]
    [TestCase("0::/\n", "", "memory.max", "memory.current", "anon 5\ninactive_file 300\n", 0.5)]
    [TestCase("12:cpu,cpuacct:/x\n4:memory:/docker/abc\n", "memory/docker/abc", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file 0\n", 0.8)]
    [TestCase("4:memory:/docker/abc\n", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file 200\n", 0.6)]
    public void The_group_s_use_without_the_file_cache_is_set_against_its_limit(
        string membership, string folder, string limitFile, string usedFile, string statistics, double expected)
    {
        Write("self", membership);
        Write($"{folder}/{limitFile}", "1000\n");
        Write($"{folder}/{usedFile}", "800\n");
        Write($"{folder}/memory.stat", statistics);

        Assert.That(Make().Read(), Is.EqualTo(expected).Within(1e-9));
    }

    [TestCase("max\n")]
    [TestCase("9223372036854771712\n")]
    public void A_group_without_a_limit_has_no_share(string limit)
    {
        Write("self", "0::/\n");
        Write("memory.max", limit);

        Assert.That(Make().Read(), Is.Zero);
    }

    [Test]
    public void Without_control_groups_there_is_no_share() => Assert.That(Make().Read(), Is.Zero);

    [Test]
    public void A_configured_limit_is_set_against_what_this_process_has()
    {
        MemoryShare share = new(new ServerOptions { MaxMemoryBytes = 1L << 50 }, _root, Path.Combine(_root, "self"));

        Assert.That(share.Read(), Is.GreaterThan(0).And.LessThan(0.01));
    }

    private MemoryShare Make() => new(new ServerOptions(), _root, Path.Combine(_root, "self"));

    private void Write(string path, string text)
    {
        string full = Path.Join(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
