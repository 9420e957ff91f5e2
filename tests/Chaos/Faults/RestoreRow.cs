using System.Globalization;

using Chat.Chaos.Cluster;

namespace Chat.Chaos.Faults;

/// <summary>
/// F-31: PostgreSQL is restored from a backup that is older than what clients have seen. What was acked after the backup is gone, which the
/// promises say; every client must be told, and no sequence may stand for two messages unnoticed. The checker's other invariants do not
/// apply, so the row judges by itself.
/// </summary>
internal sealed class RestoreRow : FaultRow
{
    // As docs/operations.md tells whoever restores a backup.
    private const string NewEpochs = "update chats set epoch = floor(random() * 9007199254740991)::bigint";

    public override string Id => "F-31";

    public override string Title => "PostgreSQL restored from an older backup";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartClusterAsync(new ClusterPlan { Nodes = run.Options.Nodes }, ct);
        PostgresServer postgres = run.Cluster.Postgres;
        string program = Path.Combine(postgres.ProgramDirectory, "pg_basebackup");
        if (!File.Exists(program)) throw new NotHereException($"there is no pg_basebackup in {postgres.ProgramDirectory}");

        await using RestoreTalk talk = await RestoreTalk.BeginAsync(run.Cluster, ct);
        await talk.SendAsync("before", run.Count(40, 10), ct);
        string backup = Path.Combine(run.Directory, "postgres", "backup");
        await postgres.RunProgramAsync(
            program,
            [
                "-D", backup, "-h", "127.0.0.1", "-p", postgres.Port.ToString(CultureInfo.InvariantCulture), "-U", "chat", "-X", "stream",
                "-c", "fast", "--no-sync"
            ],
            ct);
        await talk.SendAsync("lost", run.Count(40, 10), ct);

        // As an operator does it: nodes off, data replaced, new epochs, nodes on.
        foreach (ServerNode node in run.Cluster.Nodes) await node.KillAsync();
        await postgres.StopImmediatelyAsync(ct);
        await postgres.RunProgramAsync("sh", ["-c", "rm -rf \"$1\" && mv \"$2\" \"$1\"", "sh", postgres.DataDirectory, backup], ct);
        await postgres.StartAgainAsync(ct);
        await postgres.ExecuteAsync("chat", NewEpochs, ct);
        foreach (ServerNode node in run.Cluster.Nodes) await node.StartAgainAsync(ct);

        await talk.SendAsync("after", run.Count(40, 10), ct);
        IReadOnlyList<string> faults = await talk.JudgeAsync(ct);
        run.Figure("messages", talk.Sent, "");
        run.Figure("resets seen", talk.Resets, "");
        foreach (string fault in faults) run.Require(isKept: false, fault);
    }
}
