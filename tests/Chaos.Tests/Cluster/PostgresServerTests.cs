using Chat.Chaos.Cluster;
using Chat.Load.Processes;

namespace Chat.Chaos.Tests.Cluster;

[TestFixture]
[Category("postgres")]
internal sealed class PostgresServerTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = TemporaryDirectory.Create("chat-chaos-test-");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test, CancelAfter(90_000)]
    public async Task What_was_committed_outlives_an_immediate_stop_and_a_kill(CancellationToken ct)
    {
        await using PostgresServer server = await PostgresServer.StartAsync(_folder, new PostgresPlan(), ct);
        await server.ExecuteAsync("chat", "create table seen as select 7 as n", ct);

        await server.StopImmediatelyAsync(ct);
        bool answersStopped = await server.AnswersAsync(ct);
        await server.StartAgainAsync(ct);
        await server.KillAsync();
        await server.StartAgainAsync(ct);

        Assert.That(answersStopped, Is.False);
        Assert.That(await server.ExecuteAsync("chat", "select n from seen", ct), Is.EqualTo(7));
    }

    [Test, CancelAfter(90_000)]
    public async Task Nothing_is_left_running_when_it_is_disposed(CancellationToken ct)
    {
        IReadOnlyList<int> processes;
        await using (PostgresServer server = await PostgresServer.StartAsync(_folder, new PostgresPlan(), ct))
        {
            server.SignalAll(Signals.Stop); // even so
            processes = server.Processes();
        }

        Assert.That(processes, Has.Count.GreaterThan(1));
        Assert.That(processes.Where(id => Directory.Exists($"/proc/{id}")), Is.Empty);
    }
}
