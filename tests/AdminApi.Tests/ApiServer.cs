using Chat.TestKit;

namespace Chat.AdminApi.Tests;

/// <summary>One host and one database for all tests that do not need their own; every test makes its own people.</summary>
[SetUpFixture]
internal sealed class ApiServer
{
    private static ApiHost? _host;
    private static TestDatabase? _database;

    public static ApiHost Host => _host ?? throw new InvalidOperationException("The host has not been started: run tests through NUnit.");

    public static TestDatabase Database =>
        _database ?? throw new InvalidOperationException("The database has not been started: run tests through NUnit.");

    public static ApiClient Client => Host.Client;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _host = await ApiHost.StartAsync(_database.Source);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }
}
