using System.CommandLine;
using System.Globalization;
using Chat.Domain;
using Chat.Domain.Limits;
using Chat.Storage.Nodes;
using Chat.Storage.Settings;

namespace Chat.Server.Cli.Database;

/// <summary><c>settings get</c>, <c>set</c> and <c>reset</c>: the settings that change while nodes run, for all nodes at once.</summary>
internal static class SettingsCommand
{
    public static Command Create()
    {
        Command command = new("settings", "Show and change the settings that reach running nodes.");
        command.Subcommands.Add(CreateGet());
        command.Subcommands.Add(CreateSet());
        command.Subcommands.Add(CreateReset());
        return command;
    }

    private static Command CreateGet()
    {
        Command get = new("get", "Show one live setting, or all.");
        Argument<string?> name = new("name") { Description = "Such as Limits:SendsPerMinute or Limits:Visitors:SendsPerMinute.", Arity = ArgumentArity.ZeroOrOne };
        WrongCall.RefuseOptions(name);
        get.Arguments.Add(name);
        SettingOptions options = SettingOptions.AddTo(get);
        get.SetAction((parsed, ct) => VerbDatabase.RunAsync(
            options.Overrides(parsed), (target, stop) => GetAsync(target, parsed.GetValue(name), stop), ct));
        return get;
    }

    private static Command CreateSet()
    {
        Command set = new("set", "Set a live setting for all nodes.");
        Argument<string> name = new("name") { Description = "Such as Limits:SendsPerMinute or Limits:Visitors:SendsPerMinute." };
        Argument<string> value = new("value") { Description = "The number; 0 is no limit." };
        WrongCall.RefuseOptions(name);
        set.Arguments.Add(name);
        set.Arguments.Add(value);
        SettingOptions options = SettingOptions.AddTo(set);
        set.SetAction((parsed, ct) => VerbDatabase.RunAsync(
            options.Overrides(parsed),
            (target, stop) => ChangeAsync(target, parsed.GetValue(name)!, parsed.GetValue(value), stop),
            ct));
        return set;
    }

    private static Command CreateReset()
    {
        Command reset = new("reset", "Take a live setting back to what each node is configured with.");
        Argument<string> name = new("name") { Description = "Such as Limits:SendsPerMinute or Limits:Visitors:SendsPerMinute." };
        WrongCall.RefuseOptions(name);
        reset.Arguments.Add(name);
        SettingOptions options = SettingOptions.AddTo(reset);
        reset.SetAction((parsed, ct) => VerbDatabase.RunAsync(
            options.Overrides(parsed), (target, stop) => ChangeAsync(target, parsed.GetValue(name)!, null, stop), ct));
        return reset;
    }

    private static async Task<int> GetAsync(VerbTarget target, string? name, CancellationToken ct)
    {
        LimitSetting? wanted = name is null ? null : LimitSetting.Find(name);
        if (name is not null && wanted is null)
        {
            await Console.Error.WriteLineAsync($"{name} {LimitSetting.NoSuchName}");
            return 2;
        }

        IReadOnlyList<StoredSetting> stored = await new SettingStore(target.Source).ReadAsync(ct);
        LiveSettings live = new(target.Settings.Limits);
        IReadOnlyList<string> faults = live.Apply(stored);
        IEnumerable<LimitSetting> all = LimitSetting.All.Concat(LimitSetting.OfKinds.Where(setting => setting.Read(live.Limits) is not null));
        foreach (LimitSetting setting in wanted is null ? all : [wanted])
        {
            StoredSetting? row = stored.FirstOrDefault(one => one.Name == setting.Name)
                ?? stored.FirstOrDefault(one => setting.FormerNames.Contains(one.Name));
            string from = row is null
                ? "as this node is configured"
                : string.Create(CultureInfo.InvariantCulture, $"set {row.UpdatedAt:yyyy-MM-dd HH:mm:ss} UTC");
            await Console.Out.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture, $"{setting.Name,-40} {Shown(setting.Read(live.Limits)),-8} {from}; {setting.Meaning}"));
        }

        foreach (string fault in faults) await Console.Error.WriteLineAsync($"left alone: {fault}");
        return 0;
    }

    /// <summary>A kind without a value of its own has that of all.</summary>
    private static string Shown(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "as all";

    private static async Task<int> ChangeAsync(VerbTarget target, string name, string? value, CancellationToken ct)
    {
        await using VerbBroker broker = new();
        ChangeSetting change = new(new SettingStore(target.Source), broker);
        Result<string> changed = await change.ExecuteAsync(name, value, VerbDatabase.Operator, ct);
        if (!changed.IsOk) return await VerbDatabase.RefuseAsync(changed.Failure);

        bool areTold = await broker.TellAsync(target.Settings.Cluster, new DatabaseTagStore(target.Source), ct);
        string reach = areTold ? "All nodes were told." : "Every node has it within 30 s.";
        string done = value is null ? "is back at what each node is configured with" : $"is {value} from now on";
        await Console.Out.WriteLineAsync($"{changed.Value} {done}. {reach}");
        return 0;
    }
}
