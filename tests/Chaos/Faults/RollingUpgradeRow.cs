using System.Globalization;

using Chat.Chaos.Cluster;
using Chat.Load.Processes;

namespace Chat.Chaos.Faults;

/// <summary>F-32: nodes of two versions side by side, replaced one after another.</summary>
internal sealed class RollingUpgradeRow : FaultRow
{
    public override string Id => "F-32";

    public override string Title => "rolling upgrade: old and new program side by side";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        (string Program, string Commit) old;
        try
        {
            old = await OldServer.BuildAsync(ct);
        }
        catch (NotSupportedException why)
        {
            throw new NotHereException(why.Message);
        }

        run.Note($"the old program is {old.Commit} as version 0.0.1; the protocol has had one version so far");
        await run.StartAsync(
            new ClusterPlan { Node = (_, plan) => plan with { Program = old.Program, ServesMetrics = false, Settings = SettingsOf(old.Program) } }, ct);
        await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
        TimeSpan longest = TimeSpan.Zero;
        foreach (ServerNode node in run.Cluster.Nodes)
        {
            await run.FaultAsync($"{node.Plan.Name} is replaced", async () =>
            {
                (TimeSpan took, int exitCode) = await node.TerminateAsync(ct);
                run.Require(exitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{node.Plan.Name} ended with {exitCode}"));
                if (took > longest) longest = took;
                node.Plan = node.Plan with { Program = Repository.ServerProgram, ServesMetrics = true, Settings = NodeSettings.ForChaos };
                await node.StartAgainAsync(ct);
                await run.GoOnAsync(TimeSpan.FromSeconds(2), ct); // those who were sent away come back
            });
            await run.GoOnAsync(TimeSpan.FromSeconds(3), ct); // side by side, with nothing broken
        }

        run.Figure("slowest drain", longest.TotalSeconds, "s");
        await run.JudgeAsync(ct);
    }

    /// <summary>
    /// Of what nodes under test have, what the old program knows by its own source, which stands beside it: a setting that a program does not know
    /// keeps it from starting.
    /// </summary>
    private static Dictionary<string, string> SettingsOf(string program)
    {
        string source = Path.Combine(Path.GetDirectoryName(program)!, "..", "..", "..", "..");
        string declared = File.ReadAllText(Path.Combine(source, "Domain/Limits/LimitSettings.cs"))
            + File.ReadAllText(Path.Combine(source, "Domain/Accounts/SignInThrottleOptions.cs"));
        Dictionary<string, string> settings = NodeSettings.ForChaos.Where(setting => IsKnown(setting.Key)).ToDictionary();
        if (!settings.ContainsKey("Limits:SendsPerMinute")) settings["Limits:SendsPerSecond"] = "0"; // its name of before
        return settings;

        bool IsKnown(string name) =>
            name.StartsWith("Log:", StringComparison.Ordinal) || declared.Contains($" {name[(name.IndexOf(':') + 1)..]} {{ get;", StringComparison.Ordinal);
    }
}
