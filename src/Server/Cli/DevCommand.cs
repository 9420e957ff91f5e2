using System.CommandLine;

namespace Chat.Server.Cli;

/// <summary>
/// The verb <c>up</c>, also called <c>dev</c>: development mode with managed database, demo data and one screen of addresses; one node, or several as in
/// production.
/// </summary>
internal static class DevCommand
{
    public static Command Create()
    {
        Option<bool> noDemo = new("--no-demo") { Description = "Without demo accounts." };
        Option<int> nodes = new("--nodes")
        {
            Description = "How many nodes; several run on one PostgreSQL and one Redis behind HAProxy.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
            CustomParser = WholeNumber.From(1, NodeGroup.NodeGroup.MaxNodes),
        };
        Option<bool> noRestart = new("--no-restart") { Description = "With --nodes: a node that ends by itself is not started again." };
        Command command = new("up", "Run the server in development mode: managed PostgreSQL, demo accounts, one screen of addresses.");
        command.Aliases.Add("dev");
        SettingOptions options = SettingOptions.AddWithAddressTo(command);
        command.Options.Add(noDemo);
        command.Options.Add(nodes);
        command.Options.Add(noRestart);
        command.SetAction(async (parsed, ct) =>
        {
            NodeGroup.ProcessGroup.LeaveIfTold();
            IReadOnlyList<KeyValuePair<string, string?>> overrides = options.Overrides(parsed);
            bool demo = !parsed.GetValue(noDemo);
            int exitCode = parsed.GetValue(nodes) == 1
                ? await ServeCommand.RunAsync(overrides, development: true, demo, ct)
                : await NodeGroup.NodeGroupCommand.RunAsync(
                    new NodeGroup.NodeGroupSize(parsed.GetValue(nodes), Restarts: !parsed.GetValue(noRestart)), overrides, options.Pairs(parsed), demo, ct);
            if (exitCode == 0) await ServeCommand.ShowAsync("  Stopped."); // the database and all else with it
            return exitCode;
        });
        return command;
    }
}
