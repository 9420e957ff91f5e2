using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chat.Sdk;
using Chat.TestKit;

namespace Chat.EndToEnd.Tests;

/// <summary>R-025: <c>accounts</c> on the database of a server that runs, and has no Redis.</summary>
[TestFixture]
[Category("e2e")]
internal sealed class AccountVerbTests
{
    private const string Email = "ada@example.test";
    private const string Password = "a good password";

    [Test, CancelAfter(180_000)]
    public async Task An_account_is_blocked_unblocked_and_given_another_password(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(demo: false, ct: ct);
        using HttpClient http = new() { BaseAddress = server.Url };
        using HttpResponseMessage registered = await http.PostAsJsonAsync("/api/auth/register", new { name = "Ada", email = Email, password = Password }, ct);
        string token = (await registered.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("data").GetProperty("token").GetString()!;
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.That((int)(await http.GetAsync("/api/user", ct)).StatusCode, Is.EqualTo(200));

        Assert.That(await RunAsync(server, ct, "show", Email), Does.Match("(?m)^signed in on +1 devices$").And.Match("(?m)^blocked +no$"));
        Assert.That(await RunAsync(server, ct, "block", Email, "--reason", "spam"), Does.StartWith($"{Email} is blocked. Devices signed out: 1."));
        long blocked = Stopwatch.GetTimestamp();
        while ((int)(await http.GetAsync("/api/user", ct)).StatusCode != 401) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        TestContext.Out.WriteLine($"the token was refused {Stopwatch.GetElapsedTime(blocked).TotalMilliseconds:0} ms after the verb's end");
        Assert.That(await RunAsync(server, ct, "block", Email), Does.StartWith($"{Email} was blocked before. Devices signed out: 0."));
        Assert.That(await RunAsync(server, ct, "show", Email), Does.Match(@"(?m)^blocked +since \d{4}-.* UTC: spam$"));
        Assert.That(await SignInAsync(server, Password, ct), Is.EqualTo((403, 308)));
        Assert.That(await SignInAsync(server, "a wrong password", ct), Is.EqualTo((401, 301)));

        Assert.That(await RunAsync(server, ct, "unblock", Email), Does.StartWith($"{Email} may sign in again"));
        Assert.That(await RunAsync(server, ct, "unblock", Email), Does.StartWith($"{Email} is not blocked."));
        Assert.That(await SignInAsync(server, Password, ct), Is.EqualTo((200, 0)));

        string reset = await RunAsync(server, ct, "reset-password", Email);
        string made = reset.TrimEnd().Split(' ')[^1];
        Assert.That(reset, Does.Match($"^{Email} has another password. Devices signed out: 1.(.*)\nPassword: [0-9A-Za-z]{{20}}\n$"));
        Assert.That(await SignInAsync(server, Password, ct), Is.EqualTo((401, 301)));
        Assert.That(await SignInAsync(server, made, ct), Is.EqualTo((200, 0)));

        (int exitCode, string given, string fault) = await ServerProcess.RunVerbAsync(
            ["accounts", "reset-password", Email, "--password-stdin", "--data", server.Data], input: "chosen by the operator\nmore\n", ct: ct);
        Assert.That(exitCode, Is.Zero, fault);
        Assert.That(given, Does.Not.Contain("Password").And.Not.Contain("chosen"));
        Assert.That(await SignInAsync(server, "chosen by the operator", ct), Is.EqualTo((200, 0)));

        Assert.That(await RefuseAsync(server, ct, "block", "nobody@example.test"), Is.EqualTo("No account has the login nobody@example.test: check it."));
        Assert.That(await RefuseAsync(server, ct, "show", "ada"), Does.StartWith("The login is no address: give the e-mail address"));
        Assert.That(await RefuseAsync(server, ct, "reset-password", Email, "--password-stdin"), Does.StartWith("password is missing or too short"));
    }

    [Test, CancelAfter(120_000)]
    public async Task A_demo_account_has_its_first_name_and_nobody_else_has(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);

        Assert.That(await RunAsync(server, ct, "show", "anna"), Does.Match("(?m)^e-mail +anna@demo.example$"));
        Assert.That(await RunAsync(server, ct, "block", "Ben"), Does.StartWith("ben@demo.example is blocked."));
        Assert.That(
            await RefuseAsync(server, ct, "show", "nobody"),
            Does.StartWith("The login is no address").And.EndsWith("First names are those of demo accounts: anna, ben, chloe."));
        (int exitCode, _, string fault) = await ServerProcess.RunVerbAsync(["send", "--data", server.Data, "--as", "anna", "--to", "nobody", "hello"], ct: ct);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(fault.TrimEnd(), Is.EqualTo("Nobody has the e-mail or phone 'nobody'. First names are those of demo accounts: anna, ben, chloe."));
    }

    [Test, CancelAfter(180_000)]
    public async Task A_reset_tells_of_passkeys_and_removes_them_with_the_second_step(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(demo: false, ct: ct);
        using AccountSession ada = await AccountSession.RegisterAsync(server.Url, "Ada", Email, null, Password, cancellationToken: ct);
        await using ChatClient client = new(server.Url, ada);
        using SoftwareAuthenticator phone = new();
        Passkey added = await client.Passkeys.AddAsync("Phone", Password, (asked, _) => Task.FromResult(phone.Create(JsonNode.Parse(asked)!).ToJsonString()), cancellationToken: ct);
        Assert.That(added, Is.EqualTo((await client.Passkeys.ListAsync(ct)).Single()));

        Assert.That(await RunAsync(server, ct, "show", Email), Does.Match("(?m)^passkeys +1$"));
        Assert.That(await RunAsync(server, ct, "reset-password", Email), Does.Match("(?m)^Passkeys that still sign in: 1\\."));
        using (AccountSession again = await SignInAsync()) Assert.That(again.PrincipalId, Is.EqualTo(ada.PrincipalId));
        Assert.That(await RunAsync(server, ct, "reset-password", Email, "--remove-two-step"), Does.Not.Contain("Passkeys"));
        Assert.That(await RunAsync(server, ct, "show", Email), Does.Match("(?m)^passkeys +0$"));
        Assert.That((await Assert.ThrowsAsync<ChatException>(SignInAsync))!.Code, Is.EqualTo(309));

        Task<AccountSession> SignInAsync() => AccountSession.SignInWithPasskeyAsync(
            server.Url, (asked, _) => Task.FromResult(phone.Get(JsonNode.Parse(asked)!).ToJsonString()), cancellationToken: ct);
    }

    private static async Task<string> RunAsync(ServerProcess server, CancellationToken ct, params string[] arguments)
    {
        (int exitCode, string output, string fault) = await ServerProcess.RunVerbAsync(["accounts", .. arguments, "--data", server.Data], ct: ct);
        Assert.That(exitCode, Is.Zero, fault);
        return output;
    }

    private static async Task<string> RefuseAsync(ServerProcess server, CancellationToken ct, params string[] arguments)
    {
        (int exitCode, _, string fault) = await ServerProcess.RunVerbAsync(["accounts", .. arguments, "--data", server.Data], ct: ct);
        Assert.That(exitCode, Is.EqualTo(2));
        return fault.TrimEnd();
    }

    private static async Task<(int Status, int Code)> SignInAsync(ServerProcess server, string password, CancellationToken ct)
    {
        using HttpClient http = new() { BaseAddress = server.Url };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/api/auth/login", new { login = Email, password }, ct);
        JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return ((int)answer.StatusCode, body.TryGetProperty("code", out JsonElement code) ? code.GetInt32() : 0);
    }
}
