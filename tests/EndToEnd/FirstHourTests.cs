using System.Diagnostics;
using System.Text.Json;
using Chat.Sdk;
using Chat.Sdk.People;

namespace Chat.EndToEnd.Tests;

/// <summary>What a newcomer and an operator do first.</summary>
[TestFixture]
[Category("e2e")]
internal sealed class FirstHourTests
{
    [Test, CancelAfter(90_000)]
    public async Task Two_instances_run_side_by_side_and_do_not_mix(CancellationToken ct)
    {
        await using ServerProcess one = await ServerProcess.StartAsync(ct: ct);
        await using ServerProcess two = await ServerProcess.StartAsync(ct: ct);
        using AccountSession account = await AccountSession.SignInAsync(one.Url, "anna@demo.example", "demo-password", cancellationToken: ct);
        await using ChatClient anna = new(one.Url, account);
        await anna.ConnectAsync(ct);

        await anna.Chat(anna.Chats[0].ChatId).Send("only here").Sent.WaitAsync(ct);
        using AccountSession other = await AccountSession.SignInAsync(two.Url, "anna@demo.example", "demo-password", cancellationToken: ct);
        await using ChatClient elsewhere = new(two.Url, other);
        await elsewhere.ConnectAsync(ct);
        HistoryPage page = await elsewhere.Chat(elsewhere.Chats[0].ChatId).HistoryAsync(cancellationToken: ct);

        Assert.That(page.Events.OfType<ChatMessage>().Select(message => message.Text), Has.None.EqualTo("only here"));
    }

    [Test, CancelAfter(60_000)]
    public async Task The_start_screen_names_addresses_accounts_and_data(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        Assert.That(() => server.Output, Does.Contain("Ctrl-C").After(10_000, 20)); // ready comes before the screen is printed and read

        foreach (string expected in (string[])[$"{server.Url}", "anna@demo.example", "demo-password", server.Data, "Development mode", "/openapi/v1.json"])
            Assert.That(server.Output, Does.Contain(expected));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_send_sends_tail_prints(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        using Process tail = ServerProcess.Launch(["tail", "--data", server.Data, "--as", "ben", "--count", "3"]);
        Task<string> printed = tail.StandardOutput.ReadToEndAsync(ct);

        // Tail prints what comes after it is online; sending goes on until it has seen enough.
        while (!tail.HasExited)
        {
            (int exitCode, string output, string error) = await ServerProcess.RunVerbAsync(["send", "--data", server.Data, "--as", "anna", "--to", "ben", "from a terminal"], ct: ct);
            Assert.That(exitCode, Is.Zero, error);
            Assert.That(output, Does.Match(@"sent chat=\d+ sequence=\d+"));
        }

        Assert.That(await printed, Does.Contain("Anna: from a terminal"));
    }

    [Test, CancelAfter(90_000)]
    public async Task Verbs_leave_no_device_signed_in_however_they_end(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        using AccountSession account = await AccountSession.SignInAsync(server.Url, "anna@demo.example", "demo-password", cancellationToken: ct);
        await using ChatClient anna = new(server.Url, account);

        await ServerProcess.RunVerbAsync(["send", "--data", server.Data, "--as", "anna", "--to", "ben", "hello"], ct: ct);
        await ServerProcess.RunVerbAsync(["send", "--data", server.Data, "--as", "anna", "--to", "nobody", "hello"], ct: ct);
        using Process tail = ServerProcess.Launch(["tail", "--data", server.Data, "--as", "anna"]);
        while (!(await DevicesAsync(anna, ct)).Contains("chat tail")) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        using (Process kill = Process.Start("kill", ["-INT", $"{tail.Id}"])) await kill.WaitForExitAsync(ct);
        await tail.WaitForExitAsync(ct);

        Assert.That(tail.ExitCode, Is.Zero);
        Assert.That(await DevicesAsync(anna, ct), Has.None.StartsWith("chat "));
    }

    [Test, CancelAfter(60_000)]
    public async Task An_end_by_the_server_leaves_tail_with_one_line_about_its_device(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        using Process tail = ServerProcess.Launch(["tail", "--data", server.Data, "--as", "anna"]);
        using StreamReader errors = tail.StandardError;
        using StreamReader messages = tail.StandardOutput;
        Task<string?> heard = messages.ReadLineAsync(ct).AsTask();
        while (!heard.IsCompleted) await ServerProcess.RunVerbAsync(["send", "--data", server.Data, "--as", "ben", "--to", "anna", "hello"], ct: ct);
        await server.KillAsync(ct);
        while (await errors.ReadLineAsync(ct) is { } line && !line.StartsWith("connection lost", StringComparison.Ordinal)) continue;

        using (Process kill = Process.Start("kill", ["-INT", $"{tail.Id}"])) await kill.WaitForExitAsync(ct);
        string said = await errors.ReadToEndAsync(ct);
        await tail.WaitForExitAsync(ct);

        Assert.That(tail.ExitCode, Is.Zero, said);
        Assert.That(said, Does.Contain("the device 'chat tail' of this account stays signed in").And.Not.Contain("   at "));
    }

    [Test, CancelAfter(90_000)]
    public async Task Beside_a_running_server_the_doctor_finds_it_and_a_second_one_is_told_what_to_give(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        string[] here = ["--port", $"{server.Port}", "--data", server.Data];

        (int exitCode, string findings, string fault) = await ServerProcess.RunVerbAsync(["doctor", .. here], ct: ct);
        (int second, _, string refusal) = await ServerProcess.RunVerbAsync(["dev", .. here], ct: ct);
        (int migrate, string schema, string refused) = await ServerProcess.RunVerbAsync(["migrate", "status", "--data", server.Data], ct: ct);

        Assert.That(exitCode, Is.Zero, findings + fault);
        Assert.That(findings, Does.Contain($"ok      port: {server.Port} is taken by the server of this data directory, process {server.ProcessId}"));
        Assert.That(second, Is.EqualTo(2));
        Assert.That(refusal, Does.Contain("another server").And.Contain("--data DIR --port P"));
        Assert.That(migrate, Is.Zero, refused);
        Assert.That(schema, Does.Match(@"^The schema is at version (\d+), this build needs \1\.\n$"));
        await server.StopAsync(ct);
        Assert.That(() => server.Output, Does.Contain("  Stopped.").After(5_000, 20));
    }

    [Test, CancelAfter(30_000)]
    public async Task Send_with_a_wrong_password_says_so_and_fails(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);

        (int exitCode, _, string error) = await ServerProcess.RunVerbAsync(
            ["send", "--url", $"{server.Url}", "--as", "anna@demo.example", "--password", "not-the-password", "--to", "ben@demo.example", "hello"], ct: ct);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(error, Does.Contain("sign").IgnoreCase);
        Assert.That(error, Does.Not.Contain("   at "), "no stack trace for a mistake of the caller");
    }

