using System.Text.Json.Nodes;

namespace Chat.Scenario.State;

/// <summary>All that one person has, as somebody shows it: every leaf by its path, such as <c>chats/12/unread</c>. What is nothing is left out.</summary>
internal sealed class Picture
{
    private readonly SortedDictionary<string, string> _leaves = new(StringComparer.Ordinal);

    public Picture(JsonNode json) => Take(json, "");

    public IEnumerable<string> Paths => _leaves.Keys;

    public string? this[string path] => _leaves.GetValueOrDefault(path);

    /// <summary>Every path whose leaf is not the same in both.</summary>
    public IEnumerable<(string Path, string? Expected, string? Got)> DifferencesOf(Picture got) =>
        from path in Paths.Union(got.Paths)
        let expected = this[path]
        let shown = got[path]
        where !string.Equals(expected, shown, StringComparison.Ordinal)
        select (path, expected, shown);

    private void Take(JsonNode? node, string path)
    {
        switch (node)
        {
            case null:
                return;
            case JsonObject members:
                foreach ((string name, JsonNode? value) in members) Take(value, path.Length == 0 ? name : $"{path}/{name}");
                return;
            case JsonArray items when items.All(item => item is JsonValue):
                if (items.Count > 0) _leaves[path] = string.Join(' ', items.Select(item => item!.ToString()));
                return;
            case JsonArray items:
                for (int i = 0; i < items.Count; i++) Take(items[i], $"{path}/{i}");
                return;
            default:
                string text = node.ToString();
                if (text.Length > 0) _leaves[path] = text;
                return;
        }
    }
}
