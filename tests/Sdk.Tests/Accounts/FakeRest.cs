using System.Net;
using System.Text;

namespace Chat.Sdk.Tests.Accounts;

/// <summary>Answers REST requests from a function, and keeps what was asked.</summary>
public sealed class FakeRest(Func<HttpRequestMessage, string, (int Status, string Json)> answer) : HttpMessageHandler
{
    public List<string> Asked { get; } = [];

    /// <summary>While not null, answers wait for it.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public static string SignedIn(string access, string refresh, DateTimeOffset expiresAt) =>
        $$"""{"success":true,"message":"","data":{"user":{"principalId":12,"name":"Anna"},"token":"{{access}}","tokenType":"Bearer","expiresAt":"{{expiresAt:O}}","refreshToken":"{{refresh}}","refreshExpiresAt":"{{expiresAt.AddDays(1):O}}","deviceId":3,"later":1} }""";

    public static string Problem(int code, string name, bool retryable = false, int? retryAfterMs = null) =>
        $$"""{"type":"x","title":"t","status":400,"detail":"in words","code":{{code}},"name":"{{name}}","retryable":{{(retryable ? "true" : "false")}},"retryAfterMs":{{retryAfterMs?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}}}""";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (Asked) Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        if (Hold is { } hold) await hold.Task.WaitAsync(cancellationToken);
        (int status, string json) = answer(request, body);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json"), RequestMessage = request };
    }
}