    [Test, CancelAfter(30_000)]
    public async Task Bad_settings_stop_the_start_and_are_named_all_at_once(CancellationToken ct)
    {
        Dictionary<string, string> environment = new()
        {
            ["CHAT__Server__Port"] = "eighty",
            ["CHAT__Server__Hots"] = "127.0.0.1",
            ["CHAT__Sessions__PingInterval"] = "30",
            ["CHAT__Tokens__SigningKey"] = "c2hvcnQ=",
            ["CHAT__Databse__ConnectionString"] = "Host=nowhere",
        };

        (int exitCode, _, string error) = await ServerProcess.RunVerbAsync(["serve"], environment, ct: ct);

        Assert.That(exitCode, Is.EqualTo(2));
        foreach (string expected in (string[])["Server:Port", "eighty", "Server:Hots", "Sessions:PingInterval", "Tokens:SigningKey", "Databse", "Database:ConnectionString"])
            Assert.That(error, Does.Contain(expected));
        Assert.That(error, Does.Not.Contain("c2hvcnQ="), "a secret is not printed");
    }

    [TestCase("garbage", "DATABASE_URL postgres://", "config", "check")]
    [TestCase("garbage", "DATABASE_URL postgres://", "nodes")]
    [TestCase("garbage", "DATABASE_URL postgres://", "migrate", "up")]
    [TestCase("postgres://host/chat?colour=red", "DATABASE_URL has 'colour=red'", "serve")]
    [CancelAfter(30_000)]
    public async Task A_database_address_that_cannot_be_read_is_named_with_its_form(string url, string told, params string[] verb)
    {
        (int exitCode, _, string error) = await ServerProcess.RunVerbAsync(verb, new Dictionary<string, string> { ["DATABASE_URL"] = url });

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain(told).And.Not.Contain("   at "));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_port_that_is_taken_is_named_with_the_remedy(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        string data = Directory.CreateTempSubdirectory("chat-e2e-").FullName;
        try
        {
            (int exitCode, _, string error) = await ServerProcess.RunVerbAsync(["dev", "--port", $"{server.Port}", "--data", data], ct: ct);

            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(error, Does.Contain($"{server.Port}").And.Contain("--port"));
            Assert.That(Directory.Exists(Path.Combine(data, "postgres")), Is.False, "no database is made for a server that cannot listen");
            (_, string findings, _) = await ServerProcess.RunVerbAsync(["doctor", "--port", $"{server.Port}", "--data", data], ct: ct);
            Assert.That(findings, Does.Contain($"warning port: {server.Port} cannot be taken").And.Contain("It is not the server of this data directory"));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Doctor_finds_a_sound_machine_and_prints_json(CancellationToken ct)
    {
        string data = Directory.CreateTempSubdirectory("chat-e2e-").FullName;
        try
        {
            (int exitCode, string output, string error) = await ServerProcess.RunVerbAsync(["doctor", "--json", "--port", "0", "--data", data], ct: ct);

            Assert.That(exitCode, Is.Zero, output + error);
            using JsonDocument findings = JsonDocument.Parse(output);
            Assert.That(findings.RootElement.EnumerateArray().Select(finding => finding.GetProperty("check").GetString()), Does.Contain("database").And.Contain("disk"));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Test, CancelAfter(90_000)]
    [Property("Decision", "D13")]
    public async Task A_second_start_finds_the_data_of_the_first(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        using AccountSession account = await AccountSession.SignInAsync(server.Url, "anna@demo.example", "demo-password", cancellationToken: ct);
        await using (ChatClient anna = new(server.Url, account))
        {
            await anna.ConnectAsync(ct);
            await anna.Chat(anna.Chats[0].ChatId).Send("kept").Sent.WaitAsync(ct);
        }

        await server.StopAsync(ct);
        await server.RestartAsync(ct);
        await using ChatClient again = new(server.Url, account);
        await again.ConnectAsync(ct);

        Assert.That(again.Chats[0].LastEvent is ChatMessage { Text: "kept" });
    }

    private static async Task<List<string>> DevicesAsync(ChatClient client, CancellationToken ct)
    {
        List<string> names = [];
        await foreach (SignedInDevice device in client.People.ReadDevicesAsync(ct)) names.Add(device.Name);
        return names;
    }
}
