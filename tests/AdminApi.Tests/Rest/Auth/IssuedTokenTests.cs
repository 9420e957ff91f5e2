using System.Text.Json.Nodes;
using Chat.AdminApi.Tests.Rest.Media;
using Chat.Domain.Accounts;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Auth;

/// <summary>People of an app with users of its own call REST with the app's tokens (ADR 0040).</summary>
internal sealed class IssuedTokenTests
{
    private static int _people;

    [Test, CancelAfter(30_000)]
    public async Task A_person_of_an_app_is_there_with_the_first_request_and_chats_with_another()
    {
        (string adaSubject, string benSubject) = (NewSubject(), NewSubject());
        string ada = ApiHost.Shop.Mint(adaSubject, name: "Ada"), ben = ApiHost.Shop.Mint(benSubject, name: "Ben");

        JsonNode user = (await ApiServer.Client.GetAsync("/api/user", ada)).MustBe(200).Json;
        await ApiServer.Client.GetAsync("/api/user", ben);
        JsonNode found = (await ApiServer.Client.GetAsync($"/api/people?login=shop:{benSubject}", ada)).MustBe(200).Json;
        JsonNode chat = (await ApiServer.Client.PostAsync("/api/chats", ada, new { principalId = (long)found["principalId"]! })).MustBe(200).Json;
        (await ApiServer.Client.PostAsync($"/api/chats/{chat["chatId"]}/messages", ada, new { clientMessageId = Guid.NewGuid(), text = "hello" })).MustBe(200);

        Assert.That(((string?)user["name"], (string?)user["email"]), Is.EqualTo(("Ada", (string?)null)));
        JsonArray bens = (await ApiServer.Client.GetAsync($"/api/chats/{chat["chatId"]}/messages", ben)).MustBe(200).Json["items"]!.AsArray();
        Assert.That(bens.Select(one => (string?)one!["text"]), Has.One.EqualTo("hello"));
        await ApiServer.Client.GetAsync("/api/user", DeskToken(benSubject));
        (await ApiServer.Client.GetAsync($"/api/people?login=shop:{benSubject}", DeskToken(adaSubject))).MustFail(404, "principal_not_found");
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_wrong_with_a_token_is_told_to_who_writes_the_app()
    {
        Dictionary<string, object?> old = ApiHost.Shop.Claims("1"), foreign = ApiHost.Shop.Claims("1");
        old["iat"] = (long)old["iat"]! - 4_000;
        old["exp"] = (long)old["exp"]! - 4_000;
        foreign["aud"] = "another service";
        (string Token, string Why)[] wrong =
        [
            (ApiHost.Shop.SignHs256(old), "expired"), (ApiHost.Shop.SignHs256(foreign), "aud does not name this service"),
            (ApiHost.Desk.SignHs256(ApiHost.Shop.Claims("1")), "signature"), (ApiHost.Shop.SignHs256(ApiHost.Desk.Claims("1")), "alg is not ES256"),
            ("a.b.c", "not one of this server's"),
        ];

        foreach ((string token, string why) in wrong)
        {
            ApiAnswer answer = (await ApiServer.Client.GetAsync("/api/user", token)).MustFail(401, "token_invalid");
            Assert.That((string?)answer.Json["detail"], Does.Contain(why));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task What_needs_a_password_says_that_there_is_none_and_nobody_signs_in_without_the_app()
    {
        string ada = ApiHost.Shop.Mint(NewSubject(), name: "Ada");
        object proof = new { password = "!" };

        (await ApiServer.Client.PutAsync("/api/auth/password", ada, new { currentPassword = "!", newPassword = "a good new password" })).MustFail(409, "no_password");
        (await ApiServer.Client.PostAsync("/api/auth/two-step", ada, proof)).MustFail(409, "no_password");
        (await ApiServer.Client.PostAsync("/api/auth/two-step/recovery-codes", ada, proof)).MustFail(409, "no_password");
        (await ApiServer.Client.PostAsync("/api/auth/two-step/remove", ada, proof)).MustFail(409, "no_password");
        (await ApiServer.Client.PostAsync("/api/auth/passkeys/options", ada, proof)).MustFail(409, "no_password");
        (await ApiServer.Client.PostAsync("/api/auth/verification", ada, new { channel = "email" })).MustFail(409, "no_password");
        (await ApiServer.Client.PostAsync("/api/auth/login", null, new { login = "shop:1", password = "!" })).MustFail(401, "sign_in_failed");
        (await ApiServer.Client.GetAsync("/api/auth/two-step", ada)).MustBe(200);
    }

    [Test, CancelAfter(30_000)]
    public async Task An_upload_and_its_link_go_by_the_apps_token_and_a_signed_out_device_has_neither()
    {
        string subject = NewSubject(), token = ApiHost.Shop.Mint(subject, "phone", "Ada");
        long id = (long)(await ApiServer.Client.GetAsync("/api/user", token)).MustBe(200).Json["principalId"]!;
        Person ada = new(id, "Ada", "", token, "");

        string blob = await ada.MustUploadAsync("upload/avatar?fileName=a.png", SamplePictures.Png(100));
        string url = await ada.LinkAsync(blob);
        (await ada.PostAsync("/api/auth/logout")).MustBe(204);

        Assert.That((await FileClient.ReadAsync(url)).Bytes, Is.EqualTo(SamplePictures.Png(100)), "a link lasts as it would");
        (await ada.GetAsync($"/api/media/{blob}/link")).MustFail(401, "token_invalid");
        (await ApiServer.Client.GetAsync("/api/user", ApiHost.Shop.Mint(subject, "phone"))).MustFail(401, "token_invalid");
        (await ApiServer.Client.GetAsync("/api/user", ApiHost.Shop.Mint(subject, "tablet"))).MustBe(200);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_blocked_person_is_told_so_with_whatever_token_of_the_app()
    {
        string subject = NewSubject(), phone = ApiHost.Shop.Mint(subject, "phone");
        long id = (long)(await ApiServer.Client.GetAsync("/api/user", phone)).MustBe(200).Json["principalId"]!;

        OperatorOutcome blocked = (await new OperatorStore(ApiServer.Database.Source).BlockAsync(id, "spam", "test", default))!;
        ApiServer.Host.Services.GetRequiredService<DeviceRevocation>().CutHere(id, blocked.SignedOut); // as the order says

        foreach (string token in (string[])[phone, ApiHost.Shop.Mint(subject, "phone"), ApiHost.Shop.Mint(subject, "tablet")])
            (await ApiServer.Client.GetAsync("/api/user", token)).MustFail(403, "account_blocked");
    }

    private static string NewSubject() => $"rest-{Interlocked.Increment(ref _people)}";

    private static string DeskToken(string subject) => ApiHost.Desk.SignEs256(ApiHost.Desk.Claims(subject));
}
