using System.CommandLine;
using System.Text.Json;

namespace Chat.Load.Writer;

/// <summary>The command line of <see cref="WriterScenario"/>. It needs no server: it starts a managed PostgreSQL and drives the writer in process.</summary>
internal static class WriterCommand
{
    public static Command Create()
    {
        Option<int> chats = new("--chats") { DefaultValueFactory = _ => 10_000, Description = "Chats, each message goes to a random one." };
        Option<int[]> batches = new("--batch")
        {
            DefaultValueFactory = _ => [10, 100, 500],
            AllowMultipleArgumentsPerToken = true,
            Description = "Events in one transaction.",
        };
        Option<int> history = new("--history") { DefaultValueFactory = _ => 20, Description = "Events in each chat at the start." };
        Option<int> rounds = new("--rounds") { DefaultValueFactory = _ => 3, Description = "Turns of the ways compared." };
        Option<double> seconds = new("--seconds") { DefaultValueFactory = _ => 1, Description = "Length of a turn." };
        Option<bool> json = new("--json") { Description = "Only the lines of JSON, no progress." };
        Command command = new("writer", "The chat log's batch writer alone, beside a bare insert over one connection.")
        {
            chats, batches, history, rounds, seconds, json,
        };
        command.SetAction((parsed, ct) => RunAsync(
            parsed.GetValue(chats), parsed.GetValue(batches)!, parsed.GetValue(history), parsed.GetValue(rounds),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(json) ? TextWriter.Null : Console.Error, ct));
        return command;
    }

    private static async Task<int> RunAsync(
        int chats, int[] batches, int history, int rounds, TimeSpan slice, TextWriter progress, CancellationToken ct)
    {
        if (chats < 1 || history < 0 || rounds < 1 || slice <= TimeSpan.Zero || batches.Any(batch => batch is < 1 or > 2_000))
        {
            await Console.Error.WriteLineAsync(
                "--chats, --rounds and --seconds are above zero, --history is not negative, --batch is from 1 to 2000.");
            return 2;
        }

        await using WriterDatabase database = await WriterDatabase.CreateAsync(chats, history, ct);
        foreach (int batch in batches)
        {
            WriterResult result = await new WriterScenario(database, batch, rounds, slice, progress).RunAsync(ct);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, WriterJson.Default.WriterResult));
        }
        return 0;
    }
}
