using System.CommandLine;

using Chat.Load.Processes;

namespace Chat.Load.History;

/// <summary>The command line of <see cref="HistoryScenario"/>.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        Option<long> messages = new("--messages") { DefaultValueFactory = _ => 10_000_000, Description = "Messages in the database." };
        Option<long> chats = new("--chats") { DefaultValueFactory = _ => 100_000, Description = "Direct chats and groups." };
        Option<DirectoryInfo?> keep = new("--keep") { Description = "Data directory to seed, or to take as it was seeded before; it stays. Default: a temporary one." };
        Option<int> seed = new("--seed") { DefaultValueFactory = _ => 1, Description = "Decides which chats and places are asked for." };
        Option<bool> check = new("--check") { Description = "Exit with 1 when a bound is not kept." };
        Option<bool> json = new("--json") { Description = "Only the lines of JSON, no progress." };
        Command command = new("history", "History pages, the chat list and resume over a database of many messages: how fast?")
        {
            messages, chats, keep, seed, check, json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var size = new HistorySize(parsed.GetValue(messages), parsed.GetValue(chats));
            foreach (string fault in size.Validate()) await Console.Error.WriteLineAsync(fault);
            if (size.Validate().Any()) return 2;

            TextWriter progress = parsed.GetValue(json) ? TextWriter.Null : Console.Error;
            var scenario = new HistoryScenario(size, Repository.ServerProgram, parsed.GetValue(seed), progress);
            return await RunAsync(scenario, parsed.GetValue(keep), parsed.GetValue(check), ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(HistoryScenario scenario, DirectoryInfo? keep, bool check, CancellationToken ct)
    {
        DirectoryInfo directory = keep ?? Directory.CreateTempSubdirectory("chat-history-");
        DatabaseRun.Prepare(directory);
        try
        {
            return await DatabaseRun.ReportAsync(scenario.RunAsync(directory.FullName, ct), HistoryScenario.Thresholds, check);
        }
        finally
        {
            if (keep is null) directory.Delete(recursive: true);
        }
    }
}
