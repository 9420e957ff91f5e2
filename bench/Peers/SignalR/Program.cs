using System.Net;

using Chat.Peers.SignalR;

using Npgsql;

// What a .NET developer would build first: a SignalR hub with groups, in its default JSON protocol. With a connection string as the argument
// every message is inserted into PostgreSQL before it is sent on, which is what "durable" takes there. Fair to it: no logging, no sign-in,
// a pool of 50 connections and prepared statements. It takes a free port and says which.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.Services.AddSignalR();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
if (args is [string connectionString]) builder.Services.AddSingleton(await MessageTable.OpenAsync(connectionString));

await using WebApplication app = builder.Build();
app.MapHub<RoomHub>("/hub");
await app.StartAsync();
Console.WriteLine($"listening on {new Uri(app.Urls.First()).Port}");
await app.WaitForShutdownAsync();
