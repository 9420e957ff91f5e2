using System.Net;
using Chat.Server.Cli.Doctor;

namespace Chat.Server.Tests.Cli;

/// <summary>Beside a busy PostgreSQL, a kernel that shares processors out by session starves a node (docs/scaling.md).</summary>
public sealed class SchedulerCheckTests
{
    private static readonly HostNames Machine = new(["chat1", "chat1.example.org"], [IPAddress.Parse("10.0.0.7"), IPAddress.Parse("fd00::7")]);

    private string _folder = "";

    private string Processes => Path.Combine(_folder, "proc");

    private string Groups => Path.Combine(_folder, "cgroup");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("doctor").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("Host=/run/postgresql;Database=chat")]
    [TestCase("Host=@pg;Database=chat")]
    [TestCase("Host=localhost;Database=chat")]
    [TestCase("Host=LocalHost:5433;Database=chat")]
    [TestCase("Host=127.0.0.1;Database=chat")]
    [TestCase("Host=127.0.1.1:5433;Database=chat")]
    [TestCase("Host=::1;Database=chat")]
    [TestCase("Host=[::1]:5433;Database=chat")]
    [TestCase("Host=::ffff:127.0.0.1;Database=chat")]
    [TestCase("Host=0.0.0.0;Database=chat")]
    [TestCase("Host=10.0.0.7;Database=chat")]
    [TestCase("Host=::ffff:10.0.0.7;Database=chat")]
    [TestCase("Host=fd00::7;Database=chat")]
    [TestCase("Host=Chat1;Database=chat")]
    [TestCase("Host=chat1.example.org.:5432;Database=chat")]
    [TestCase("Host=db.internal,10.0.0.7:5433;Database=chat")]
    [TestCase("Host=db1:5432, chat1;Database=chat")]
    [TestCase("Database=chat")]
    [TestCase(null)]
    public void A_database_on_this_machine_is_known_as_such(string? connectionString) => Assert.That(Machine.Include(connectionString));

    [TestCase("Host=db.internal;Database=chat")]
    [TestCase("Host=10.0.0.8;Database=chat")]
    [TestCase("Host=fd00::8;Database=chat")]
    [TestCase("Host=chat1.other.org;Database=chat")]
    [TestCase("Host=db1,db2:5433;Database=chat")]
    public void A_database_elsewhere_is_known_as_such(string connectionString) => Assert.That(Machine.Include(connectionString), Is.False);

    [Test]
    public void This_machine_knows_its_own_name() => Assert.That(HostNames.OfThisMachine().Include($"Host={Dns.GetHostName()};Database=chat"));

    [Test]
    public void Sharing_out_by_session_is_warned_of_beside_a_database_on_this_machine_that_is_in_no_group()
    {
        Finding finding = SchedulerCheck.Judge(isAutogrouping: true, isHere: true, isGrouped: false);

        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Warning));
        Assert.That(finding.Remedy, Does.Contain("kernel.sched_autogroup_enabled = 0"));
    }

    [TestCase(false, true, false)]
    [TestCase(true, false, false)]
    [TestCase(true, true, true)]
    public void It_does_not_matter_when_it_is_off_with_a_database_elsewhere_or_in_a_group(bool isAutogrouping, bool isHere, bool isGrouped) =>
        Assert.That(SchedulerCheck.Judge(isAutogrouping, isHere, isGrouped).Verdict, Is.EqualTo(Verdict.Good));

    [TestCase("12:cpu,cpuacct:/\n0::/\n", false, "version 1, in the first group")]
    [TestCase("12:cpu,cpuacct:/system.slice/pg.service\n1:name=systemd:/\n", true, "version 1, in one of its own")]
    [TestCase("5:cpuset:/pg\n0::/\n", false, "another controller of version 1")]
    [TestCase("0::/\n", false, "version 2, in the first group")]
    [TestCase("0::/weighed.slice/pg.service\n", true, "version 2, in one that has weights")]
    [TestCase("0::/plain.slice/pg.service\n", false, "version 2, in one that has none")]
    [TestCase("0::/gone.slice\n", false, "not to be seen")]
    [TestCase("0::/../weighed.slice\n", false, "outside of the namespace")]
    [TestCase("", false, "nothing")]
    public void A_group_counts_where_the_processors_controller_knows_it(string membership, bool isWeighed, string why)
    {
        Write("cgroup/cgroup.controllers", "cpuset cpu io\n");
        Write("cgroup/weighed.slice/cgroup.controllers", "io cpu\n");
        Write("cgroup/plain.slice/cgroup.controllers", "cpuset memory\n");

        Assert.That(new ControlGroups(Processes, Groups).AreWeighed(membership), Is.EqualTo(isWeighed), why);
    }

    [TestCase("cpu memory\n", true)]
    [TestCase("memory\n", false)]
    public void In_a_container_the_first_group_that_is_seen_may_be_one_of_its_own(string controllers, bool isWeighed)
    {
        Write("cgroup/cgroup.type", "domain\n");
        Write("cgroup/cgroup.controllers", controllers);

        Assert.That(new ControlGroups(Processes, Groups).AreWeighed("0::/\n"), Is.EqualTo(isWeighed));
    }

    [Test]
    public void It_is_the_groups_of_PostgreSQL_that_count_and_this_process_where_that_is_not_seen_or_its_child()
    {
        const string Free = "1:cpu:/\n", Weighed = "1:cpu:/service\n";
        ControlGroups groups = new(Processes, Groups);
        Assert.That(SchedulerCheck.IsGrouped(groups, isChild: false), Is.False, "nothing is seen at all");

        Write("proc/self/cgroup", Weighed);
        Write("proc/7/comm", "bash\n");
        Write("proc/7/cgroup", Free);
        Assert.That(SchedulerCheck.IsGrouped(groups, isChild: false), Is.True, "none is seen");

        Write("proc/8/comm", "postgres\n");
        Write("proc/8/cgroup", Free);
        Assert.That(SchedulerCheck.IsGrouped(groups, isChild: false), Is.False);
        Assert.That(SchedulerCheck.IsGrouped(groups, isChild: true), Is.True, "another one's");

        Write("proc/8/cgroup", Weighed);
        Write("proc/self/cgroup", Free);
        Assert.That(SchedulerCheck.IsGrouped(groups, isChild: false), Is.True);
        Assert.That(SchedulerCheck.IsGrouped(groups, isChild: true), Is.False);
    }

    [Test]
    public void What_may_not_be_read_is_no_fault()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));

        Assert.That(ControlGroups.TryRead(Path.Combine(_folder, "folder")), Is.Null, "no file");
        Assert.That(ControlGroups.TryRead(Path.Combine(_folder, "missing", "file")), Is.Null);
    }

    private void Write(string path, string text)
    {
        string full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
