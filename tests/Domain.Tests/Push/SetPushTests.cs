using Chat.Domain.Push;
using Chat.Protocol.Codes;
using Chat.Storage.Push;
using Npgsql;

namespace Chat.Domain.Tests.Push;

/// <summary>R-372: subscriptions of devices.</summary>
[NonParallelizable]
public sealed class SetPushTests : PushFixture
{
    [Test, CancelAfter(60_000)]
    public async Task A_device_has_one_subscription_which_is_read_changed_and_taken_away(CancellationToken ct)
    {
        Caller bert = await SignInAsync(await World.PersonAsync("Bert"));
        PushState before = (await Get.ExecuteAsync(bert, ct)).Value;
        Assert.That((before.PublicKey, before.Transports.Single(), before.Subscription), Is.EqualTo((TestKit.RecordingPush.PublicKey, PushTransport.Web, (PushSubscription?)null)));

        PushInput input = Input();
        PushSubscription first = (await Set.ExecuteAsync(bert, input, ct)).Value, again = (await Set.ExecuteAsync(bert, input, ct)).Value;
        Assert.That(again with { ChangedAtMs = 0 }, Is.EqualTo(first with { ChangedAtMs = 0 }), "a retry");
        Assert.That((await Set.ExecuteAsync(bert, Input(content: PushContent.None), ct)).Value.Content, Is.EqualTo(PushContent.None));
        PushSubscription read = (await Get.ExecuteAsync(bert, ct)).Value.Subscription!;
        Assert.That((read.Content, read.Endpoint == input.Endpoint), Is.EqualTo((PushContent.None, false)));

        for (int twice = 0; twice < 2; twice++) Assert.That((await Remove.ExecuteAsync(bert, ct)).IsOk);
        Assert.That((await Get.ExecuteAsync(bert, ct)).Value.Subscription, Is.Null);
    }

    [Test, CancelAfter(60_000)]
    public async Task An_endpoint_belongs_to_whoever_named_it_last(CancellationToken ct)
    {
        Caller anna = await SignInAsync(await World.PersonAsync("Anna")), bert = await SignInAsync(await World.PersonAsync("Bert"));
        PushInput browser = Input();
        Assert.That((await Set.ExecuteAsync(anna, browser, ct)).IsOk);
        Assert.That((await Set.ExecuteAsync(bert, browser, ct)).IsOk);

        Assert.That((await Get.ExecuteAsync(anna, ct)).Value.Subscription, Is.Null, "nothing of hers is shown there any more");
        Assert.That((await Get.ExecuteAsync(bert, ct)).Value.Subscription, Is.Not.Null);

        for (int round = 0; round < 10; round++)
        {
            Result<PushSubscription>[] both = await Task.WhenAll(Set.ExecuteAsync(anna, browser, ct), Set.ExecuteAsync(bert, browser, ct));
            Assert.That(both.All(one => one.IsOk), "at the same moment, too");
        }

        Assert.That(await CountAsync("endpoint = $1", browser.Endpoint!), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task It_ends_with_the_devices_sign_in(CancellationToken ct)
    {
        Caller first = await SubscriberAsync(), second = await DeviceAsync(first), third = await DeviceAsync(first);
        Assert.That((await World.SignOut.ExecuteAsync(first)).IsOk);
        Assert.That(await CountAsync("principal_id = $1", first.PrincipalId), Is.EqualTo(2));
        FailureAssert.Failed(await Set.ExecuteAsync(first, Input(), ct), ErrorCode.SignInRequired);

        Assert.That((await World.SignOutEverywhere.ExecuteAsync(second)).IsOk);
        Assert.That(await CountAsync("principal_id = $1", third.PrincipalId), Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_person_keeps_so_many_and_the_oldest_goes()
    {
        Caller first = await SubscriberAsync(), second = await DeviceAsync(first);
        for (int i = 0; i < PushStore.MaxOfPerson - 1; i++) await DeviceAsync(first);

        Assert.That(await CountAsync("principal_id = $1", first.PrincipalId), Is.EqualTo(PushStore.MaxOfPerson));
        Assert.That(await CountAsync("device_id = $1", first.DeviceId), Is.Zero);
        Assert.That(await CountAsync("device_id = $1", second.DeviceId), Is.EqualTo(1));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("http://push.example.net/a")]
    [TestCase("push.example.net/a")]
    [TestCase("https://user:word@push.example.net/a")]
    [TestCase("https://127.0.0.1/a")]
    [TestCase("https://203.0.113.7/a")]
    [TestCase("https://[::1]/a")]
    [TestCase("https://2130706433/a")]
    [TestCase("https://0x7f.1/a")]
    [TestCase("https://push.example.net:8443/a")]
    [TestCase("https://localhost/a")]
    [TestCase("https://a.localhost./a")]
    [TestCase("https://metadata.google.internal/a")]
    [TestCase("https://printer.local/a")]
    [TestCase("https://router/a")]
    [TestCase("https://push.example.net/ä")]
    [TestCase("https://push.example.net/a b")]
    public async Task An_endpoint_that_must_not_be_asked_is_refused(string? endpoint)
    {
        Caller bert = await SignInAsync(await World.PersonAsync("Bert"));
        FailureAssert.Failed(await Set.ExecuteAsync(bert, Input() with { Endpoint = endpoint }, default), ErrorCode.PushEndpointInvalid, "endpoint");
    }

    [Test]
    public async Task An_endpoint_of_2_000_characters_is_taken_and_a_longer_one_is_not()
    {
        Caller bert = await SignInAsync(await World.PersonAsync("Bert"));
        string longest = "https://push.example.net/".PadRight(2_000, 'a');
        Assert.That((await Set.ExecuteAsync(bert, Input(longest), default)).Value.Endpoint, Is.EqualTo(longest));
        FailureAssert.Failed(await Set.ExecuteAsync(bert, Input(longest + "a"), default), ErrorCode.PushEndpointInvalid, "endpoint");
    }

    [Test]
    public async Task Keys_that_nobody_could_decrypt_with_are_refused()
    {
        Caller bert = await SignInAsync(await World.PersonAsync("Bert"));
        PushInput good = Input();
        string[] points =
        [
            "", "????", good.P256dh![..80], good.P256dh + "AAAA", "A" + good.P256dh[1..],
            System.Buffers.Text.Base64Url.EncodeToString([4, .. new byte[63], 1]), // 0, 1 is not on the curve
            System.Buffers.Text.Base64Url.EncodeToString([4, .. Enumerable.Repeat((byte)255, 64)]),
        ];
        foreach (string? point in points.Append(null))
            FailureAssert.Failed(await Set.ExecuteAsync(bert, good with { P256dh = point }, default), ErrorCode.PushKeysInvalid, "p256dh");
        foreach (string? auth in (string?[])[null, "", "short", good.Auth + "AAAA", "!"])
            FailureAssert.Failed(await Set.ExecuteAsync(bert, good with { Auth = auth }, default), ErrorCode.PushKeysInvalid, "auth");
        FailureAssert.Failed(await Set.ExecuteAsync(bert, good with { Transport = PushTransport.Fcm }, default), ErrorCode.PushTransportOff, "transport");
    }

    private async Task<long> CountAsync(string where, object value)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand("select count(*) from push_subscriptions where " + where);
        command.Parameters.AddWithValue(value);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
