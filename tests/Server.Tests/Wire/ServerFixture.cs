using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Storage.Chats;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>The composed server on a loopback port, on a PostgreSQL of its own; people and chats for a test to use.</summary>
internal abstract class ServerFixture
{
    private static int _people;

    private TestDatabase _database = null!;
    private WebApplication _app = null!;

    protected Uri Url { get; private set; } = null!;

    protected IServiceProvider Services => _app.Services;

    /// <summary>Settings that differ from the defaults, as the command line would give them.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>();

    [OneTimeSetUp]
    public async Task StartServerAsync()
    {
        await PrepareAsync();
        _database = await TestDatabase.CreateAsync();
        _app = await StartNodeAsync();
        Url = new Uri(_app.Urls.First());
    }

    [OneTimeTearDown]
    public async Task StopServerAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Starts what the server of the fixture needs beside its database.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>A server on the fixture's database, on a port of its own. Whoever asks for another one stops it.</summary>
    protected async Task<WebApplication> StartNodeAsync()
    {
        Dictionary<string, string?> settings = new(Overrides)
        {
            ["Server:Port"] = "0",
            ["Tokens:SigningKey"] = Convert.ToBase64String(new byte[48]),
            ["Database:ConnectionString"] = _database.ConnectionString,
        };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        Settings read = SettingsReader.Read(configuration, isDevelopment: true);
        WebApplication app = ServerHost.Build(read, configuration, _database.ConnectionString, ServerLog.Create(configuration, isDevelopment: true));
        await app.StartAsync();
        return app;
    }

    /// <summary>A new account; every call another one.</summary>
    protected async Task<SignedIn> NewPersonAsync(string name, CancellationToken ct)
    {
        string email = $"person{Interlocked.Increment(ref _people)}@example.test";
        RegisterInput input = new(name, email, null, "a good password", "test", "127.0.0.1");
        Result<SignedIn> made = await Services.GetRequiredService<RegisterAccount>().ExecuteAsync(input, ct);
        return made.Value;
    }

    /// <summary>A group whose first member is its admin.</summary>
    protected async Task<ChatRow> NewGroupAsync(CancellationToken ct, params SignedIn[] members)
    {
        Result<ChatRow> made = await Services.GetRequiredService<CreateGroup>().ExecuteAsync(
            Caller(members[0]), "a group", [.. members.Skip(1).Select(member => member.PrincipalId)], ct);
        return made.Value;
    }

    protected static Caller Caller(SignedIn person) => new(person.PrincipalId, person.DeviceId);

    protected async Task<WireClient> OnlineAsync(SignedIn person, CancellationToken ct)
    {
        WireClient client = await WireClient.ConnectAsync(Url, ct);
        await client.HelloAsync(person.AccessToken, ct);
        return client;
    }
}
