using System.Text.Json.Nodes;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest.Push;

/// <summary>R-372: the routes of subscriptions, as JSON goes in and out. What they decide is tried in Domain.Tests.</summary>
internal sealed class PushTests
{
    private const string P256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";

    [Test, CancelAfter(60_000)]
    public async Task A_device_subscribes_reads_changes_and_ends_it()
    {
        Person ada = await Person.RegisterAsync("Ada");
        string endpoint = $"https://push.example.net/{Guid.NewGuid():N}";
        JsonNode before = (await ada.GetAsync("/api/push")).MustBe(200).Json;
        Assert.That(
            ((string?)before["publicKey"], (string?)before["transports"]!.AsArray().Single(), before["subscription"]),
            Is.EqualTo((RecordingPush.PublicKey, "web", (JsonNode?)null)));

        JsonNode set = (await ada.PutAsync("/api/push", new { transport = "web", endpoint, p256dh = P256dh, auth = Auth })).MustBe(200).Json;
        Assert.That(((string?)set["endpoint"], (string?)set["content"]), Is.EqualTo((endpoint, "full")));
        (await ada.PutAsync("/api/push", new { transport = "web", endpoint, p256dh = P256dh, auth = Auth, content = "none" })).MustBe(200);
        JsonNode read = (await ada.GetAsync("/api/push")).MustBe(200).Json["subscription"]!;
        Assert.That(((string?)read["content"], (string?)read["createdAt"]), Is.EqualTo(("none", (string?)set["createdAt"])));

        for (int twice = 0; twice < 2; twice++) (await ada.DeleteAsync("/api/push")).MustBe(204);
        Assert.That((await ada.GetAsync("/api/push")).Json["subscription"], Is.Null);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_wrong_is_named()
    {
        Person ada = await Person.RegisterAsync("Ada");
        const string Endpoint = "https://push.example.net/a";
        (await ada.PutAsync("/api/push", new { endpoint = Endpoint, p256dh = P256dh, auth = Auth })).MustFail(400, "invalid_argument");
        (await ada.PutAsync("/api/push", new { transport = "web", p256dh = P256dh, auth = Auth })).MustFail(400, "invalid_argument");
        (await ada.PutAsync("/api/push", new { transport = "pigeon", endpoint = Endpoint })).MustFail(400, "invalid_argument");
        (await ada.PutAsync("/api/push", new { transport = "fcm", endpoint = "token" })).MustFail(501, "push_transport_off");
        (await ada.PutAsync("/api/push", new { transport = "web", endpoint = Endpoint, p256dh = Auth, auth = Auth })).MustFail(400, "push_keys_invalid");
        (await ada.PutAsync("/api/push", new { transport = "web", endpoint = "https://169.254.169.254/latest", p256dh = P256dh, auth = Auth }))
            .MustFail(400, "push_endpoint_invalid");
        Assert.That((await ada.GetAsync("/api/push")).Json["subscription"], Is.Null);
    }
}
