using System.Net;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Cluster;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Server.Tests.Wire;
using Chat.Storage.Nodes;
using Chat.Storage.Schema;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Chat.Server.Tests.Hosting;

/// <summary>The composed server on a database that is away, wrong, or shared.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
internal sealed class StartTests
{
    [Test, CancelAfter(120_000)]
    public async Task While_PostgreSQL_is_away_probes_are_answered_and_nobody_is_let_in(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        string folder = Directory.CreateTempSubdirectory("chat-away-").FullName;
        NpgsqlConnectionStringBuilder away = new(database.ConnectionString) { Host = folder, Port = 5432 };
        await using WebApplication app = Compose(away.ConnectionString);
        Task start = app.StartAsync(ct);
        using HttpClient http = new() { BaseAddress = await ListeningAsync(app, ct) };

        Assert.That((await http.GetAsync("/health/live", ct)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await ReadyAsync(http, "the database does not answer", ct), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        HttpResponseMessage refused = await http.GetAsync("/api/chats", ct);
        Assert.That((int)refused.StatusCode, Is.EqualTo(503));
        Assert.That(refused.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        using (WireClient client = await WireClient.ConnectAsync(http.BaseAddress, ct))
        {
            await client.SendAsync(new HelloRequest(ProtocolLimits.ProtocolVersion, "token", "early", []), ct);
            Assert.That(await client.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.StorageUnavailable));
        }

        Assert.That(start.IsCompleted, Is.False);
        await using PostgresProxy appears = new(database.ConnectionString, folder);
        await start;

        Assert.That((await http.GetAsync("/health/ready", ct)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((int)(await http.GetAsync("/api/chats", ct)).StatusCode, Is.EqualTo(401));
        await app.StopAsync(ct);
    }

    [Test, CancelAfter(120_000)]
    public async Task A_start_that_waits_ends_when_it_is_told_to(CancellationToken ct)
    {
        string folder = Directory.CreateTempSubdirectory("chat-away-").FullName;
        await using WebApplication app = Compose($"Host={folder};Username=chat;Database=chat");
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task start = app.StartAsync(stop.Token);
        await ListeningAsync(app, ct);

        await stop.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => start);
        await app.StopAsync(ct);
        Directory.Delete(folder);
    }

    [Test, CancelAfter(120_000)]
    public async Task A_database_that_is_not_there_is_not_waited_for(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nothing_here" }.ConnectionString;
        await using WebApplication app = Compose(wrong);

        PostgresException? refused = await Assert.ThrowsAsync<PostgresException>(() => app.StartAsync(ct));

        Assert.That(DatabaseRefusal.Explain(refused!), Does.Contain("nothing_here").And.Contain("createdb"));
        await app.StopAsync(ct);
    }

    [Test, CancelAfter(120_000)]
    public async Task An_older_schema_is_refused_with_the_command_when_it_may_not_be_changed(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        await using WebApplication app = Compose(database.ConnectionString, ("Database:Migrate", "false"));

        MigrationException? refused = await Assert.ThrowsAsync<MigrationException>(() => app.StartAsync(ct));

        Assert.That(refused!.Message, Does.Contain("./chat migrate up").And.Contain("Database:Migrate=false"));
        await app.StopAsync(ct);
        await using NpgsqlCommand count = database.Source.CreateCommand("select count(*) from pg_tables where schemaname = 'public'");
        Assert.That(await count.ExecuteScalarAsync(ct), Is.Zero, "nothing was made");
    }

    [Test, CancelAfter(120_000)]
    public async Task A_schema_that_is_up_starts_without_the_right_to_change_it(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using WebApplication app = Compose(database.ConnectionString, ("Database:Migrate", "false"));

        await app.StartAsync(ct);
        await app.StopAsync(ct);
    }

    [Test, CancelAfter(120_000)]
    public async Task Two_nodes_with_one_name_are_one_too_many(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using WebApplication first = Compose(database.ConnectionString, ("Cluster:NodeId", "a"));
        await using WebApplication second = Compose(database.ConnectionString, ("Cluster:NodeId", "a"));
        await using WebApplication third = Compose(database.ConnectionString, ("Cluster:NodeId", "a"));
        await first.StartAsync(ct);

        NodeTakenException? refused = await Assert.ThrowsAsync<NodeTakenException>(() => second.StartAsync(ct));
        foreach (string expected in (string[])["'a'", new Uri(first.Urls.First()).Authority, "since", "Give each node a name"])
            Assert.That(refused!.Message, Does.Contain(expected));
        await second.StopAsync(ct);

        await first.StopAsync(ct);
        Assert.That((await new NodeStore(database.Source).ListAsync(ct)).Single().EndedAt, Is.Not.Null);
        await third.StartAsync(ct);
        await third.StopAsync(ct);
    }

    [Test, CancelAfter(120_000)]
    public async Task Nodes_without_a_name_stand_side_by_side(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using WebApplication first = Compose(database.ConnectionString), second = Compose(database.ConnectionString);
        await first.StartAsync(ct);
        await second.StartAsync(ct);

        IReadOnlyList<NodeRow> nodes = await new NodeStore(database.Source).ListAsync(ct);
        Assert.That(nodes, Has.Count.EqualTo(2));
        Assert.That(nodes.Select(node => node.IsRunning), Is.All.True);
        Assert.That(nodes.Select(node => node.SchemaVersion), Is.All.EqualTo(Migrator.ProgramVersion));
        await first.StopAsync(ct);
        await second.StopAsync(ct);
    }

    [Test, CancelAfter(120_000)]
    public async Task A_node_whose_name_another_process_took_while_it_was_cut_off_ends_itself(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using WebApplication node = Compose(database.ConnectionString, ("Cluster:NodeId", "a"));
        await node.StartAsync(ct);
        NodeEntry other = new("a", 1, "0.1.0", 1, Migrator.ProgramVersion, "elsewhere:1");
        await using NodeLease pretender = new(database.ConnectionString, other);
        Assert.That(await pretender.TryTakeAsync(ct), Is.Not.Null);
        await using (NpgsqlCommand cut = database.Source.CreateCommand("""
            select pg_terminate_backend(pid, 10000) from pg_stat_activity
            where application_name = 'chat node' and datname = current_database()
            """))
        {
            await cut.ExecuteNonQueryAsync(ct);
        }

        while (await pretender.TryTakeAsync(ct) is not null) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        await node.WaitForShutdownAsync(ct);

        Assert.That(node.Services.GetRequiredService<NodeRegistration>().IsSuperseded);
        NodeRow row = (await new NodeStore(database.Source).ListAsync(ct)).Single();
        Assert.That((row.Address, row.IsRunning), Is.EqualTo(("elsewhere:1", true)), "the one that ends leaves the other's row alone");
    }

    [Test, CancelAfter(120_000)]
    public async Task A_node_that_lost_its_connection_takes_its_name_again_and_goes_on(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using PostgresProxy proxy = new(database.ConnectionString);
        await using WebApplication node = Compose(proxy.ConnectionString, ("Cluster:NodeId", "a"));
        await node.StartAsync(ct);
        proxy.ForgetClients();
        NodeStore nodes = new(database.Source);
        DateTimeOffset cutAt = (await nodes.ListAsync(ct)).Single().StartedAt;

        // The row is renewed by the new connection only.
        TimeSpan age = (await nodes.ListAsync(ct)).Single().SilentFor;
        while ((await nodes.ListAsync(ct)).Single() is { } row && row.SilentFor >= age)
        {
            age = row.SilentFor;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        }

        Assert.That(node.Services.GetRequiredService<NodeRegistration>().IsSuperseded, Is.False);
        Assert.That((await nodes.ListAsync(ct)).Single().StartedAt, Is.EqualTo(cutAt), "it did not start again");
        await node.StopAsync(ct);
    }

    [TestCase("28P01", false)] // wrong password
    [TestCase("28000", false)] // not let in
    [TestCase("3D000", false)] // no such database
    [TestCase("42501", false)] // no right
    [TestCase("57P03", true)] // starting up
    [TestCase("53300", true)] // too many connections
    [TestCase("25006", true)] // read-only after a fail-over
    public void What_waiting_cannot_mend_is_told_from_what_it_can(string sqlState, bool passes)
    {
        PostgresException fault = new("said so", "FATAL", "FATAL", sqlState);

        Assert.That(Storage.DatabaseOutage.IsPassing(fault), Is.EqualTo(passes));
        Assert.That(DatabaseRefusal.Explain(fault), Does.Contain("said so").And.Contain(sqlState));
    }

    [TestCase("Groups:MaxMembers", "500", "Limits:GroupMembers")]
    [TestCase("Limits:GroupMembers", "1", "from 2 to 10000")]
    [TestCase("Limits:GroupMembers", "10001", "from 2 to 10000")]
    public void Size_of_groups_is_a_limit_with_bounds_and_its_old_name_leads_there(string key, string value, string remedy)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        SettingsException refused = Assert.Throws<SettingsException>(() => SettingsReader.Read(configuration, isDevelopment: true))!;

        Assert.That(refused.Message, Does.Contain(key).And.Contain(remedy));
    }

    [TestCase("Issuers:shop:SecretKey", "Issuers:shop:Algorithm", "HS256")]
    [TestCase("Tokens:SigningKey", "Tokens:Issuer", "chat")]
    [TestCase("Blobs:EncryptionKey", "Blobs:Directory", "/tmp")]
    public void A_key_that_cannot_be_read_is_one_fault(string key, string other, string value)
    {
        Dictionary<string, string?> settings = new() { [key] = "short", [other] = value, ["Database:ConnectionString"] = "Host=nowhere" };
        settings.TryAdd("Tokens:SigningKey", Convert.ToBase64String(new byte[48]));

        SettingsException refused = Assert.Throws<SettingsException>(
            () => SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment: false))!;

        Assert.That(refused.Faults, Has.One.Items);
        Assert.That(refused.Message, Does.Contain(key).And.Contain("is '***': set bytes in base64"));
    }

    [TestCase("Limits:Visitors:SendsPerMinute", "-1", "messages a minute of one principal, of visitors alone, from 0")]
    [TestCase("Limits:Visitors:SendsPerMinute", "many", "(environment: CHAT__Limits__Visitors__SendsPerMinute) is 'many': set a number")]
    [TestCase("Limits:Agents:SendsBurst", "2.5", "(environment: CHAT__Limits__Agents__SendsBurst) is '2.5': set a whole number")]
    [TestCase("Limits:Visitors:PinnedChats", "1", "is not a setting. Limits:Visitors has: CallSignalsBurst")]
    [TestCase("Limits:Visitors", "1", "set its values, one by one")]
    public void What_a_kind_of_principals_may_is_read_by_its_section_and_judged(string key, string value, string remedy)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        SettingsException refused = Assert.Throws<SettingsException>(() => SettingsReader.Read(configuration, isDevelopment: true))!;

        Assert.That(refused.Message, Does.Contain(key).And.Contain(remedy));
    }

