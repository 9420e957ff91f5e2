using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest;

/// <summary>Follows nextCursor to the end, as a client would.</summary>
internal static class Paging
{
    private const int MaxPages = 50;

    public static async Task<List<T>> ReadAllAsync<T>(Person reader, string firstPath, string parameter, Func<JsonNode, T> pick)
    {
        List<T> all = [];
        string path = firstPath;
        for (int page = 0; page < MaxPages; page++)
        {
            JsonNode body = (await reader.GetAsync(path)).MustBe(200).Json;
            all.AddRange(body["items"]!.AsArray().Select(item => pick(item!)));
            if (body["nextCursor"] is not { } next) return all;

            string separator = firstPath.Contains('?', StringComparison.Ordinal) ? "&" : "?";
            path = $"{firstPath}{separator}{parameter}={Uri.EscapeDataString((string)next!)}";
        }

        Assert.Fail($"{firstPath} has no end after {MaxPages} pages");
        return all;
    }
}
