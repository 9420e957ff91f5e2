using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

using Npgsql;

namespace Chat.Load.Commands;

/// <summary>Runs the verb that the arguments name.</summary>
internal static class Verb
{
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromMinutes(1); // servers that were started end in order

    // The parser names types; a person wants to know what to write.
    private static string Explain(string message) => message
        .Replace(" as expected type 'System.Int32'.", ": give a whole number.", StringComparison.Ordinal)
        .Replace(" as expected type 'System.Nullable`1[System.Int32]'.", ": give a whole number.", StringComparison.Ordinal)
        .Replace(" as expected type 'System.Double'.", ": give a number.", StringComparison.Ordinal);

    /// <summary>A fault of the surroundings (no server, no database, no socket) is said in one line; anything else is a fault of ours.</summary>
    /// <param name="verb">One of <c>./chat</c>: what one types to get here is what help and faults say.</param>
    /// <param name="args">What stands behind it.</param>
    public static async Task<int> RunAsync(Command verb, string[] args)
    {
        Command root = new("./chat") { verb, new HelpOption() };
        ParseResult parsed = root.Parse([verb.Name, .. args]);
        if (parsed.Errors.Count > 0)
            return await Outcome.RefuseAsync([.. parsed.Errors.Select(error => Explain(error.Message)), $"See: {Typed(parsed.CommandResult)} --help"]);

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

    private static string Typed(CommandResult called) =>
        called.Parent is CommandResult parent ? $"{Typed(parent)} {called.Command.Name}" : called.Command.Name;
}
