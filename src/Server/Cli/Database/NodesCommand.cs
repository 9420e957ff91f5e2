using System.CommandLine;
using System.Globalization;
using Chat.Storage.Nodes;
using Npgsql;

namespace Chat.Server.Cli.Database;

/// <summary><c>nodes</c>: which server processes are on this database, and whether they live.</summary>
internal static class NodesCommand
{
    public static Command Create()
    {
        Command command = new("nodes", "Show the server processes on this database.");
        SettingOptions options = SettingOptions.AddTo(command);
        command.SetAction((parsed, ct) =>
            VerbDatabase.RunAsync(options.Overrides(parsed), (target, stop) => ListAsync(target.Source, stop), ct));
        return command;
    }

    private static async Task<int> ListAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        IReadOnlyList<NodeRow> nodes = await new NodeStore(source).ListAsync(ct);
        List<string[]> table = [["node", "version", "schema", "address", "started (UTC)", "last renewed", "state"]];
        table.AddRange(nodes.Select(Cells));
        int[] widths = [.. Enumerable.Range(0, table[0].Length).Select(column => table.Max(row => row[column].Length))];
        foreach (string[] row in table)
            await Console.Out.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return 0;
    }

    private static string[] Cells(NodeRow node) =>
    [
        node.Id,
        node.Version,
        node.SchemaVersion.ToString(CultureInfo.InvariantCulture),
        node.Address,
        Shown(node.StartedAt),
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(node.SilentFor.TotalSeconds)} s ago"),
        node.EndedAt is { } at ? $"ended {Shown(at)}" : node.IsRunning ? "running" : "silent: killed, or cut off from PostgreSQL",
    ];

    private static string Shown(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
