using Chat.Domain.Limits;
using Chat.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Chat.Server.Tests.Hosting;

/// <summary>What a running server tells the verbs of itself, and what they read where none does.</summary>
internal sealed class InstanceFileTests
{
    private const string Database = "Host=db;Port=5433;Database=chat;Username=chat;Password=secret-word";

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("instance").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Limits_and_database_are_read_as_the_server_has_them_and_no_password()
    {
        LimitSettings limits = new() { SendsPerMinute = 2.5, GroupMembers = 7, Visitors = new KindLimits(), Bots = new KindLimits { UploadsBurst = 3 } };
        InstanceFile.Of("http://127.0.0.1:8080", new Settings { IsDevelopment = true, Limits = limits }, Database, demo: true).Write(_folder);

        InstanceFile found = InstanceFile.FindRunning(_folder)!;

        Assert.That(found.ReadLimits(), Is.EqualTo(limits));
        Assert.That(found.Database, Is.EqualTo("db:5433, database chat"));
        Assert.That(found.FindDemo("ben")?.Login, Is.EqualTo("ben@demo.example"));
        Assert.That(File.ReadAllText(Path.Combine(_folder, InstanceFile.Name)), Does.Not.Contain("secret-word"));
    }

    [Test]
    public void Who_was_killed_does_not_run_and_a_file_of_before_tells_no_limits()
    {
        const string Former = """{ "url": "http://127.0.0.1:8080", "processId": PID, "demo": [] }""";
        string path = Path.Combine(_folder, InstanceFile.Name);

        Assert.That(InstanceFile.FindRunning(_folder), Is.Null);
        File.WriteAllText(path, Former.Replace("PID", $"{int.MaxValue}", StringComparison.Ordinal));
        Assert.That(InstanceFile.FindRunning(_folder), Is.Null);
        File.WriteAllText(path, Former.Replace("PID", $"{Environment.ProcessId}", StringComparison.Ordinal));
        Assert.That(InstanceFile.FindRunning(_folder)!.ReadLimits(), Is.Null);
        File.WriteAllText(path, "{");
        Assert.That(InstanceFile.FindRunning(_folder), Is.Null);
    }

    [Test]
    public void A_verb_reads_the_limits_of_production_on_a_named_database_and_else_those_of_development()
    {
        Dictionary<string, string?> set = new() { ["Limits:HistoryPerSecond"] = "3" };
        LimitSettings development = Read();
        set["Database:ConnectionString"] = Database;
        LimitSettings production = Read();

        Assert.That((development.SendsPerMinute, development.HistoryPerSecond), Is.EqualTo((0d, 3d)));
        Assert.That(production, Is.EqualTo(new LimitSettings { HistoryPerSecond = 3 }));

        LimitSettings Read() => SettingsReader.ReadForVerb(new ConfigurationBuilder().AddInMemoryCollection(set).Build()).Limits;
    }
}
