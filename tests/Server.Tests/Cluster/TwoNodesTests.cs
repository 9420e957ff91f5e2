using System.Diagnostics;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Server.Tests.Wire;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Cluster;

/// <summary>Two composed servers on one PostgreSQL and one Redis: what is decided on one holds on the other.</summary>
[TestFixture, Category("redis"), Category("postgres"), Parallelizable(ParallelScope.Self)]
internal sealed class TwoNodesTests
{
    private TestRedis _redis = null!;
    private TestDatabase _database = null!;
    private WebApplication _one = null!, _other = null!;

    [OneTimeSetUp]
    public async Task StartNodesAsync()
    {
        RedisFixture.Require();
        _redis = await TestRedis.StartAsync();
        _database = await TestDatabase.CreateAsync();
        _one = await StartNodeAsync("one");
        _other = await StartNodeAsync("other");
    }

    [OneTimeTearDown]
    public async Task StopNodesAsync()
    {
        foreach (WebApplication node in new[] { _one, _other })
        {
            if (node is null) continue;
            await node.StopAsync();
            await node.DisposeAsync();
        }

        if (_database is not null) await _database.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }

    [Test, CancelAfter(60_000), Property("Promise", "P10")]
    public async Task A_sign_out_on_one_node_ends_the_session_on_the_other_and_refuses_its_token_there(CancellationToken ct)
    {
        RegisterInput input = new("Anna", "anna@example.test", null, "a good password", "test", "127.0.0.1");
        SignedIn anna = (await _one.Services.GetRequiredService<RegisterAccount>().ExecuteAsync(input, ct)).Value;
        Uri url = new(_other.Urls.First());
        using WireClient client = await WireClient.ConnectAsync(url, ct);
        await client.HelloAsync(anna.AccessToken, ct);
        using HttpClient http = new() { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", anna.AccessToken);
        Assert.That((int)(await http.GetAsync("/api/user", ct)).StatusCode, Is.EqualTo(200));

        long asked = Stopwatch.GetTimestamp();
        await _one.Services.GetRequiredService<SignOut>().ExecuteAsync(new Caller(anna.PrincipalId, anna.DeviceId));
        int? code = await client.ClosedAsync(ct);

        TestContext.Out.WriteLine(
            $"cut on the other node {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0.0} ms after the sign-out was asked for");
        Assert.That(code, Is.EqualTo((int)DisconnectCode.SessionRevoked));
        Assert.That((int)(await http.GetAsync("/api/user", ct)).StatusCode, Is.EqualTo(401));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_limit_changed_on_one_node_is_in_force_on_the_other(CancellationToken ct)
    {
        LiveSettings there = _other.Services.GetRequiredService<LiveSettings>();
        TaskCompletionSource<LimitSettings> changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        there.LimitsChanged += limits => changed.TrySetResult(limits);

        long asked = Stopwatch.GetTimestamp();
        Result<string> set = await _one.Services.GetRequiredService<ChangeSetting>().ExecuteAsync("Limits:HistoryBurst", "33", "test", ct);
        Assert.That(set.IsOk);

        Assert.That((await changed.Task.WaitAsync(ct)).HistoryBurst, Is.EqualTo(33));
        TestContext.Out.WriteLine($"in force on the other node after {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0.0} ms");
    }

    private async Task<WebApplication> StartNodeAsync(string id)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Server:Port"] = "0",
            ["Tokens:SigningKey"] = Convert.ToBase64String(new byte[48]),
            ["Database:ConnectionString"] = _database.ConnectionString,
            ["Cluster:NodeId"] = id,
            ["Cluster:Redis"] = _redis.Address,
        };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        WebApplication node = ServerHost.Build(
            SettingsReader.Read(configuration, isDevelopment: true), configuration, _database.ConnectionString,
            ServerLog.Create(configuration, isDevelopment: true));
        await node.StartAsync();
        return node;
    }
}
