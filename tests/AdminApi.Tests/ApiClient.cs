using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests;

/// <summary>Speaks HTTP to a host, with nothing of the product's code in between.</summary>
internal sealed class ApiClient(Uri address) : IDisposable
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public Uri Address => address;

    public Task<ApiAnswer> GetAsync(string path, string? token = null) => SendAsync("GET", path, token, body: null);

    public Task<ApiAnswer> PostAsync(string path, string? token, object? body = null) => SendAsync("POST", path, token, Text(body));

    public Task<ApiAnswer> PutAsync(string path, string? token, object? body = null) => SendAsync("PUT", path, token, Text(body));

    public Task<ApiAnswer> DeleteAsync(string path, string? token) => SendAsync("DELETE", path, token, body: null);

    public Task<ApiAnswer> SendAsync(string method, string path, string? token, string? body) =>
        SendAsync(method, path, token, body is null ? null : new StringContent(body, new UTF8Encoding(false), "application/json"),
            NoHeaders);

    public async Task<ApiAnswer> SendAsync(
        string method, string path, string? token, HttpContent? content, IReadOnlyDictionary<string, string> headers)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(address, path)) { Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return new ApiAnswer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
    }

    public void Dispose() => _http.Dispose();

    private static string? Text(object? body) => body switch
    {
        null => null,
        JsonNode node => node.ToJsonString(),
        _ => System.Text.Json.JsonSerializer.Serialize(body),
    };
}

/// <summary>What came back, with the judgements that many tests make.</summary>
internal sealed record ApiAnswer(int Status, string? MediaType, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException($"The answer is null, status {Status}.");

    public string? Name => MediaType == "application/problem+json" ? (string?)Json["name"] : null;

    public ApiAnswer MustBe(int status)
    {
        Assert.That(Status, Is.EqualTo(status), Text);
        return this;
    }

    /// <summary>Fails unless this is a complete problem document with exactly this status and code.</summary>
    public ApiAnswer MustFail(int status, string name)
    {
        MustBeProblem();
        Assert.That((Status, Name), Is.EqualTo((status, name)), Text);
        return this;
    }

    public ApiAnswer MustBeProblem()
    {
        Assert.That(MediaType, Is.EqualTo("application/problem+json"), $"{Status}: {Text}");
        JsonNode problem = Json;
        Assert.Multiple(() =>
        {
            Assert.That((int?)problem["status"], Is.EqualTo(Status), Text);
            Assert.That((string?)problem["type"], Is.EqualTo($"/docs/errors#{problem["name"]}"), Text);
            Assert.That((string?)problem["title"], Is.Not.Empty, Text);
            Assert.That((string?)problem["detail"], Is.Not.Empty.And.Not.Contain("Chat.").And.Not.Contain("System."), Text);
            Assert.That((int?)problem["code"], Is.GreaterThanOrEqualTo(100), Text);
            Assert.That(problem["retryable"], Is.Not.Null, Text);
            Assert.That((string?)problem["requestId"], Is.Not.Empty, Text);
            Assert.That(Headers.ContainsKey("WWW-Authenticate"), Is.EqualTo(Status == 401), "WWW-Authenticate goes with 401");
            Assert.That(Headers.ContainsKey("Retry-After"), Is.EqualTo(problem["retryAfterMs"] is not null), "they go together");
        });
        return this;
    }
}
