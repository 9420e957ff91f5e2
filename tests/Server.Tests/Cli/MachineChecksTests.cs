using Chat.Server.Cli.Doctor;

namespace Chat.Server.Tests.Cli;

/// <summary>Beside a busy PostgreSQL, a kernel that shares processors out by session starves a node (docs/scaling.md).</summary>
public sealed class MachineChecksTests
{
    [TestCase("Host=/run/postgresql;Database=chat")]
    [TestCase("Host=localhost;Database=chat")]
    [TestCase("Host=127.0.0.1;Database=chat")]
    [TestCase("Host=::1;Database=chat")]
    [TestCase(null)]
    public void Sharing_out_by_session_is_warned_of_beside_a_database_on_this_machine(string? connectionString)
    {
        Finding finding = MachineChecks.Scheduler(isAutogrouping: true, connectionString);

        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Warning));
        Assert.That(finding.Remedy, Does.Contain("kernel.sched_autogroup_enabled = 0"));
    }

    [TestCase(true, "Host=db.internal;Database=chat")]
    [TestCase(true, "Host=10.0.0.7;Database=chat")]
    [TestCase(false, "Host=localhost;Database=chat")]
    public void It_does_not_matter_with_a_database_elsewhere_or_when_it_is_off(bool isAutogrouping, string connectionString)
    {
        Assert.That(MachineChecks.Scheduler(isAutogrouping, connectionString).Verdict, Is.EqualTo(Verdict.Good));
    }
}
