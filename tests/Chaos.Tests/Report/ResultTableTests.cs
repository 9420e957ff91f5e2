using Chat.Chaos.Faults;
using Chat.Chaos.Report;

namespace Chat.Chaos.Tests.Report;

[TestFixture]
internal sealed class ResultTableTests
{
    [Test]
    public void The_table_says_what_passed_what_failed_and_what_cannot_be_done()
    {
        RowResult passed = new() { Id = "F-01", Title = "one", Status = RowStatus.Pass, Figures = [new RowFigure("kills", "50")] };
        RowResult failed = new() { Id = "F-02", Title = "two", Status = RowStatus.Fail, Faults = ["lost"], Directory = "/tmp/x", Seed = 9 };
        RowResult absent = new() { Id = "F-03", Title = "three", Status = RowStatus.NotHere, Faults = ["needs root"] };

        string table = ResultTable.Compose([passed, failed, absent]);

        Assert.That(
            table, Does.Contain("kills 50").And.Contain("lost").And.Contain("seed 9; history and logs: /tmp/x").And.Contain("needs root"));
        Assert.That(table, Does.EndWith("1 passed, 1 failed, 1 not here"));
    }

    [Test]
    public void Every_row_of_the_matrix_is_there_once()
    {
        string[] wanted = [.. Enumerable.Range(1, 32).Select(n => $"F-{n:00}")];

        Assert.That(FaultMatrix.All.Select(row => row.Id), Is.EquivalentTo(wanted));
    }
}
