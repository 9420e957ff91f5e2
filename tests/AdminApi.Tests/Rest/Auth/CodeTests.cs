using System.Text.Json.Nodes;
using Chat.Domain.Notifications;
using Chat.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Auth;

/// <summary>Verification, forgotten passwords and second steps over REST (R-024).</summary>
internal sealed class CodeTests
{
    private readonly CancellationTokenSource _ending = new();
    private Task _delivering = Task.CompletedTask;

    private static RecordingTransports Transports => ApiServer.Host.Services.GetRequiredService<RecordingTransports>();

    [OneTimeSetUp]
    public void Begin() => _delivering = ApiServer.Host.Services.GetRequiredService<DeliveryQueue>().RunAsync(_ending.Token);

    [OneTimeTearDown]
    public async Task End()
    {
        await _ending.CancelAsync();
        Assert.That(async () => await _delivering, Throws.InstanceOf<OperationCanceledException>());
        _ending.Dispose();
    }

    [Test, CancelAfter(30_000)]
    public async Task The_profile_says_what_is_verified(CancellationToken ct)
    {
        Person ada = await Person.RegisterAsync();
        JsonNode before = (await ada.GetAsync("/api/user")).MustBe(200).Json;

        JsonNode sent = (await ada.PostAsync("/api/auth/verification", new { channel = "email" })).MustBe(200).Json;
        string code = await Transports.CodeAsync(ada.Email, ct);
        (await ada.PostAsync("/api/auth/verification/confirm", new { channel = "email", code })).MustBe(204);

        JsonNode after = (await ada.GetAsync("/api/user")).MustBe(200).Json;
        Assert.Multiple(() =>
        {
            Assert.That((bool)before["emailVerified"]!, Is.False);
            Assert.That((string?)sent["to"], Does.Contain("…@").And.Not.EqualTo(ada.Email));
            Assert.That((bool)after["emailVerified"]!, Is.True);
            Assert.That((bool)after["phoneVerified"]!, Is.False);
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task A_new_passkey_is_told_at_the_address_that_was_confirmed(CancellationToken ct)
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator unknown = new(), phone = new();
        (await PasskeyCalls.AddAsync(ada, unknown, "Before")).MustBe(201);
        (await ada.PostAsync("/api/auth/verification", new { channel = "email" })).MustBe(200);
        string code = await Transports.CodeAsync(ada.Email, ct);
        Assert.That(code, Has.Length.EqualTo(9), "the first message was the code: an address that is not confirmed gets nothing else");
        (await ada.PostAsync("/api/auth/verification/confirm", new { channel = "email", code })).MustBe(204);

        (await PasskeyCalls.AddAsync(ada, phone, "Ada's phone")).MustBe(201);

        Assert.That(await Transports.TextAsync(ada.Email, ct), Does.Contain("added to your account: Ada's phone"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_second_code_too_soon_is_told_when_to_come_back(CancellationToken ct)
    {
        Person ada = await Person.RegisterAsync();
        (await ada.PostAsync("/api/auth/verification", new { channel = "email" })).MustBe(200);
        await Transports.CodeAsync(ada.Email, ct);

        ApiAnswer second = await ada.PostAsync("/api/auth/verification", new { channel = "email" });

        Assert.That((long)second.MustFail(429, "rate_limited").Json["retryAfterMs"]!, Is.GreaterThan(30_000).And.LessThanOrEqualTo(60_000));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_password_is_reset_and_the_old_tokens_are_gone(CancellationToken ct)
    {
        Person ada = await Person.RegisterAsync();
        (await ApiServer.Client.PostAsync("/api/auth/password/forgot", null, new { login = ada.Email })).MustBe(204);
        string code = await Transports.CodeAsync(ada.Email, ct);

        var reset = new { login = ada.Email, code, newPassword = "battery horse correct" };
        (await ApiServer.Client.PostAsync("/api/auth/password/reset", null, reset)).MustBe(204);

        (await ada.GetAsync("/api/user")).MustFail(401, "token_invalid");
        (await LoginAsync(ada.Email, Person.Password, null)).MustFail(401, "sign_in_failed");
        (await LoginAsync(ada.Email, "battery horse correct", null)).MustBe(200);
        (await ApiServer.Client.PostAsync("/api/auth/password/reset", null, reset)).MustFail(403, "code_invalid");
    }

    [Test, CancelAfter(30_000)]
    public async Task Nobody_learns_from_the_answer_whether_there_is_an_account(CancellationToken ct)
    {
        Person ada = await Person.RegisterAsync();

        ApiAnswer known = await ApiServer.Client.PostAsync("/api/auth/password/forgot", null, new { login = ada.Email });
        ApiAnswer unknown = await ApiServer.Client.PostAsync("/api/auth/password/forgot", null, new { login = Person.NewEmail() });
        await Transports.CodeAsync(ada.Email, ct);

        Assert.That((unknown.Status, unknown.Text), Is.EqualTo((known.Status, known.Text)));
        (await ApiServer.Client.PostAsync("/api/auth/password/forgot", null, new { login = "no address" })).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_second_step_is_set_up_asked_for_and_taken_away()
    {
        Person ada = await Person.RegisterAsync();
        JsonNode made = (await ada.PostAsync("/api/auth/two-step", new { password = Person.Password })).MustBe(200).Json;
        Assert.That((string?)made["uri"], Does.StartWith("otpauth://totp/").And.Contains((string?)made["secret"]));
        AuthenticatorApp app = new((string)made["secret"]!);
        JsonNode codes = (await ada.PostAsync("/api/auth/two-step/confirm", new { code = app.CodeAt(Ahead()) })).MustBe(200).Json;
        string[] recovery = [.. codes["recoveryCodes"]!.AsArray().Select(code => (string)code!)];

        (await LoginAsync(ada.Email, Person.Password, null)).MustFail(401, "second_factor_required");
        (await LoginAsync(ada.Email, Person.Password, "000000")).MustFail(403, "code_invalid");
        (await LoginAsync(ada.Email, Person.Password, recovery[0])).MustBe(200);
        JsonNode state = (await ada.GetAsync("/api/auth/two-step")).MustBe(200).Json;
        (await ada.PostAsync("/api/auth/two-step/remove", new { password = "wrong", code = recovery[1] })).MustFail(401, "sign_in_failed");
        (await ada.PostAsync("/api/auth/two-step/remove", new { password = Person.Password, code = recovery[1] })).MustBe(204);

        Assert.That((bool)state["enabled"]!, Is.True);
        Assert.That((int)state["recoveryCodesLeft"]!, Is.EqualTo(9));
        (await LoginAsync(ada.Email, Person.Password, null)).MustBe(200);
    }

    /// <summary>A step ahead: a clock that ticks on between must not make the code an old one.</summary>
    private static DateTimeOffset Ahead() => TimeProvider.System.GetUtcNow().AddSeconds(30);

    private static Task<ApiAnswer> LoginAsync(string login, string password, string? code) =>
        ApiServer.Client.PostAsync("/api/auth/login", null, new { login, password, code });
}
