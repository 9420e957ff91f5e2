using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Server.Transport;
using Chat.Storage.Chats;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Fuzz.Sessions;

/// <summary>The composed server on a PostgreSQL of its own, and in it: Anna and Ben in a group, Cleo in another that is not
// theirs.</summary>
internal sealed class SessionWorld : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly WebApplication _app;

    private SessionWorld(TestDatabase database, WebApplication app) => (_database, _app) = (database, app);

    public WebSocketAcceptor Acceptor => _app.Services.GetRequiredService<WebSocketAcceptor>();

    public SignedIn Anna { get; private set; } = null!;

    public SignedIn Ben { get; private set; } = null!;

    public SignedIn Cleo { get; private set; } = null!;

    /// <summary>Chat of Anna and Ben.</summary>
    public long Group { get; private set; }

    /// <summary>Its head before the first step.</summary>
    public long GroupHead { get; private set; }

    /// <summary>Chat of Cleo.</summary>
    public long Foreign { get; private set; }

    public static async Task<SessionWorld> StartAsync()
    {
        TestDatabase database = await TestDatabase.CreateAsync();
        Dictionary<string, string?> settings = new()
        {
            ["Server:Port"] = "0",
            ["Tokens:SigningKey"] = Convert.ToBase64String(new byte[48]),
            ["Database:ConnectionString"] = database.ConnectionString,
            ["Log:Level"] = "Critical", // refusals are the daily bread here
        };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        WebApplication app = ServerHost.Build(
            SettingsReader.Read(configuration, isDevelopment: true), configuration, database.ConnectionString,
            ServerLog.Create(configuration, isDevelopment: true));
        await app.StartAsync();
        SessionWorld world = new(database, app);
        await world.PopulateAsync();
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task PopulateAsync()
    {
        (Anna, Ben, Cleo) = (await RegisterAsync("Anna"), await RegisterAsync("Ben"), await RegisterAsync("Cleo"));
        ChatRow group = await FoundAsync(Anna, Ben);
        (Group, GroupHead) = (group.ChatId, group.HeadSequence);
        Foreign = (await FoundAsync(Cleo)).ChatId;
    }

    private async Task<SignedIn> RegisterAsync(string name)
    {
        RegisterInput input = new(name, $"{name}@example.test", null, "a good password", "fuzz", "127.0.0.1");
        return (await _app.Services.GetRequiredService<RegisterAccount>().ExecuteAsync(input, CancellationToken.None)).Value;
    }

    private async Task<ChatRow> FoundAsync(SignedIn founder, params SignedIn[] others)
    {
        Result<ChatRow> made = await _app.Services.GetRequiredService<CreateGroup>().ExecuteAsync(
            new Caller(founder.PrincipalId, founder.DeviceId), "a group", [.. others.Select(other => other.PrincipalId)],
            CancellationToken.None);
        return made.Value;
    }
}
