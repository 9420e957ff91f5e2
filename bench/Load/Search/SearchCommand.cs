using System.CommandLine;

using Chat.Load.History;
using Chat.Load.Processes;
using Chat.Load.Report;
using Chat.Storage.Managed;

namespace Chat.Load.Search;

/// <summary>The command line of <see cref="SearchScenario"/>.</summary>
internal static class SearchCommand
{
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

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

    private static async Task<int> RunAsync(SearchScenario scenario, DirectoryInfo database, bool check, CancellationToken ct)
    {
        database.Create();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(database.FullName, Passable); // PostgreSQL runs as somebody else when we are root
        bool kept = true;
        try
        {
            await foreach (HistoryResult result in scenario.RunAsync(database.FullName, ct))
            {
                await Console.Out.WriteLineAsync(result.ToJson());
                foreach (Threshold missed in SearchScenario.Thresholds(result).Where(threshold => !threshold.IsKept))
                {
                    await Console.Error.WriteLineAsync($"MISSED: {missed}");
                    kept = false;
                }
            }

            return kept || !check ? 0 : 1;
        }
        catch (Exception refused) when (refused is InvalidOperationException or ManagedPostgresException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 2;
        }
    }
}
