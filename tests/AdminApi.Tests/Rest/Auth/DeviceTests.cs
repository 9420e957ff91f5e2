using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests.Rest.Auth;

/// <summary>Devices with names and last use, each signed out by itself; the password changed.</summary>
internal sealed class DeviceTests
{
    private const string NewPassword = "battery horse correct";

    [Test, CancelAfter(30_000)]
    public async Task Devices_are_listed_and_one_of_them_is_signed_out()
    {
        Person ada = await Person.RegisterAsync();
        Person other = await Person.RegisterAsync();
        Person phone = await SignInAgainAsync(ada, "Phone");

        JsonArray devices = (await ada.GetAsync("/api/devices")).MustBe(200).Json["items"]!.AsArray();
        List<long> paged = await Paging.ReadAllAsync(ada, "/api/devices?limit=1", "after", item => (long)item["deviceId"]!);
        long phoneId = (long)devices[0]!["deviceId"]!;

        Assert.That(devices.Select(one => ((string?)one!["name"], (bool)one["current"]!)), Is.EqualTo(new[] { ("Phone", false), ("test", true) }));
        Assert.That(devices.All(one => (DateTimeOffset)one!["lastUsedAt"]! >= (DateTimeOffset)one["createdAt"]!));
        Assert.That(paged, Is.EqualTo(devices.Select(one => (long)one!["deviceId"]!)));
        (await other.DeleteAsync($"/api/devices/{phoneId}")).MustBe(204);
        (await phone.GetAsync("/api/user")).MustBe(200);
        (await ada.DeleteAsync($"/api/devices/{phoneId}")).MustBe(204);
        (await ada.DeleteAsync($"/api/devices/{phoneId}")).MustBe(204);
        (await phone.GetAsync("/api/user")).MustFail(401, "token_invalid");
        Assert.That((await ada.GetAsync("/api/devices")).MustBe(200).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
        (await ada.GetAsync("/api/devices?limit=0")).MustFail(400, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_changed_password_signs_the_other_devices_out_and_is_the_one_that_counts()
    {
        Person ada = await Person.RegisterAsync();
        Person phone = await SignInAgainAsync(ada, "Phone");

        ApiAnswer wrong = await ada.PutAsync("/api/auth/password", new { currentPassword = "wrong", newPassword = NewPassword });
        ApiAnswer weak = await ada.PutAsync("/api/auth/password", new { currentPassword = Person.Password, newPassword = "short" });
        (await ada.PutAsync("/api/auth/password", new { currentPassword = Person.Password, newPassword = NewPassword })).MustBe(204);

        Assert.That((string?)wrong.MustFail(401, "sign_in_failed").Json["field"], Is.EqualTo("currentPassword"));
        Assert.That((string?)weak.MustFail(400, "invalid_argument").Json["field"], Is.EqualTo("newPassword"));
        (await ada.GetAsync("/api/user")).MustBe(200);
        (await phone.GetAsync("/api/user")).MustFail(401, "token_invalid");
        (await ApiServer.Client.PostAsync("/api/auth/refresh", null, new { refreshToken = phone.RefreshToken }))
            .MustFail(401, "refresh_token_invalid");
        (await ApiServer.Client.PostAsync("/api/auth/login", null, new { login = ada.Email, password = Person.Password }))
            .MustFail(401, "sign_in_failed");
        (await ApiServer.Client.PostAsync("/api/auth/login", null, new { login = ada.Email, password = NewPassword })).MustBe(200);
    }

    private static async Task<Person> SignInAgainAsync(Person person, string deviceName)
    {
        ApiAnswer answer = await ApiServer.Client.PostAsync(
            "/api/auth/login", null, new { login = person.Email, password = Person.Password, deviceName });
        JsonNode data = answer.MustBe(200).Json["data"]!;
        return person with { Token = (string)data["token"]!, RefreshToken = (string)data["refreshToken"]! };
    }
}