    [Test]
    public void Limits_of_kinds_stand_over_those_of_all_and_development_has_none()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Tokens:SigningKey"] = Convert.ToBase64String(new byte[48]),
            ["Database:ConnectionString"] = "Host=nowhere",
        };
        LimitSettings production = Read(isDevelopment: false), development = Read(isDevelopment: true);
        settings["Limits:SendsPerSecond"] = "2"; // the name of before
        settings["Limits:Visitors:SendsPerMinute"] = "30";
        LimitSettings set = Read(isDevelopment: false);
        settings["Limits:SendsPerMinute"] = "60";

        Assert.That((production, development.Visitors, development.SendsPerMinute), Is.EqualTo((new LimitSettings(), new KindLimits(), 0d)));
        Assert.That((set.SendsPerMinute, set.Visitors), Is.EqualTo((120d, KindLimits.OfVisitors with { SendsPerMinute = 30 })));
        Assert.That(KindLimits.OfVisitors.SendsPerMinute, Is.EqualTo(10), "nobody wrote into the default");
        Assert.That(() => Read(isDevelopment: false), Throws.TypeOf<SettingsException>().With.Message.Contains("is called Limits:SendsPerMinute now, and both are set"));

        LimitSettings Read(bool isDevelopment) =>
            SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment).Limits;
    }

    [TestCase(true, "localhost")]
    [TestCase(false, "")]
    public void Passkeys_are_on_in_development_and_else_where_their_domain_is_named(bool isDevelopment, string domain)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Tokens:SigningKey"] = Convert.ToBase64String(new byte[48]),
            ["Database:ConnectionString"] = "Host=nowhere",
        };
        Settings untouched = SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment);
        settings["Passkeys:ServerDomain"] = "example.org";
        settings["Passkeys:Origins"] = "https://chat.example.org, https://example.com";

        SettingsException refused = Assert.Throws<SettingsException>(
            () => SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment))!;

        Assert.That(untouched.Passkeys.ServerDomain, Is.EqualTo(domain));
        Assert.That(refused.Message, Does.Contain("'https://example.com', which is not of Passkeys:ServerDomain 'example.org'").And.Not.Contain("'https://chat."));
    }

    private static WebApplication Compose(string connectionString, params (string Key, string Value)[] overrides)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Server:Port"] = "0",
            ["Tokens:SigningKey"] = Convert.ToBase64String(new byte[48]),
            ["Database:ConnectionString"] = connectionString,
        };
        foreach ((string key, string value) in overrides) settings[key] = value;
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        Settings read = SettingsReader.Read(configuration, isDevelopment: true);
        return ServerHost.Build(read, configuration, connectionString, ServerLog.Create(configuration, isDevelopment: true));
    }

    private static async Task<Uri> ListeningAsync(WebApplication app, CancellationToken ct)
    {
        while (app.Urls.FirstOrDefault() is null or "http://127.0.0.1:0")
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
        return new Uri(app.Urls.First());
    }

    /// <summary>Asks until the answer has the reason: the first try may be under way.</summary>
    private static async Task<HttpStatusCode> ReadyAsync(HttpClient http, string reason, CancellationToken ct)
    {
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync("/health/ready", ct);
            if ((await answer.Content.ReadAsStringAsync(ct)).Contains(reason, StringComparison.Ordinal)) return answer.StatusCode;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }
}
