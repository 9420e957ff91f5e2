using System.Globalization;
using Chat.Server.Limits;
using Chat.TestKit;

namespace Chat.Server.Tests.Limits;

/// <summary>How much of the processors is idle, from files as Linux writes them.</summary>
internal sealed class ProcessorIdleTests
{
    private readonly FakeTimeProvider _time = new();
    private string _file = "";
    private TimeSpan _used;
    private ProcessorIdle _idle = null!;

    [SetUp]
    public void MakeReader()
    {
        _file = Path.Combine(Path.GetTempPath(), $"stat-{Guid.NewGuid():N}");
        _used = TimeSpan.Zero;
        _idle = new ProcessorIdle(_file, () => _used, processors: 2, _time);
    }

    [TearDown]
    public void RemoveFile() => File.Delete(_file);

    [Test]
    public void What_is_idle_or_waits_for_input_is_idle()
    {
        Write("cpu  1000 10 500 7000 200 5 5 80 300 0");
        Assert.That(_idle.Read(), Is.Null, "one look tells nothing");
        Assert.That(Next("cpu  1100 10 530 7030 210 10 10 100 400 0"), Is.EqualTo(0.2), "40 of 200 ticks, those of guests counted once");
        Assert.That(Next("cpu  1100 10 530 7230 210 10 10 100 400 0"), Is.EqualTo(1));
    }

    [Test]
    public void It_is_looked_at_once_a_second()
    {
        Write("cpu  0 0 0 0 0 0 0 0 0 0");
        _idle.Read();
        Assert.That(Next("cpu  50 0 0 50 0 0 0 0 0 0"), Is.EqualTo(0.5));
        Write("cpu  50 0 0 150 0 0 0 0 0 0");
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(_idle.Read(), Is.EqualTo(0.5));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_idle.Read(), Is.EqualTo(1));
    }

    [Test]
    public void A_process_that_uses_up_its_quota_has_nothing_idle_on_an_idle_machine()
    {
        Write("cpu  0 0 0 0 0 0 0 0 0 0");
        _idle.Read();
        _used = TimeSpan.FromSeconds(1.75);
        Assert.That(Next("cpu  175 0 0 6225 0 0 0 0 0 0"), Is.EqualTo(0.125));
    }

    [TestCase("")]
    [TestCase("intr 1 2 3 4 5 6 7 8 9")]
    [TestCase("cpu  1 2 3 4")]
    [TestCase("cpu  1 2 3 four 5 6 7 8 9 10")]
    public void What_cannot_be_read_is_not_known(string line)
    {
        Write("cpu  0 0 0 0 0 0 0 0 0 0");
        _idle.Read();
        Assert.That(Next("cpu  50 0 0 50 0 0 0 0 0 0"), Is.EqualTo(0.5));
        Assert.That(Next(line), Is.Null);
    }

    [Test]
    public void Without_the_file_nothing_is_known()
    {
        Assert.That(_idle.Read(), Is.Null);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_idle.Read(), Is.Null);
    }

    [Test]
    [Platform("Linux")]
    public void This_machine_has_a_share_that_is_idle()
    {
        ProcessorIdle here = new(_time);
        here.Read();
        string before = File.ReadLines("/proc/stat").First();
        SpinWait.SpinUntil(() => File.ReadLines("/proc/stat").First() != before);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(here.Read(), Is.InRange(0, 1));
    }

    private double? Next(string line)
    {
        Write(line);
        _time.Advance(TimeSpan.FromSeconds(1));
        return _idle.Read();
    }

    private void Write(string line) =>
        File.WriteAllText(_file, string.Create(CultureInfo.InvariantCulture, $"{line}\ncpu0 1 2 3 4 5 6 7 8 9 10\nbtime 1\n"));
}
