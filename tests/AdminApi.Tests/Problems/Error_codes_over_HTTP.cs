using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest;
using Chat.Domain;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.AdminApi.Tests.Problems;

/// <summary>Every code reaches the caller with the status that protocol-spec.md §9.1 gives it, and every accident with a code.</summary>
[Parallelizable]
internal sealed partial class Error_codes_over_HTTP
{
    private const string Secret = "Host=10.0.0.1;Password=hunter2";

    private ApiHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _host = await ApiHost.StartAsync(
        ApiServer.Database.Source,
        environment: "Development", // its exception page must not come between
        routes: app =>
        {
            RouteGroupBuilder faults = app.MapGroup("/api/faults").Within(app.Services.GetRequiredService<RestBoundary>());
            faults.MapGet("/code/{code}", (int code) => ProblemAnswer.Of(
                new Failure((ErrorCode)code, "chat_id is wrong.", TimeSpan.FromMilliseconds(1500), "chat_id")));
            faults.MapGet("/bug", string () => throw new InvalidOperationException(Secret));
            faults.MapGet("/outage", string () => throw new InvalidOperationException(
                "wrapped", new NpgsqlException(Secret, new TimeoutException())));
            faults.MapGet("/restart", string () => throw new PostgresException(Secret, "FATAL", "FATAL", "57P01"));
            faults.MapGet("/violation", string () => throw new PostgresException(Secret, "ERROR", "ERROR", "23505"));
        });

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    public static IEnumerable<TestCaseData<int, string, bool, int>> Specified()
    {
        string spec = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "protocol-spec.md"));
        foreach (Match row in SpecRow().Matches(spec))
        {
            yield return new TestCaseData<int, string, bool, int>(
                int.Parse(row.Groups["code"].Value, CultureInfo.InvariantCulture), row.Groups["name"].Value,
                row.Groups["retryable"].Value == "yes", int.Parse(row.Groups["http"].Value, CultureInfo.InvariantCulture));
        }
    }

    [TestCaseSource(nameof(Specified)), CancelAfter(30_000)]
    public async Task A_code_has_its_status_name_and_verdict(int code, string name, bool retryable, int status)
    {
        ApiAnswer answer = (await _host.Client.GetAsync($"/api/faults/code/{code}")).MustFail(status, name);

        Assert.Multiple(() =>
        {
            Assert.That((int)answer.Json["code"]!, Is.EqualTo(code));
            Assert.That((bool)answer.Json["retryable"]!, Is.EqualTo(retryable));
            Assert.That((long)answer.Json["retryAfterMs"]!, Is.EqualTo(1500));
            Assert.That(answer.Headers["Retry-After"], Is.EqualTo("2"));
            Assert.That((string?)answer.Json["field"], Is.EqualTo("chatId"), "named as this interface spells it");
            Assert.That((string?)answer.Json["detail"], Is.EqualTo("chatId is wrong."));
            Assert.That((string?)answer.Json["title"], Is.Not.EqualTo(ErrorTitles.Of(ErrorCode.None)), "a title of its own");
        });
    }

    [Test]
    public void The_table_of_the_specification_names_every_code() =>
        Assert.That(Specified().Select(row => row.Arguments[0]), Is.EquivalentTo(
            Enum.GetValues<ErrorCode>().Where(code => code != ErrorCode.None).Select(code => (int)code)));

    [TestCase("bug", 500, "internal")]
    [TestCase("violation", 500, "internal")]
    [TestCase("outage", 503, "unavailable")]
    [TestCase("restart", 503, "unavailable")]
    [CancelAfter(30_000)]
    public async Task An_exception_is_told_by_code_only_and_logged_in_full(string route, int status, string name)
    {
        ApiAnswer answer = (await _host.Client.GetAsync($"/api/faults/{route}")).MustFail(status, name);

        string requestId = (string)answer.Json["requestId"]!;
        Assert.Multiple(() =>
        {
            Assert.That(answer.Text, Does.Not.Contain("hunter2").And.Not.Contain("Exception"));
            Assert.That(_host.Log.Lines.Any(line => line.Text.Contains(requestId, StringComparison.Ordinal)
                && line.Level >= LogLevel.Warning && line.Exception is not null), Is.True, "the log has it under the request id");
        });
    }

    [Test, CancelAfter(60_000)]
    public async Task Without_a_database_every_answer_is_unavailable_with_a_time_to_come_back()
    {
        await using NpgsqlDataSource nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2");
        Person ada = await Person.RegisterAsync();
        await using ApiHost host = await ApiHost.StartAsync(nowhere);

        ApiAnswer read = await host.Client.GetAsync("/api/user", ada.Token);
        ApiAnswer login = await host.Client.PostAsync("/api/auth/login", null, new { login = ada.Email, password = Person.Password });

        read.MustFail(503, "unavailable");
        login.MustFail(503, "unavailable");
        Assert.That(read.Headers["Retry-After"], Is.EqualTo("1"));
    }

    [TestCase("GET", "/api", 404)]
    [TestCase("GET", "/api/", 404)]
    [TestCase("GET", "/api/nothing/here", 404)]
    [TestCase("POST", "/api/nothing", 404)]
    [TestCase("GET", "/api/auth/login", 405)]
    [TestCase("PATCH", "/api/chats", 405)]
    [TestCase("HEAD", "/api/chats/1/read", 405)]
    [TestCase("OPTIONS", "/api/user", 405)]
    [TestCase("DELETE", "/api/messages/1-2/read", 405)]
    [CancelAfter(30_000)]
    public async Task A_route_or_method_that_is_not_there_is_a_problem_too(string method, string path, int status)
    {
        ApiAnswer answer = (await _host.Client.SendAsync(method, path, null, body: null)).MustBe(status);

        if (method != "HEAD") answer.MustFail(status, "invalid_argument");
        if (status == 405) Assert.That(answer.Headers["Allow"], Is.Not.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_page_of_errors_has_a_row_for_every_code()
    {
        ApiAnswer page = (await _host.Client.GetAsync("/docs/errors")).MustBe(200);

        foreach (ErrorCode code in Enum.GetValues<ErrorCode>().Where(code => code != ErrorCode.None))
            Assert.That(page.Text, Does.Contain($"id=\"{ErrorCodes.Name(code)}\"").And.Contain($"id=\"{(int)code}\""));
        Assert.That(page.Headers["Content-Security-Policy"], Does.Contain("default-src 'none'"));
    }

    [GeneratedRegex(@"^\| (?<code>\d{3}) \| (?<name>[a-z_]+) \| (?<retryable>yes|no) \| (?<http>\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex SpecRow();
}
