using System.Text.Json.Nodes;

namespace Chat.Sdk.Tests.Behaviour;

/// <summary>A file of tests/vectors/behaviour, as the README there describes it.</summary>
public sealed class Scenario
{
    private static readonly string[] Members = ["about", "spec", "jitter", "ping_interval_ms", "chats", "steps", "expected", "fails"];

    private readonly JsonObject _json;

    private Scenario(JsonObject json) => _json = json;

    /// <summary>Every file below the folder but its README, by its path there.</summary>
    public static IReadOnlyList<string> Files =>
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => file != "README.md")
            .Order(StringComparer.Ordinal),
    ];

    public IReadOnlyList<JsonObject> Steps => [.. _json["steps"]!.AsArray().Select(step => step!.AsObject())];

    public IReadOnlyList<JsonObject> Chats => _json["chats"] is { } chats
        ? [.. chats.AsArray().Select(chat => chat!.AsObject())]
        : [JsonNode.Parse("""{ "chat_id": 7, "kind": 1, "events": ["first"] }""")!.AsObject()];

    public double Jitter => _json["jitter"]?.GetValue<double>() ?? 0;

    public int? PingIntervalMs => _json["ping_interval_ms"]?.GetValue<int>();

    public JsonObject Expected => _json["expected"]!.AsObject();

    /// <summary>What a planted scenario must fail with.</summary>
    public string? Fails => _json["fails"]?.GetValue<string>();

    /// <summary>In the tree itself: what the build had copied could be of files that are gone.</summary>
    private static string Root => Path.Combine(Tree(AppContext.BaseDirectory), "tests", "vectors", "behaviour");

    public static Scenario Read(string file)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, file)))!.AsObject();
        foreach (string name in json.Select(member => member.Key).Except(Members)) throw new InvalidDataException($"A scenario has no '{name}'.");
        return new Scenario(json);
    }

    private static string Tree(string from) => File.Exists(Path.Combine(from, "Chat.sln")) ? from
        : Tree(Path.GetDirectoryName(from) ?? throw new InvalidOperationException("The tests do not run within the tree of Chat.sln."));
}
