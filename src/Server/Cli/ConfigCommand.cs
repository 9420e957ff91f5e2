using System.CommandLine;
using Chat.Server.Hosting;

namespace Chat.Server.Cli;

/// <summary><c>config check</c>: judges the settings as a start would, and names all faults at once.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        Command check = new("check", "Judge the settings as a start would.");
        SettingOptions options = SettingOptions.AddWithAddressTo(check);
        Option<bool> development = new("--development") { Description = "As the verb dev would read them." };
        check.Options.Add(development);
        check.SetAction(async (parsed, _) =>
        {
            try
            {
                SettingsReader.Read(SettingsReader.Sources(options.Overrides(parsed)), parsed.GetValue(development));
                await Console.Out.WriteLineAsync("The settings can be used.");
                return 0;
            }
            catch (SettingsException fault)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                return 2;
            }
        });
        Command command = new("config", "Look at the settings.");
        command.Subcommands.Add(check);
        return command;
    }
}
