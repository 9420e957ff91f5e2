using System.CommandLine;
using System.Text.Json;

using Chat.Load.Report;
using Chat.Load.Seed;

namespace Chat.Load.Scenarios;

/// <summary>The command line of <see cref="SmokeScenario"/>.</summary>
internal static class SmokeCommand
{
    public static Command Create()
    {
        Option<string?> instance = new("--instance") { Description = "Data directory of a running development server; says all that follows." };
        Option<Uri?> url = new("--url") { CustomParser = ParseUrl, Description = "The server, e.g. http://127.0.0.1:8080." };
        Option<string?> database = new("--database") { Description = "Connection string of the server's PostgreSQL, to make accounts in." };
        Option<string?> key = new("--signing-key-file") { Description = "File with the server's token key in base64." };
        Option<int?> process = new("--server-pid") { Description = "Measure this process." };
        Option<int> connections = new("--connections") { DefaultValueFactory = _ => 1_000, Description = "Sessions." };
        Option<int> groups = new("--groups") { DefaultValueFactory = _ => 100, Description = "Chats; connections ÷ groups are in each." };
        Option<double> seconds = new("--seconds") { DefaultValueFactory = _ => 5, Description = "Measured time." };
        Option<double> warmUp = new("--warm-up") { DefaultValueFactory = _ => 1, Description = "Seconds under load before." };
        Option<int> window = new("--window") { DefaultValueFactory = _ => 2, Description = "Messages of a group on their way at once." };
        Option<int> payload = new("--payload") { DefaultValueFactory = _ => 98, Description = "Bytes of text a message." };
        Option<bool> json = new("--json") { Description = "Only the line of JSON, no progress." };
        Command command = new("smoke", "Small groups in a closed loop: is everything delivered once, in order, and how fast?")
        {
            instance, url, database, key, process, connections, groups, seconds, warmUp, window, payload, json,
        };
        command.SetAction((parsed, ct) =>
        {
            LoadTarget? target = Target(
                parsed.GetValue(instance), parsed.GetValue(url), parsed.GetValue(database), parsed.GetValue(key), parsed.GetValue(process));
            var simulation = new LoadSimulation(
                parsed.GetValue(connections), parsed.GetValue(groups), parsed.GetValue(window), parsed.GetValue(payload),
                TimeSpan.FromSeconds(parsed.GetValue(warmUp)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), TimeSpan.FromSeconds(10));
            return RunAsync(target, simulation, parsed.GetValue(json) ? TextWriter.Null : Console.Error, ct);
        });
        return command;
    }

    private static LoadTarget? Target(string? instance, Uri? url, string? database, string? key, int? processId)
    {
        if (instance is not null) return LoadTarget.FromInstance(instance);

        return url is null || database is null || key is null ? null : new LoadTarget(url, database, LoadTarget.ReadKey(key), processId);
    }

    private static async Task<int> RunAsync(LoadTarget? target, LoadSimulation simulation, TextWriter progress, CancellationToken ct)
    {
        string[] faults = [.. simulation.Validate()];
        if (target is null) faults = [.. faults, "Say where: --instance DIR, or --url, --database and --signing-key-file."];
        if (target is null || faults.Length > 0)
        {
            foreach (string fault in faults) await Console.Error.WriteLineAsync(fault);
            return 2;
        }

        LoadResult result = await new SmokeScenario(target, simulation, progress).RunAsync(ct);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, LoadJson.Default.LoadResult));
        foreach (Threshold threshold in SmokeScenario.Thresholds(result))
            if (!threshold.IsKept) await Console.Error.WriteLineAsync($"FAILED: {threshold}");
        return result.Passed ? 0 : 1;
    }

    private static Uri? ParseUrl(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https") return url;
        result.AddError($"--url {result.Tokens[0].Value}: write it as http://host:port.");
        return null;
    }
}
