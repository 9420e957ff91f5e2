using System.Net;
using Chat.Domain.Accounts;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Diagnostics.Metrics;
using Chat.Server.Tests.Diagnostics.Metrics;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>What the composed server tells Prometheus, and where it does not.</summary>
[TestFixture]
[Category("postgres")]
internal sealed class MetricsTests : ServerFixture
{
    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["Server:MetricsAddress"] = "127.0.0.1:0",
    };

    private Uri MetricsUrl => Services.GetRequiredService<MetricsListener>().Url!;

    [Test, CancelAfter(30_000)]
    public async Task A_node_tells_what_it_holds_and_nothing_of_what_people_write(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna Canary", ct);
        ChatRow chat = await NewGroupAsync(ct, anna);
        using WireClient client = await OnlineAsync(anna, ct);
        await client.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "canary text"), ct);
        using HttpClient http = new();
        await http.GetStringAsync(new Uri(Url, "/health/live"), ct);

        string text = await ScrapeAsync(http, ["chat_pump_lag_seconds_bucket", "chat_pool_delays_seconds_count"], ct);
        List<MetricLine> lines = MetricLine.Read(text);

        string[] expected =
        [
            "chat_sessions", "chat_connections", "chat_sessions_greeting", "chat_hellos_waiting", "chat_draining",
            "chat_outbound_queued_bytes", "chat_outbound_behind", "chat_pump_waiting", "chat_pump_lag_seconds_bucket",
            "chat_log_waiting", "chat_log_batch_age_seconds", "chat_log_batch_events_bucket", "chat_log_batch_duration_milliseconds_sum",
            "chat_pool_delay_seconds", "chat_pool_delays_seconds_count", "process_open_fds", "process_max_fds",
            "dotnet_gc_collections_total", "dotnet_gc_pause_time_seconds_total", "dotnet_process_memory_working_set_bytes",
            "dotnet_thread_pool_queue_length", "db_client_connection_count", "kestrel_active_connections",
        ];
        Assert.That(lines.Select(line => line.Name).Distinct(), Is.SupersetOf(expected));
        Assert.That(MetricLine.ValueOf(lines, "chat_sessions"), Is.EqualTo(1));
        Assert.That(text, Does.Not.Contain("anary").And.Not.Contain("Password"));
    }

    [Test, CancelAfter(20_000)]
    public async Task The_public_port_has_no_metrics_for_anyone(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using HttpClient http = new();
        foreach (string? token in new[] { null, anna.AccessToken })
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(Url, "/metrics"));
            if (token is not null) request.Headers.Authorization = new("Bearer", token);
            using HttpResponseMessage answer = await http.SendAsync(request, ct);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(await answer.Content.ReadAsStringAsync(ct), Does.Not.Contain("# TYPE"));
        }
    }

    [TestCase("GET", "/")]
    [TestCase("GET", "/api/user")]
    [TestCase("POST", "/metrics")]
    [CancelAfter(20_000)]
    public async Task The_metrics_address_has_nothing_else(string method, string path, CancellationToken ct)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(MetricsUrl, path));

        using HttpResponseMessage answer = await http.SendAsync(request, ct);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    /// <summary>Asks until there is what comes with time only: probes run once a second. The test's own deadline is the limit.</summary>
    private async Task<string> ScrapeAsync(HttpClient http, string[] awaited, CancellationToken ct)
    {
        while (true)
        {
            string text = await http.GetStringAsync(MetricsUrl, ct);
            if (Array.TrueForAll(awaited, name => text.Contains(name, StringComparison.Ordinal))) return text;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }
}
