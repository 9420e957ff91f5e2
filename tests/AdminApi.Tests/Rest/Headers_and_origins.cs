using Microsoft.Extensions.Options;

namespace Chat.AdminApi.Tests.Rest;

/// <summary>promises 4.8: headers on every answer, no origin but the configured ones, no cookie.</summary>
[Parallelizable]
internal sealed class Headers_and_origins
{
    private const string Friend = "https://app.example.com";

    [TestCase("/api/user")]
    [TestCase("/api/nothing")]
    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    [TestCase("/version")]
    [TestCase("/openapi/v1.json")]
    [TestCase("/docs/api")]
    [TestCase("/docs/api/page.js")]
    [TestCase("/docs/api/assets/none.js")]
    [TestCase("/docs/errors")]
    [CancelAfter(30_000)]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        ApiAnswer answer = await ApiServer.Client.GetAsync(path);

        Assert.Multiple(() =>
        {
            Assert.That(answer.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
            Assert.That(answer.Headers["Referrer-Policy"], Is.EqualTo("no-referrer"));
            Assert.That(answer.Headers["Content-Security-Policy"],
                Does.Contain("frame-ancestors 'none'").And.Contain("default-src 'none'").And.Not.Contain("unsafe"));
            Assert.That(answer.Headers.Keys, Has.No.Member("Set-Cookie").And.No.Member("Access-Control-Allow-Origin"));
            if (path.StartsWith("/api", StringComparison.Ordinal)) Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-store"));
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task Answers_to_one_who_is_signed_in_carry_them_too_and_set_no_cookie()
    {
        Person ada = await Person.RegisterAsync();

        ApiAnswer answer = (await ada.GetAsync("/api/chats")).MustBe(200);

        Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-store"));
        Assert.That(answer.Headers.Keys, Has.No.Member("Set-Cookie"));
    }

    [Test, CancelAfter(30_000)]
    public async Task Only_a_configured_origin_may_call()
    {
        await using ApiHost host = await ApiHost.StartAsync(
            ApiServer.Database.Source, new Dictionary<string, string?> { ["Rest:AllowedOrigins:0"] = Friend });

        ApiAnswer friend = await PreflightAsync(host.Client, Friend);
        Assert.That(friend.Status, Is.EqualTo(204));
        Assert.That(friend.Headers["Access-Control-Allow-Origin"], Is.EqualTo(Friend));
        Assert.That(friend.Headers.Keys, Has.No.Member("Access-Control-Allow-Credentials"));

        string[] strangers =
        [
            "https://evil.example", "null", "https://app.example.com.evil.example", "http://app.example.com",
            "https://app.example.com:8443",
        ];
        foreach (string origin in strangers)
        {
            ApiAnswer answer = await PreflightAsync(host.Client, origin);
            Assert.That(answer.Headers.Keys, Has.No.Member("Access-Control-Allow-Origin"), origin);
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task A_failure_reaches_a_configured_origin_as_well()
    {
        await using ApiHost host = await ApiHost.StartAsync(
            ApiServer.Database.Source, new Dictionary<string, string?> { ["Rest:AllowedOrigins:0"] = Friend });

        ApiAnswer answer = await host.Client.SendAsync("GET", "/api/user", null, (HttpContent?)null, Origin(Friend));

        answer.MustFail(401, "sign_in_required");
        Assert.That(answer.Headers["Access-Control-Allow-Origin"], Is.EqualTo(Friend));
    }

    [Test, CancelAfter(30_000)]
    public async Task Bad_settings_stop_the_start_all_named_at_once()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Rest:AllowedOrigins:0"] = "*",
            ["Rest:AllowedOrigins:1"] = "https://app.example.com/path",
            ["Rest:MaxBodyBytes"] = "0",
        };

        OptionsValidationException fault = (await Assert.ThrowsAsync<OptionsValidationException>(
            async () => await (await ApiHost.StartAsync(ApiServer.Database.Source, settings)).DisposeAsync()))!;

        Assert.That(fault.Failures, Has.Exactly(3).Items);
    }

    private static Task<ApiAnswer> PreflightAsync(ApiClient client, string origin)
    {
        Dictionary<string, string> headers = Origin(origin);
        headers["Access-Control-Request-Method"] = "POST";
        headers["Access-Control-Request-Headers"] = "authorization,content-type";
        return client.SendAsync("OPTIONS", "/api/chats", null, (HttpContent?)null, headers);
    }

    private static Dictionary<string, string> Origin(string origin) => new() { ["Origin"] = origin };
}
