using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chat.Domain.Limits;

namespace Chat.Server.Hosting;

/// <summary>The file in the data directory by which verbs and <c>bench</c> find a running instance. No secret but the demo passwords is in it.</summary>
public sealed record InstanceFile(string Url, int ProcessId, IReadOnlyList<DemoAccount> Demo)
{
    public const string Name = "server.json";

    /// <summary>The database that it works on, as <see cref="DatabaseAddress.Show"/> says it. Null of a server from before this was told.</summary>
    public string? Database { get; init; }

    /// <summary>What it is configured with, by the names of <see cref="LimitSetting"/>: what its command line set is nowhere else. Null as above.</summary>
    public IReadOnlyDictionary<string, double>? Limits { get; init; }

    /// <summary>What a server with these settings tells of itself.</summary>
    public static InstanceFile Of(string url, Settings settings, string connectionString, bool demo) =>
        new(url, Environment.ProcessId, demo ? DemoData.Accounts : [])
        {
            Database = DatabaseAddress.Show(connectionString),
            Limits = LimitSetting.All.Concat(LimitSetting.OfKinds)
                .Select(setting => (setting.Name, Value: setting.Read(settings.Limits)))
                .Where(one => one.Value is not null)
                .ToDictionary(one => one.Name, one => one.Value!.Value),
        };

    /// <summary>What stands in the data directory, of whatever server; null for nothing.</summary>
    /// <exception cref="IOException">It cannot be read; likewise <see cref="JsonException"/> and <see cref="UnauthorizedAccessException"/>.</exception>
    public static InstanceFile? Find(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, Name);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), InstanceFileJson.Default.InstanceFile) : null;
    }

    /// <summary>The instance that runs on the data directory now; null when none does, or what it says of itself cannot be read.</summary>
    public static InstanceFile? FindRunning(string dataDirectory)
    {
        try
        {
            return Find(dataDirectory) is { } found && IsRunning(found.ProcessId) ? found : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            return null; // as good as none to who only wants to know more
        }
    }

    /// <summary>The demo account with this login, name or first name.</summary>
    public DemoAccount? FindDemo(string who) => Demo.FirstOrDefault(account =>
        string.Equals(account.Login, who, StringComparison.OrdinalIgnoreCase)
        || string.Equals(account.Name, who, StringComparison.OrdinalIgnoreCase)
        || account.Login.StartsWith(who + "@", StringComparison.OrdinalIgnoreCase));

    /// <summary>What to tell who gave a first name that is nobody's.</summary>
    /// <param name="instance">Null where none runs.</param>
    public static string TellFirstNames(InstanceFile? instance)
    {
        string names = instance is { Demo: [_, ..] demo } ? string.Join(", ", demo.Select(account => account.Login.Split('@')[0])) : "there are none here";
        return $"First names are those of demo accounts: {names}.";
    }

    /// <summary>The limits that it is configured with; null of a server that does not tell.</summary>
    public LimitSettings? ReadLimits()
    {
        if (Limits is null) return null;
        LimitSettings limits = new() { Visitors = new KindLimits() }; // what a kind has of its own is among those told
        foreach ((string name, double value) in Limits)
            if (LimitSetting.Find(name) is { } setting) limits = setting.Change(limits, value);
        return limits;
    }

    /// <summary>Written beside and renamed: whoever waits for the file finds it whole.</summary>
    public void Write(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, Name);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, InstanceFileJson.Default.InstanceFile));
        File.Move(path + ".new", path, overwrite: true);
    }

    public static void Remove(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, Name));

    private static bool IsRunning(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false; // killed: the file stayed
        }
    }
}

/// <summary>An account that everyone may use to try the product; only in development.</summary>
public sealed record DemoAccount(string Name, string Login, string Password);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InstanceFile))]
[JsonSerializable(typeof(DemoAnswer))]
internal sealed partial class InstanceFileJson : JsonSerializerContext;
