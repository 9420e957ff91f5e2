using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Chat.Scenario.State;

/// <summary>Asks the server's REST interface as one person, in a session of its own, with nothing of an SDK in between.</summary>
internal sealed class ServerClient : IDisposable
{
    private readonly HttpClient _http;

    private ServerClient(HttpClient http) => _http = http;

    public static async Task RegisterAsync(Uri server, string name, string email, string password, CancellationToken ct)
    {
        using HttpClient http = new() { BaseAddress = server };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/api/auth/register", new { name, email, password }, ct);
        answer.EnsureSuccessStatusCode();
    }

    public static async Task<ServerClient> SignInAsync(Uri server, string login, string password, CancellationToken ct)
    {
        HttpClient http = new() { BaseAddress = server };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/api/auth/login", new { login, password }, ct);
        answer.EnsureSuccessStatusCode();
        JsonNode signedIn = (await answer.Content.ReadFromJsonAsync<JsonNode>(ct))!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn["data"]!["token"]!.GetValue<string>());
        return new ServerClient(http);
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _http.GetAsync(path, ct);
        JsonNode? body = await answer.Content.ReadFromJsonAsync<JsonNode>(ct);
        return answer.IsSuccessStatusCode && body is not null ? body : throw new HttpRequestException($"{path} answered {(int)answer.StatusCode}: {body}");
    }

    /// <summary>All items of a list, page after page.</summary>
    /// <param name="cursor">The parameter that takes the next page's start.</param>
    /// <param name="next">Where the first page starts; null for the list's own.</param>
    public async Task<List<JsonNode>> ListAsync(string path, string cursor, CancellationToken ct, string? next = null)
    {
        List<JsonNode> all = [];
        do
        {
            string join = path.Contains('?', StringComparison.Ordinal) ? "&" : "?";
            JsonNode page = await GetAsync(next is null ? path : $"{path}{join}{cursor}={Uri.EscapeDataString(next)}", ct);
            all.AddRange(page["items"]!.AsArray().Select(item => item!.DeepClone()));
            next = page["nextCursor"]?.GetValue<string>();
        }
        while (next is not null);

        return all;
    }

    public void Dispose() => _http.Dispose();
}
