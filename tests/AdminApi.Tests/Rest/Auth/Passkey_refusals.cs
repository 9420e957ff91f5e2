using System.Text.Json.Nodes;
using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Passkeys;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.AdminApi.Tests.Rest.Auth;

/// <summary>What a passkey must not be taken for: each is told in its own words, and none is the server's fault.</summary>
internal sealed class Passkey_refusals
{
    private static readonly (string What, Action<SoftwareAuthenticator> Spoil)[] Spoilt =
    [
        ("the user was not verified", one => one.VerifiesUser = false),
        ("for another service", one => one.RpId = "example.org"),
    ];

    [Test, CancelAfter(30_000)]
    public async Task What_does_not_prove_what_it_must_is_refused()
    {
        Person ada = await Person.RegisterAsync();
        foreach ((string what, Action<SoftwareAuthenticator> spoil) in Spoilt)
        {
            using SoftwareAuthenticator bad = new();
            spoil(bad);
            Assert.That((await PasskeyCalls.AddAsync(ada, bad)).Name, Is.EqualTo("passkey_refused"), what);

            using SoftwareAuthenticator good = new();
            (await PasskeyCalls.AddAsync(ada, good)).MustBe(201);
            spoil(good);
            (await PasskeyCalls.SignInAsync(good)).MustFail(403, "passkey_refused");
        }

        using SoftwareAuthenticator phone = new();
        (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_refused"); // of nobody
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);
        phone.SignsWrongly = true;
        (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_refused");
        phone.SignsWrongly = false;
        phone.IsSynced = true; // which it said it never would be
        (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_refused");
        phone.IsSynced = false;
        (await PasskeyCalls.SignInAsync(phone)).MustBe(200);
    }

    [TestCase("https://localhost.example.org", false)]
    [TestCase("http://127.0.0.1:5000", false)]
    [TestCase("http://localhost:5000", true)]
    [CancelAfter(30_000)]
    public async Task Another_page_is_named_with_the_setting(string origin, bool isFramed)
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator elsewhere = new() { Origin = origin, IsFramed = isFramed }, phone = new();
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);

        ApiAnswer added = (await PasskeyCalls.AddAsync(ada, elsewhere)).MustFail(403, "passkey_origin_refused");
        (phone.Origin, phone.IsFramed) = (origin, isFramed);
        phone.SignsWrongly = true;
        (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_refused"); // nobody learns by another page that there is such a passkey
        phone.SignsWrongly = false;
        ApiAnswer signedIn = (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_origin_refused");

        Assert.That((string?)added.Json["detail"], Does.Contain($"'{origin}'").And.Contains("Passkeys:Origins"));
        Assert.That((string?)signedIn.Json["detail"], Is.EqualTo((string?)added.Json["detail"]));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_ceremony_is_for_its_purpose_its_account_and_one_success()
    {
        Person ada = await Person.RegisterAsync(), ben = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new(), laptop = new();
        JsonNode adding = await PasskeyCalls.BeginAsync(ada);
        JsonNode made = phone.Create(adding["options"]!);
        (await PasskeyCalls.FinishAsync(ben, adding, made)).MustFail(410, "passkey_ceremony_over");
        (await PasskeyCalls.FinishSignInAsync(adding, phone.Get(Options("localhost")))).MustFail(410, "passkey_ceremony_over");
        (await PasskeyCalls.FinishAsync(ada, adding, made)).MustBe(201);
        (await PasskeyCalls.FinishAsync(ada, adding, laptop.Create(adding["options"]!))).MustFail(410, "passkey_ceremony_over");

        JsonNode entering = await PasskeyCalls.BeginSignInAsync();
        JsonNode signed = phone.Get(entering["options"]!);
        (await PasskeyCalls.FinishAsync(ada, entering, laptop.Create(adding["options"]!))).MustFail(410, "passkey_ceremony_over");
        (await PasskeyCalls.FinishSignInAsync(await PasskeyCalls.BeginSignInAsync(), signed)).MustFail(403, "passkey_refused"); // it signed another challenge
        (await PasskeyCalls.FinishSignInAsync(entering, signed)).MustBe(200);
        (await PasskeyCalls.FinishSignInAsync(entering, signed)).MustFail(410, "passkey_ceremony_over");
        (await PasskeyCalls.FinishSignInAsync(entering, phone.Get(entering["options"]!))).MustFail(410, "passkey_ceremony_over");
    }

    [Test, CancelAfter(60_000)]
    public async Task Any_node_finishes_a_ceremony_once_within_its_time()
    {
        await using ApiHost other = await ApiHost.StartAsync(ApiServer.Database.Source);
        await using ApiHost late = await ApiHost.StartAsync(ApiServer.Database.Source, services: services =>
            services.AddSingleton(provider => new PasskeyCeremonies(
                provider.GetRequiredService<TokenOptions>(), new FakeTimeProvider(TimeProvider.System.GetUtcNow() + PasskeyCeremonies.Lifetime))));
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new();
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);
        JsonNode entering = await PasskeyCalls.BeginSignInAsync();
        JsonNode signed = phone.Get(entering["options"]!);

        (await PasskeyCalls.FinishSignInAsync(entering, signed, late.Client)).MustFail(410, "passkey_ceremony_over");
        ApiAnswer[] answers = await Task.WhenAll(
            new[] { ApiServer.Client, other.Client, ApiServer.Client, other.Client }.Select(client => PasskeyCalls.FinishSignInAsync(entering, signed, client)));

        Assert.That(answers.Select(answer => answer.Status).Order(), Is.EqualTo(new[] { 200, 410, 410, 410 }));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_counter_that_went_back_is_told_and_logged()
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new() { Counter = 7 };
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);
        (await PasskeyCalls.SignInAsync(phone)).MustBe(200);

        phone.Counter = 8; // as the signature before
        ApiAnswer same = (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_refused");
        phone.Counter = null;
        (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_refused");
        phone.Counter = 9;
        (await PasskeyCalls.SignInAsync(phone)).MustBe(200);

        Assert.That((string?)same.Json["detail"], Does.Contain("counter"));
        string expected = $"of account {ada.Id} was refused: its counter of signatures went back to 8";
        Assert.That(ApiServer.Host.Log.Lines.Count(line => line.Level == LogLevel.Warning && line.Text.Contains(expected, StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task That_an_account_is_blocked_is_said_to_its_passkey_only(CancellationToken ct)
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new();
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);
        OperatorStore operators = new(ApiServer.Database.Source);
        await operators.BlockAsync(ada.Id, null, "root", ct);

        phone.SignsWrongly = true;
        (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_refused");
        phone.SignsWrongly = false;
        (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "account_blocked");
        await operators.UnblockAsync(ada.Id, "root", ct);
        (await PasskeyCalls.SignInAsync(phone)).MustBe(200);
    }

    [Test, CancelAfter(60_000)]
    public async Task An_eleventh_is_one_too_many_also_of_two_at_once()
    {
        Person ada = await Person.RegisterAsync();
        for (int i = 0; i < PasskeyStore.MaxPerAccount - 1; i++)
        {
            using SoftwareAuthenticator one = new();
            (await PasskeyCalls.AddAsync(ada, one)).MustBe(201);
        }

        using SoftwareAuthenticator tenth = new(), eleventh = new();
        JsonNode first = await PasskeyCalls.BeginAsync(ada), second = await PasskeyCalls.BeginAsync(ada);
        ApiAnswer[] answers = await Task.WhenAll(
            PasskeyCalls.FinishAsync(ada, first, tenth.Create(first["options"]!)), PasskeyCalls.FinishAsync(ada, second, eleventh.Create(second["options"]!)));

        Assert.That(answers.Select(answer => answer.Status).Order(), Is.EqualTo(new[] { 201, 400 }));
        Assert.That((string?)answers.Single(answer => answer.Status == 400).Json["detail"], Does.Contain("as many as may be"));
        (await ada.PostAsync("/api/auth/passkeys/options", new { password = Person.Password })).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_passkey_is_nobody_elses_too()
    {
        Person ada = await Person.RegisterAsync(), ben = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new();
        long id = (long)(await PasskeyCalls.AddAsync(ada, phone)).MustBe(201).Json["passkeyId"]!;

        (await PasskeyCalls.AddAsync(ben, phone)).MustFail(403, "passkey_refused");
        (await PasskeyCalls.AddAsync(ada, phone)).MustFail(403, "passkey_refused"); // its browser would not have made it
        (await ApiServer.Client.SendAsync("PATCH", $"/api/auth/passkeys/{id}", ben.Token, """{"name":"Mine"}""")).MustFail(404, "passkey_not_found");
        (await ben.PostAsync($"/api/auth/passkeys/{id}/remove", new { password = Person.Password })).MustBe(204); // as where there is none
        (await ben.PostAsync($"/api/auth/passkeys/{id}/remove", new { password = "wrong" })).MustBe(204); // nor is anything asked for

        Assert.That((string?)(await ada.GetAsync("/api/auth/passkeys")).Json["items"]!.AsArray().Single()!["name"], Is.EqualTo("Phone"));
        Assert.That((await ben.GetAsync("/api/auth/passkeys")).Json["items"]!.AsArray(), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Whatever_comes_in_it_is_no_fault_of_the_servers()
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new();
        JsonNode adding = await PasskeyCalls.BeginAsync(ada), entering = await PasskeyCalls.BeginSignInAsync();
        JsonObject made = phone.Create(adding["options"]!);
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);
        JsonObject signed = phone.Get(entering["options"]!);

        List<string> faults = [];
        foreach (string bad in Garbled(made).Concat(Garbled(signed)))
        {
            Judge(await SendAsync("/api/auth/passkeys", ada.Token, adding, bad));
            Judge(await SendAsync("/api/auth/passkey-sign-in", null, entering, bad));

            void Judge(ApiAnswer answer)
            {
                if (answer.Status is not (400 or 403) || answer.Name is null) faults.Add($"{answer.Status} {answer.Name} for {bad}");
            }
        }

        Assert.That(faults, Is.Empty);
        string huge = $$"""{"id":"AQID","type":"public-key","junk":"{{new string('x', 33_000)}}"}""";
        (await SendAsync("/api/auth/passkeys", ada.Token, adding, huge)).MustFail(400, "invalid_argument");
        foreach (string ceremony in new[] { "", "x", "=", "AAAA", new string('A', 9_000), "ä", "\u0000" })
        {
            JsonNode begun = new JsonObject { ["ceremony"] = ceremony };
            (await SendAsync("/api/auth/passkeys", ada.Token, begun, made.ToJsonString())).MustFail(410, "passkey_ceremony_over");
            (await SendAsync("/api/auth/passkey-sign-in", null, begun, signed.ToJsonString())).MustFail(410, "passkey_ceremony_over");
        }

        (await PasskeyCalls.FinishAsync(ada, adding, made, " ")).MustFail(400, "invalid_argument");
        (await PasskeyCalls.FinishAsync(ada, adding, made, new string('n', 65))).MustFail(400, "invalid_argument");
        (await PasskeyCalls.FinishAsync(ada, adding, made, "a\nb")).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task Where_no_domain_is_named_nothing_is_begun()
    {
        await using ApiHost host = await ApiHost.StartAsync(ApiServer.Database.Source, services: services => services.AddSingleton(new PasskeyOptions()));
        Person ada = await Person.RegisterAsync(client: host.Client);

        (await host.Client.PostAsync("/api/auth/passkeys/options", ada.Token, new { password = Person.Password })).MustFail(501, "not_configured");
        (await host.Client.PostAsync("/api/auth/passkey-sign-in/options", null)).MustFail(501, "not_configured");
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_fails_too_often_waits()
    {
        await using ApiHost host = await ApiHost.StartAsync(
            ApiServer.Database.Source, services: services => services.AddSingleton(new SignInThrottleOptions { MaxPerAddress = 3 }));
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new(), unknown = new();
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);

        for (int i = 0; i < 3; i++) (await TryAsync(unknown)).MustFail(403, "passkey_refused");
        (await TryAsync(unknown)).MustFail(429, "rate_limited");
        (await TryAsync(phone)).MustFail(429, "rate_limited");

        async Task<ApiAnswer> TryAsync(SoftwareAuthenticator one)
        {
            JsonNode begun = await PasskeyCalls.BeginSignInAsync();
            return await PasskeyCalls.FinishSignInAsync(begun, one.Get(begun["options"]!), host.Client);
        }
    }

    private static JsonObject Options(string rpId) => new() { ["challenge"] = "AAAA", ["rpId"] = rpId };

    /// <param name="credential">JSON as text: what no writer of JSON would write can come, too.</param>
    private static Task<ApiAnswer> SendAsync(string path, string? token, JsonNode begun, string credential)
    {
        string name = token is null ? "" : """ ,"name":"Phone" """;
        return ApiServer.Client.SendAsync("POST", path, token, $$"""{"ceremony":{{begun["ceremony"]!.ToJsonString()}},"credential":{{credential}}{{name}}}""");
    }

    /// <summary>Each member missing, of another type, cut, and with a bit turned; and some things that are no credential at all.</summary>
    private static IEnumerable<string> Garbled(JsonObject good)
    {
        foreach (string text in new[] { "null", "7", "[]", "\"x\"", "{}", """{"id":null}""", """{"id":"\ud800"}""", """{"id":"a b"}""", """{"id":""}""" })
            yield return text;

        string[] own = [.. good.Select(member => member.Key)];
        string[] inner = [.. good["response"]!.AsObject().Select(member => member.Key)];
        foreach ((bool isInner, string name) in own.Select(name => (false, name)).Concat(inner.Select(name => (true, name))))
        {
            if (name is "rawId" or "authenticatorAttachment" or "clientExtensionResults" or "transports") continue; // judged by nobody
            JsonNode? value = isInner ? good["response"]![name] : good[name];
            yield return With(good, isInner, name, null);
            yield return With(good, isInner, name, 7);
            yield return With(good, isInner, name, new JsonArray());
            if (value is not JsonValue) continue;
            string text = (string)value!;
            yield return With(good, isInner, name, text[..(text.Length / 2)]);
            yield return With(good, isInner, name, (text[0] == 'A' ? 'B' : 'A') + text[1..]);
            yield return With(good, isInner, name, "");
        }
    }

    private static string With(JsonObject good, bool isInner, string name, JsonNode? value)
    {
        JsonObject bad = good.DeepClone().AsObject();
        (isInner ? bad["response"]!.AsObject() : bad)[name] = value;
        return bad.ToJsonString();
    }
}
