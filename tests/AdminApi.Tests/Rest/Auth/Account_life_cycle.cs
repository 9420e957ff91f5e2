using System.Text.Json.Nodes;
using Chat.Protocol.Codes;
using Chat.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Auth;

/// <summary>R-020 to: an account from its making to its last sign-out.</summary>
[Parallelizable]
internal sealed class Account_life_cycle
{
    private static ApiClient Client => ApiServer.Client;

    [Test, CancelAfter(30_000)]
    public async Task Registration_signs_in_with_the_shape_of_R_022()
    {
        ApiAnswer answer = await Client.PostAsync("/api/auth/register", null,
            new { name = "  Ada Lovelace ", email = Person.NewEmail(), password = Person.Password });

        answer.MustBe(201);
        JsonNode body = answer.Json;
        Assert.Multiple(() =>
        {
            Assert.That(body.AsObject().Select(member => member.Key), Is.EquivalentTo(new[] { "success", "message", "data" }));
            Assert.That((bool)body["success"]!, Is.True);
            Assert.That((string?)body["message"], Is.Not.Empty);
            Assert.That(body["data"]!.AsObject().Select(member => member.Key), Is.EquivalentTo(
                new[] { "user", "token", "tokenType", "expiresAt", "refreshToken", "refreshExpiresAt", "deviceId" }));
            Assert.That((string?)body["data"]!["user"]!["name"], Is.EqualTo("Ada Lovelace"));
            Assert.That((string?)body["data"]!["tokenType"], Is.EqualTo("Bearer"));
            Assert.That(Lifetime(body["data"]!["expiresAt"]!).TotalMinutes, Is.EqualTo(60).Within(2), "R-022: one hour");
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task One_signs_in_by_email_in_any_case_and_by_phone_in_any_spelling()
    {
        string email = Person.NewEmail();
        string phone = Person.NewPhone();
        (await Client.PostAsync("/api/auth/register", null, new { name = "Ada", email, phone, password = Person.Password })).MustBe(201);

        ApiAnswer byEmail = await LoginAsync(email.ToUpperInvariant(), Person.Password);
        ApiAnswer byPhone = await LoginAsync($"00{phone[1..6]} {phone[6..]}", Person.Password);

        long first = (long)byEmail.MustBe(200).Json["data"]!["user"]!["principalId"]!;
        Assert.That((long)byPhone.MustBe(200).Json["data"]!["user"]!["principalId"]!, Is.EqualTo(first));
    }

    [Test, CancelAfter(30_000)]
    public async Task An_email_or_phone_that_is_taken_is_refused()
    {
        string phone = Person.NewPhone();
        Person ada = await Person.RegisterAsync();
        (await Client.PostAsync("/api/auth/register", null, new { name = "B", phone, password = Person.Password })).MustBe(201);

        ApiAnswer sameEmail = await Client.PostAsync("/api/auth/register", null,
            new { name = "C", email = ada.Email, password = Person.Password });
        ApiAnswer samePhone = await Client.PostAsync("/api/auth/register", null, new { name = "C", phone, password = Person.Password });

        Assert.That((string?)sameEmail.MustFail(409, "account_exists").Json["field"], Is.EqualTo("email"));
        Assert.That((string?)samePhone.MustFail(409, "account_exists").Json["field"], Is.EqualTo("phone"));
    }

    [Test, CancelAfter(30_000)]
    public async Task The_profile_can_be_read_on_both_paths_and_changed()
    {
        Person ada = await Person.RegisterAsync();

        (await ada.PutAsync("/api/profile", new { name = "Ada King" })).MustBe(200);

        JsonNode user = (await ada.GetAsync("/api/user")).MustBe(200).Json;
        ApiAnswer alias = await ada.GetAsync("/api/auth/user");
        Assert.Multiple(() =>
        {
            Assert.That((string?)user["name"], Is.EqualTo("Ada King"));
            Assert.That((string?)user["email"], Is.EqualTo(ada.Email));
            Assert.That(user.AsObject().ContainsKey("passwordHash"), Is.False);
            Assert.That(JsonNode.DeepEquals(alias.Json, user), Is.True, alias.Text);
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task A_wrong_password_and_an_unknown_account_look_the_same()
    {
        Person ada = await Person.RegisterAsync();

        ApiAnswer wrong = await LoginAsync(ada.Email, "not the password");
        ApiAnswer unknown = await LoginAsync(Person.NewEmail(), "not the password");
        ApiAnswer unknownPhone = await LoginAsync("+999999999999", "not the password");

        wrong.MustFail(401, "sign_in_failed");
        Assert.That(WithoutRequestId(unknown), Is.EqualTo(WithoutRequestId(wrong)));
        Assert.That(WithoutRequestId(unknownPhone), Is.EqualTo(WithoutRequestId(wrong)));
        Assert.That(unknown.Headers.Keys, Is.EquivalentTo(wrong.Headers.Keys));
    }

    [Test, CancelAfter(30_000)]
    public async Task The_sixth_wrong_password_is_told_when_to_come_back()
    {
        Person ada = await Person.RegisterAsync();
        for (int i = 0; i < 5; i++) (await LoginAsync(ada.Email, "wrong")).MustFail(401, "sign_in_failed");

        ApiAnswer sixth = await LoginAsync(ada.Email, "wrong");

        sixth.MustFail(429, "rate_limited");
        Assert.That((long)sixth.Json["retryAfterMs"]!, Is.GreaterThan(0));
        Assert.That(int.Parse(sixth.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture),
            Is.EqualTo(Math.Ceiling((long)sixth.Json["retryAfterMs"]! / 1000.0)));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_refresh_token_works_once_and_its_second_use_signs_the_device_out()
    {
        Person ada = await Person.RegisterAsync();

        JsonNode next = (await RefreshAsync(ada.RefreshToken)).MustBe(200).Json["data"]!;
        string fresh = (string)next["token"]!;
        (await Client.GetAsync("/api/user", fresh)).MustBe(200);

        (await RefreshAsync(ada.RefreshToken)).MustFail(401, "refresh_token_invalid");
        (await RefreshAsync((string)next["refreshToken"]!)).MustFail(401, "refresh_token_invalid");
        (await Client.GetAsync("/api/user", fresh)).MustFail(401, "token_invalid");
    }

    [Test, CancelAfter(30_000)]
    public async Task Logging_out_ends_this_device_and_no_other()
    {
        Person ada = await Person.RegisterAsync();
        string other = (string)(await LoginAsync(ada.Email, Person.Password)).MustBe(200).Json["data"]!["token"]!;

        (await ada.PostAsync("/api/auth/logout")).MustBe(204);

        (await ada.GetAsync("/api/user")).MustFail(401, "token_invalid");
        (await RefreshAsync(ada.RefreshToken)).MustFail(401, "refresh_token_invalid");
        (await Client.GetAsync("/api/user", other)).MustBe(200);
        Assert.That(ApiServer.Host.Services.GetRequiredService<SilentPorts>().Cut.Count(
            cut => cut.PrincipalId == ada.Id && cut.DeviceId != 0 && cut.Code == DisconnectCode.SessionRevoked), Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task Logging_out_everywhere_ends_every_device()
    {
        Person ada = await Person.RegisterAsync();
        string other = (string)(await LoginAsync(ada.Email, Person.Password)).MustBe(200).Json["data"]!["token"]!;

        (await ada.PostAsync("/api/auth/logout-everywhere")).MustBe(204);

        (await ada.GetAsync("/api/user")).MustFail(401, "token_invalid");
        (await Client.GetAsync("/api/user", other)).MustFail(401, "token_invalid");
        (await LoginAsync(ada.Email, Person.Password)).MustBe(200);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_device_that_was_signed_out_before_a_restart_is_refused_after_it()
    {
        Person ada = await Person.RegisterAsync();
        (await ada.PostAsync("/api/auth/logout")).MustBe(204);

        await using ApiHost restarted = await ApiHost.StartAsync(ApiServer.Database.Source);

        (await restarted.Client.GetAsync("/api/user", ada.Token)).MustFail(401, "token_invalid");
    }

    [Test, CancelAfter(30_000), Property("Promise", "P10")]
    public async Task A_device_that_was_signed_out_where_nobody_told_of_it_is_refused_within_ten_seconds()
    {
        Person ada = await Person.RegisterAsync();
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using ApiHost node = await ApiHost.StartAsync(
            ApiServer.Database.Source, services: services => services.AddSingleton<TimeProvider>(time));
        (await node.Client.GetAsync("/api/user", ada.Token)).MustBe(200);

        (await ada.PostAsync("/api/auth/logout")).MustBe(204); // on the other node
        time.Advance(TimeSpan.FromSeconds(10));

        (await node.Client.GetAsync("/api/user", ada.Token)).MustFail(401, "token_invalid");
    }

    [TestCase("")]
    [TestCase("Bearer")]
    [TestCase("Basic YTpi")]
    [TestCase("Bearer a.b.c")]
    [TestCase("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")]
    [CancelAfter(30_000)]
    public async Task A_header_that_is_no_token_of_ours_is_refused(string header)
    {
        ApiAnswer answer = await Client.SendAsync("GET", "/api/user", null, (HttpContent?)null,
            new Dictionary<string, string> { ["Authorization"] = header });

        answer.MustBe(401).MustBeProblem();
    }

    [Test, CancelAfter(30_000)]
    public async Task A_token_in_the_url_or_a_cookie_is_worth_nothing()
    {
        Person ada = await Person.RegisterAsync();

        ApiAnswer inUrl = await Client.GetAsync($"/api/user?token={ada.Token}&access_token={ada.Token}");
        ApiAnswer inCookie = await Client.SendAsync("GET", "/api/user", null, (HttpContent?)null,
            new Dictionary<string, string> { ["Cookie"] = $"token={ada.Token}; Authorization=Bearer {ada.Token}" });

        inUrl.MustFail(401, "sign_in_required");
        inCookie.MustFail(401, "sign_in_required");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_person_is_found_by_the_whole_email_only()
    {
        Person ada = await Person.RegisterAsync();
        Person bob = await Person.RegisterAsync("Bob");

        JsonNode found = (await ada.GetAsync($"/api/people?login={Uri.EscapeDataString(bob.Email)}")).MustBe(200).Json;

        Assert.That(((long)found["principalId"]!, (string?)found["name"]), Is.EqualTo((bob.Id, "Bob")));
        (await ada.GetAsync($"/api/people?login={Uri.EscapeDataString(bob.Email[1..])}")).MustFail(404, "principal_not_found");
        (await ada.GetAsync("/api/people?login=Bob")).MustFail(400, "invalid_argument");
        (await ada.GetAsync("/api/people")).MustFail(400, "invalid_argument");
    }

    private static Task<ApiAnswer> LoginAsync(string login, string password) =>
        Client.PostAsync("/api/auth/login", null, new { login, password });

    private static Task<ApiAnswer> RefreshAsync(string refreshToken) => Client.PostAsync("/api/auth/refresh", null, new { refreshToken });

    private static string WithoutRequestId(ApiAnswer answer)
    {
        JsonObject body = answer.Json.AsObject();
        body.Remove("requestId");
        return $"{answer.Status} {body.ToJsonString()}";
    }

    private static TimeSpan Lifetime(JsonNode time) => time.GetValue<DateTimeOffset>() - TimeProvider.System.GetUtcNow();
}
