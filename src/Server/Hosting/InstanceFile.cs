using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Server.Hosting;

/// <summary>The file in the data directory by which <c>send</c>, <c>tail</c> and <c>bench</c> find a running instance. No secret but the demo passwords is in it.</summary>
public sealed record InstanceFile(string Url, int ProcessId, IReadOnlyList<DemoAccount> Demo)
{
    public const string Name = "server.json";

    /// <summary>Written beside and renamed: whoever waits for the file finds it whole.</summary>
    public void Write(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, Name);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, InstanceFileJson.Default.InstanceFile));
        File.Move(path + ".new", path, overwrite: true);
    }

    public static void Remove(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, Name));
}

/// <summary>An account that everyone may use to try the product; only in development.</summary>
public sealed record DemoAccount(string Name, string Login, string Password);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InstanceFile))]
[JsonSerializable(typeof(DemoAnswer))]
internal sealed partial class InstanceFileJson : JsonSerializerContext;
