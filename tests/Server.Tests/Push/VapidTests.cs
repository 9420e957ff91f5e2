using System.Text.Json.Nodes;
using Chat.Domain.Accounts;
using Chat.Domain.Push;
using Chat.Server.Push;
using Chat.Storage.Push;
using Chat.TestKit;

namespace Chat.Server.Tests.Push;

/// <summary>The service's own key, and what it signs.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
internal sealed class VapidTests
{
    private static readonly TokenOptions Tokens = new() { SigningKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)] };

    [Test, CancelAfter(60_000)]
    public async Task Nodes_that_start_at_once_have_one_key_which_is_not_stored_as_it_is(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        PushStore store = new(database.Source);
        VapidKeys[] nodes = [.. Enumerable.Range(0, 8).Select(_ => new VapidKeys(store, new PushOptions(), Tokens))];
        VapidKey[] keys = await Task.WhenAll(nodes.Select(node => node.GetAsync(ct)));

        Assert.That(keys.Select(key => key.PublicKey).Distinct().Count(), Is.EqualTo(1));
        byte[] secret = keys[0].Signer.ExportParameters(includePrivateParameters: true).D!;
        Assert.That(Convert.ToHexString((await store.FindKeyAsync(ct))!.PrivateKey), Does.Not.Contain(Convert.ToHexString(secret)));

        using VapidKeys other = new(store, new PushOptions(), Tokens with { SigningKey = new byte[32] });
        Assert.That(async () => await other.GetAsync(ct), Throws.InstanceOf<PushKeyException>().With.Message.Contains("push_keys"));
        using VapidKeys set = new(store, new PushOptions { VapidPrivateKey = System.Buffers.Text.Base64Url.EncodeToString(secret) }, Tokens with { SigningKey = new byte[32] });
        Assert.That((await set.GetAsync(ct)).PublicKey, Is.EqualTo(keys[0].PublicKey));
        using VapidKeys wrong = new(store, new PushOptions { VapidPrivateKey = System.Buffers.Text.Base64Url.EncodeToString(new byte[32]) }, Tokens);
        Assert.That(async () => await wrong.GetAsync(ct), Throws.InstanceOf<PushKeyException>().With.Message.Contains("VapidPrivateKey"));
        foreach (VapidKeys node in nodes) node.Dispose();
    }

    [Test, CancelAfter(60_000)]
    public async Task A_token_is_for_one_origin_for_twelve_hours_and_is_signed_anew_in_time(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        using VapidKeys keys = new(new PushStore(database.Source), new PushOptions(), Tokens);
        VapidKey key = await keys.GetAsync(ct);
        FakeTimeProvider time = new();
        VapidTokens tokens = new("mailto:ops@example.org", time);
        string first = tokens.AuthorizationFor(new Uri("https://push.example.net:8443/a/b?c"), key);

        JsonObject claims = Vapid.Check(first, key.PublicKey, "https://push.example.net:8443");
        Assert.That(((long)claims["exp"]!, (string)claims["sub"]!), Is.EqualTo((time.GetUtcNow().AddHours(12).ToUnixTimeSeconds(), "mailto:ops@example.org")));
        Assert.That(tokens.AuthorizationFor(new Uri("https://push.example.net:8443/other"), key), Is.EqualTo(first), "kept");
        Vapid.Check(tokens.AuthorizationFor(new Uri("https://push.example.com/a"), key), key.PublicKey, "https://push.example.com");
        time.Advance(TimeSpan.FromHours(7));
        JsonObject renewed = Vapid.Check(tokens.AuthorizationFor(new Uri("https://push.example.net:8443/a"), key), key.PublicKey, "https://push.example.net:8443");
        Assert.That((long)renewed["exp"]!, Is.EqualTo(time.GetUtcNow().AddHours(12).ToUnixTimeSeconds()));
    }
}
