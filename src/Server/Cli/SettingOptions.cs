using System.CommandLine;

namespace Chat.Server.Cli;

/// <summary>The settings that have an option of their own on the command line; every other one is given by <c>--set Section:Name=value</c>.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string?> _port = new("--port") { Description = "The port for everything; 0 takes a free one.", HelpName = "P" };
    private readonly Option<string?> _host = new("--host") { Description = "The address to listen on; * for all.", HelpName = "ADDRESS" };
    private readonly Option<string?> _data = new("--data") { Description = "The folder for database, keys and files.", HelpName = "DIR" };
    private readonly Option<string[]> _set = new("--set") { Description = "Any setting, e.g. --set Sessions:PingInterval=00:00:10. May be given many times.", HelpName = "KEY=VALUE" };

    /// <summary>For verbs that listen, or judge whether one could.</summary>
    public static SettingOptions AddWithAddressTo(Command command)
    {
        SettingOptions options = new();
        command.Options.Add(options._port);
        command.Options.Add(options._host);
        options.AddOthersTo(command);
        return options;
    }

    /// <summary>For verbs that listen nowhere.</summary>
    public static SettingOptions AddTo(Command command)
    {
        SettingOptions options = new();
        options.AddOthersTo(command);
        return options;
    }

    /// <summary>The <c>--set</c> pairs as they were given, for the command line of another process.</summary>
    public IReadOnlyList<string> Pairs(ParseResult parsed) => parsed.GetValue(_set) ?? [];

    public IReadOnlyList<KeyValuePair<string, string?>> Overrides(ParseResult parsed)
    {
        List<KeyValuePair<string, string?>> overrides = [];
        foreach (string pair in parsed.GetValue(_set) ?? [])
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            overrides.Add(new(pair[..at], pair[(at + 1)..]));
        }

        Add("Server:Port", _port);
        Add("Server:Host", _host);
        Add("Server:DataDirectory", _data);
        return overrides;

        void Add(string key, Option<string?> option)
        {
            if (parsed.GetValue(option) is { } value) overrides.Add(new(key, value));
        }
    }

    private void AddOthersTo(Command command)
    {
        command.Options.Add(_data);
        _set.Validators.Add(result =>
        {
            foreach (System.CommandLine.Parsing.Token token in result.Tokens)
                if (!token.Value.Contains('=', StringComparison.Ordinal)) result.AddError($"--set {token.Value}: write it as Section:Name=value.");
        });
        command.Options.Add(_set);
    }
}
