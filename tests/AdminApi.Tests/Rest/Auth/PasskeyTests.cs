using System.Text.Json.Nodes;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest.Auth;

/// <summary>Passkeys over REST, with an authenticator in software (R-024): what is to work.</summary>
internal sealed class PasskeyTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_passkey_is_added_named_used_and_removed()
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new() { IsSynced = true };

        JsonNode added = (await PasskeyCalls.AddAsync(ada, phone, "  Phone ")).MustBe(201).Json;
        JsonNode signedIn = (await PasskeyCalls.SignInAsync(phone)).MustBe(200).Json["data"]!;
        long id = (long)added["passkeyId"]!;
        JsonNode renamed = (await RenameAsync(ada, id, "Old phone")).MustBe(200).Json;
        JsonNode listed = (await ada.GetAsync("/api/auth/passkeys")).MustBe(200).Json;
        JsonNode devices = (await ApiServer.Client.GetAsync("/api/devices", (string)signedIn["token"]!)).MustBe(200).Json;

        JsonNode only = listed["items"]!.AsArray().Single()!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)added["name"], Is.EqualTo("Phone"));
            Assert.That((bool)added["backedUp"]!, Is.True);
            Assert.That(added["lastUsedAt"], Is.Null);
            Assert.That((long)signedIn["user"]!["principalId"]!, Is.EqualTo(ada.Id));
            Assert.That((string?)signedIn["user"]!["name"], Is.EqualTo("Ada"));
            Assert.That((string?)devices["items"]![0]!["name"], Is.EqualTo("by passkey"));
            Assert.That(((long)only["passkeyId"]!, (string?)only["name"]), Is.EqualTo((id, "Old phone")));
            Assert.That(only["lastUsedAt"], Is.Not.Null);
            Assert.That(renamed.ToJsonString(), Is.EqualTo(only.ToJsonString()));
        });

        await RemoveAsync(ada, id);
        (await PasskeyCalls.SignInAsync(phone)).MustFail(403, "passkey_refused");
        Assert.That((await ada.GetAsync("/api/auth/passkeys")).Json["items"]!.AsArray(), Is.Empty);
        await RemoveAsync(ada, id); // twice is harmless
        (await RenameAsync(ada, id, "Gone")).MustFail(404, "passkey_not_found");
    }

    [Test, CancelAfter(30_000)]
    public async Task The_options_ask_for_what_the_service_needs_and_exclude_what_there_is()
    {
        Person ada = await Person.RegisterAsync("Zoë \"Z\" Ørsted");
        using SoftwareAuthenticator phone = new();
        await PasskeyCalls.AddAsync(ada, phone);

        JsonNode options = (await PasskeyCalls.BeginAsync(ada))["options"]!;
        JsonNode signIn = (await PasskeyCalls.BeginSignInAsync())["options"]!;

        Assert.Multiple(() =>
        {
            Assert.That((string?)options["rp"]!["id"], Is.EqualTo("localhost"));
            Assert.That((string?)options["user"]!["name"], Is.EqualTo(ada.Email));
            Assert.That((string?)options["user"]!["displayName"], Is.EqualTo(ada.Name));
            Assert.That((string?)options["authenticatorSelection"]!["residentKey"], Is.EqualTo("required"));
            Assert.That((string?)options["authenticatorSelection"]!["userVerification"], Is.EqualTo("required"));
            Assert.That((string?)options["attestation"], Is.EqualTo("none"));
            Assert.That((int)options["timeout"]!, Is.EqualTo(300_000));
            Assert.That(options["excludeCredentials"]!.AsArray().Single()!["transports"]!.ToJsonString(), Is.EqualTo("""["hybrid","internal"]"""));
            Assert.That((string?)signIn["userVerification"], Is.EqualTo("required"));
            Assert.That(signIn["allowCredentials"]?.AsArray() ?? [], Is.Empty, "nobody learns which accounts there are");
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task An_answer_that_was_lost_is_asked_for_again()
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new();
        JsonNode begun = await PasskeyCalls.BeginAsync(ada);
        JsonNode credential = phone.Create(begun["options"]!);

        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PasskeyCalls.FinishAsync(ada, begun, credential)));
        ApiAnswer later = await PasskeyCalls.FinishAsync(ada, begun, credential);

        Assert.That(answers.Append(later).Select(answer => (answer.Status, answer.Text)).Distinct().Count(), Is.EqualTo(1), later.Text);
        later.MustBe(201);
        Assert.That((await ada.GetAsync("/api/auth/passkeys")).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_passkey_stands_for_both_steps_and_is_added_with_both()
    {
        Person ada = await Person.RegisterAsync();
        JsonNode made = (await ada.PostAsync("/api/auth/two-step", new { password = Person.Password })).MustBe(200).Json;
        AuthenticatorApp app = new((string)made["secret"]!);
        string code = app.CodeAt(TimeProvider.System.GetUtcNow().AddSeconds(30));
        JsonNode codes = (await ada.PostAsync("/api/auth/two-step/confirm", new { code })).MustBe(200).Json;
        string[] recovery = [.. codes["recoveryCodes"]!.AsArray().Select(one => (string)one!)];
        using SoftwareAuthenticator phone = new();

        (await ada.PostAsync("/api/auth/passkeys/options", new { password = Person.Password })).MustFail(403, "code_invalid");
        (await ada.PostAsync("/api/auth/passkeys/options", new { password = "wrong", code = recovery[0] })).MustFail(401, "sign_in_failed");
        (await ada.PostAsync("/api/auth/passkeys/options", new { code = recovery[0] })).MustFail(400, "invalid_argument");
        JsonNode begun = (await ada.PostAsync("/api/auth/passkeys/options", new { password = Person.Password, code = recovery[0] })).MustBe(200).Json;
        JsonNode added = (await PasskeyCalls.FinishAsync(ada, begun, phone.Create(begun["options"]!))).MustBe(201).Json;

        (await PasskeyCalls.SignInAsync(phone)).MustBe(200);
        string path = $"/api/auth/passkeys/{(long)added["passkeyId"]!}/remove";
        (await ada.PostAsync(path, new { password = Person.Password })).MustFail(403, "code_invalid");
        (await ada.PostAsync(path, new { password = Person.Password, code = recovery[1] })).MustBe(204);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_passkey_that_does_not_count_signs_in_again_and_again()
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new() { Counter = null };
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);

        (await PasskeyCalls.SignInAsync(phone)).MustBe(200);
        (await PasskeyCalls.SignInAsync(phone)).MustBe(200);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_change_of_the_password_leaves_passkeys_and_voids_what_was_begun_with_the_old_one()
    {
        Person ada = await Person.RegisterAsync();
        using SoftwareAuthenticator phone = new(), laptop = new();
        (await PasskeyCalls.AddAsync(ada, phone)).MustBe(201);
        JsonNode begun = await PasskeyCalls.BeginAsync(ada);

        (await ada.PutAsync("/api/auth/password", new { currentPassword = Person.Password, newPassword = "battery horse correct" })).MustBe(204);

        (await PasskeyCalls.FinishAsync(ada, begun, laptop.Create(begun["options"]!))).MustFail(410, "passkey_ceremony_over");
        (await PasskeyCalls.SignInAsync(phone)).MustBe(200);
    }

    private static Task<ApiAnswer> RenameAsync(Person person, long id, string name) =>
        ApiServer.Client.SendAsync("PATCH", $"/api/auth/passkeys/{id}", person.Token, $$"""{"name":"{{name}}"}""");

    private static async Task RemoveAsync(Person person, long id) =>
        (await person.PostAsync($"/api/auth/passkeys/{id}/remove", new { password = Person.Password })).MustBe(204);
}
