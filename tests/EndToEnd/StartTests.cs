using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Chat.TestKit;
using Npgsql;

namespace Chat.EndToEnd.Tests;

/// <summary>How <c>serve</c> starts as a process of its own, and how it ends when it cannot.</summary>
[TestFixture]
[Category("e2e")]
internal sealed class StartTests
{
    private string _data = null!;

    [SetUp]
    public void CreateData() => _data = Directory.CreateTempSubdirectory("chat-start-").FullName;

    [TearDown]
    public void DeleteData() => Directory.Delete(_data, recursive: true);

    [Test, CancelAfter(120_000)]
    public async Task Without_PostgreSQL_it_waits_with_one_line_and_SIGTERM_ends_it_at_once(CancellationToken ct)
    {
        int port = FreePort.Next();
        using Process server = Serve(
            $"Host=127.0.0.1;Port={FreePort.Next()};Username=chat;Password=secret-word;Database=chat", port);
        Task<string> errors = server.StandardError.ReadToEndAsync(ct);
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await AnswerAsync(http, "/health/live", HttpStatusCode.OK, ct);
        string notReady = await AnswerAsync(http, "/health/ready", HttpStatusCode.ServiceUnavailable, ct, "the database does not answer");
        Assert.That(notReady, Does.Contain("\"start\""));

        long told = Stopwatch.GetTimestamp();
        await SignalAsync("-TERM", server, ct);
        await server.WaitForExitAsync(ct);

        TestContext.Out.WriteLine($"ended {Stopwatch.GetElapsedTime(told).TotalMilliseconds:0} ms after SIGTERM");
        Assert.That(server.ExitCode, Is.Zero);
        string[] lines = [.. (await errors).Split('\n').Where(line => line.Contains("Waiting for PostgreSQL", StringComparison.Ordinal))];
        Assert.That(lines, Has.Length.EqualTo(1), "one line, then one every 30 s");
        Assert.That((await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.LessThan(6), await errors);
        Assert.That(await errors, Does.Not.Contain("secret-word"));
    }

    [Test, CancelAfter(120_000)]
    public async Task A_database_that_will_never_serve_it_is_refused_at_once_with_what_to_do(CancellationToken ct)
    {
        await using TestDatabase empty = await TestDatabase.CreateEmptyAsync();
        using TcpListener strict = new(IPAddress.Loopback, 0);
        strict.Start();
        Task refusing = RefusePasswordsAsync(strict);
        string wrongPassword =
            $"Host=127.0.0.1;Port={((IPEndPoint)strict.LocalEndpoint).Port};Username=chat;Password=secret-word;Database=chat";
        string missing = new NpgsqlConnectionStringBuilder(empty.ConnectionString) { Database = "nothing_here" }.ConnectionString;

        foreach ((string connectionString, string[] set, string[] told) in ((string, string[], string[])[])
        [
            (wrongPassword, [], ["password authentication failed", "Mend user and password in Database:ConnectionString"]),
            (missing, [], ["nothing_here", "createdb"]),
            (empty.ConnectionString + ";Options=-c synchronous_commit=off", [], ["synchronous_commit = off", "Database:AllowUnsafe=true"]),
            (empty.ConnectionString, ["Database:Migrate=false"], ["./chat migrate up", "dotnet Chat.Server.dll migrate up"]),
        ])
        {
            using Process server = Serve(connectionString, FreePort.Next(), set);
            string errors = await server.StandardError.ReadToEndAsync(ct);
            await server.WaitForExitAsync(ct);

            Assert.That(server.ExitCode, Is.EqualTo(2), errors);
            foreach (string expected in told) Assert.That(errors, Does.Contain(expected));
            Assert.That(errors, Does.Not.Contain("   at Chat.").And.Not.Contain("secret-word"), "neither stack trace nor password");
        }

        strict.Stop();
        await refusing;
    }

    [Test, CancelAfter(180_000)]
    public async Task A_second_process_with_the_same_name_is_refused_and_a_killed_one_starts_again_at_once(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        int port = FreePort.Next();
        using Process first = Serve(database.ConnectionString, port, "Cluster:NodeId=a");
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await AnswerAsync(http, "/health/ready", HttpStatusCode.OK, ct);

        using Process second = Serve(database.ConnectionString, FreePort.Next(), "Cluster:NodeId=a");
        string errors = await second.StandardError.ReadToEndAsync(ct);
        await second.WaitForExitAsync(ct);
        Assert.That(second.ExitCode, Is.EqualTo(2), errors);
        Assert.That(errors, Does.Contain("Cluster:NodeId is 'a'").And.Contain($"127.0.0.1:{port}").And.Contain("Give each node a name"));
        Assert.That(first.HasExited, Is.False);

        await SignalAsync("-KILL", first, ct);
        await first.WaitForExitAsync(ct);
        using Process again = Serve(database.ConnectionString, port, "Cluster:NodeId=a");
        await AnswerAsync(http, "/health/ready", HttpStatusCode.OK, ct);

        (int exitCode, string output, string fault) = await ServerProcess.RunVerbAsync(
            ["nodes", "--set", $"Database:ConnectionString={database.ConnectionString}"], ct: ct);
        Assert.That(exitCode, Is.Zero, fault);
        Assert.That(output, Does.Match($@"(?m)^a +\S+ +\d+ +127\.0\.0\.1:{port} .* running$"));

        await SignalAsync("-TERM", again, ct);
        await again.WaitForExitAsync(ct);
        Assert.That(again.ExitCode, Is.Zero);
    }

    [Test, CancelAfter(180_000)]
    public async Task A_limit_that_is_set_by_the_verb_is_shown_and_taken_back(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(demo: false, ct: ct);

        string before = await SettingsAsync(server, ct, "get", "Limits:SendsPerMinute");
        Assert.That(before, Does.Match("^Limits:SendsPerMinute +0 +as this node is configured"), "a server in development has none");
        string set = await SettingsAsync(server, ct, "set", "limits:sendsperminute", "2.5");
        Assert.That(set, Does.StartWith("Limits:SendsPerMinute is 2.5 from now on."));
        string one = await SettingsAsync(server, ct, "get", "Limits:SendsPerMinute");
        Assert.That(one, Does.Match(@"^Limits:SendsPerMinute +2\.5 +set \d{4}-"));
        await SettingsAsync(server, ct, "set", "Limits:Visitors:SendsPerMinute", "20");
        string every = await SettingsAsync(server, ct, "get");
        Assert.That(every, Does.Match(@"(?m)^Limits:Visitors:SendsPerMinute +20 +set .* of visitors alone$").And.Not.Contain("Limits:Bots"));
        string none = await SettingsAsync(server, ct, "get", "Limits:Bots:SendsPerMinute");
        Assert.That(none, Does.Match("^Limits:Bots:SendsPerMinute +as all +as this node"));
        string reset = await SettingsAsync(server, ct, "reset", "Limits:SendsPerMinute");
        Assert.That(reset, Does.Contain("is back at what each node is configured with"));
        Assert.That(await SettingsAsync(server, ct, "get", "Limits:SendsPerMinute"), Is.EqualTo(before));
        string all = await SettingsAsync(server, ct, "get");
        Assert.That(all, Does.Contain("Limits:HistoryBurst").And.Not.Contain("2.5"));

        (int exitCode, _, string fault) = await ServerProcess.RunVerbAsync(
            ["settings", "set", "Limits:SendsBurst", "none", "--data", server.Data], ct: ct);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(fault, Does.StartWith("Limits:SendsBurst is 'none': set messages of one principal at once, a whole number from 1"));
    }

    private static async Task<string> SettingsAsync(ServerProcess server, CancellationToken ct, params string[] arguments)
    {
        (int exitCode, string output, string fault) = await ServerProcess.RunVerbAsync(
            ["settings", .. arguments, "--data", server.Data], ct: ct);
        Assert.That(exitCode, Is.Zero, fault);
        return output;
    }

    private Process Serve(string connectionString, int port, params string[] set)
    {
        Dictionary<string, string> environment = new()
        {
            ["CHAT__Tokens__SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)),
            ["CHAT__Database__ConnectionString"] = connectionString,
        };
        IEnumerable<string> settings = set.SelectMany(pair => (string[])["--set", pair]);
        return ServerProcess.Launch(["serve", "--port", $"{port}", "--data", _data, .. settings], environment);
    }

    /// <summary>Asks until the answer has this status, and this text in it.</summary>
    private static async Task<string> AnswerAsync(
        HttpClient http, string path, HttpStatusCode status, CancellationToken ct, string text = "")
    {
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(path, ct);
                string body = await answer.Content.ReadAsStringAsync(ct);
                if (answer.StatusCode == status && body.Contains(text, StringComparison.Ordinal)) return body;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    /// <summary>Answers each connection as PostgreSQL answers a wrong password, until the listener stops.</summary>
    private static async Task RefusePasswordsAsync(TcpListener listener)
    {
        const string Fields = "SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"chat\"\0\0";
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                byte[] head = new byte[8];
                await stream.ReadExactlyAsync(head);
                while (head[0..4] is [0, 0, 0, 8]) // SSLRequest and its like: no
                {
                    await stream.WriteAsync("N"u8.ToArray());
                    await stream.ReadExactlyAsync(head);
                }

                await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(head) - head.Length]);
                byte[] error = [(byte)'E', 0, 0, 0, (byte)(Fields.Length + 4), .. Encoding.ASCII.GetBytes(Fields)];
                await stream.WriteAsync(error);
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException)
        {
            return; // stopped
        }
    }

    private static async Task SignalAsync(string signal, Process process, CancellationToken ct)
    {
        using Process kill = Process.Start("kill", [signal, $"{process.Id}"]);
        await kill.WaitForExitAsync(ct);
    }
}
