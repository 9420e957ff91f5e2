using System.CommandLine;

using Chat.Load.History;
using Chat.Load.Processes;

namespace Chat.Load.Search;

/// <summary>The command line of <see cref="SearchScenario"/>.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        Option<long> messages = new("--messages") { DefaultValueFactory = _ => 10_000_000, Description = "Messages in the database." };
        Option<long> chats = new("--chats") { DefaultValueFactory = _ => 100_000, Description = "Direct chats and groups." };
        Option<DirectoryInfo> database = new("--database")
        {
            Required = true,
            Description = "Data directory to seed and index, or to take as it was made before; it stays.",
        };
        Option<bool> check = new("--check") { Description = "Exit with 1 when a bound is not kept." };
        Command command = new("search", "Searches over a database of many messages: how fast, and how large is the index?") { messages, chats, database, check };
        command.SetAction(async (parsed, ct) =>
        {
            var size = new HistorySize(parsed.GetValue(messages), parsed.GetValue(chats));
            foreach (string fault in size.Validate()) await Console.Error.WriteLineAsync(fault);
            if (size.Validate().Any()) return 2;
            return await RunAsync(new SearchScenario(size, Repository.ServerProgram, Console.Error), parsed.GetValue(database)!, parsed.GetValue(check), ct);
        });
        return command;
    }

    private static Task<int> RunAsync(SearchScenario scenario, DirectoryInfo database, bool check, CancellationToken ct)
    {
        DatabaseRun.Prepare(database);
        return DatabaseRun.ReportAsync(scenario.RunAsync(database.FullName, ct), SearchScenario.Thresholds, check);
    }
}
