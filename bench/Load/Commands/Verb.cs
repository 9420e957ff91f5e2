using System.CommandLine;

using Npgsql;

namespace Chat.Load.Commands;

/// <summary>Runs the verb that the arguments name.</summary>
internal static class Verb
{
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromMinutes(1); // servers that were started end in order

    // The parser names types; a person wants to know what to write.
    private static string Explain(string message) => message
        .Replace(" as expected type 'System.Int32'.", ": give a whole number.", StringComparison.Ordinal)
        .Replace(" as expected type 'System.Double'.", ": give a number.", StringComparison.Ordinal);

    /// <summary>A fault of the surroundings (no server, no database, no socket) is said in one line; anything else is a fault of ours.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return await Outcome.RefuseAsync([.. parsed.Errors.Select(error => Explain(error.Message)), $"See: ./chat bench {parsed.CommandResult.Command.Name} --help"]);

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = CleanUpTime });
        }
        catch (Exception fault) when (fault is IOException or NpgsqlException or System.Net.Sockets.SocketException)
        {
            return await Outcome.RefuseAsync([fault.Message]);
        }
        catch (OperationCanceledException)
        {
            return await Outcome.RefuseAsync(["stopped"]);
        }
    }
}
