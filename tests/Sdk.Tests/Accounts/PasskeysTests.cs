using System.Text.Json;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Accounts;

/// <summary>Passkeys: what goes out, what the authenticator gets and gives, and what is made of the answers.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PasskeysTests
{
    private const string Listed = """{"passkeyId":4,"name":"Phone","createdAt":"2030-01-01T00:00:00Z","lastUsedAt":"2030-01-02T00:00:00Z","backedUp":true}""";
    private const string Added = """{"passkeyId":4,"name":"Phone","createdAt":"2030-01-01T00:00:00Z","backedUp":true,"later":1}""";

    private static readonly Uri Url = new("http://chat.test");
    private static readonly DateTimeOffset NewYear = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test, CancelAfter(10_000)]
    public async Task A_passkey_is_added_listed_renamed_and_removed(CancellationToken ct)
    {
        List<string> bodies = [];
        using FakeRest rest = new((request, body) =>
        {
            bodies.Add(body);
            return (200, request.RequestUri!.AbsolutePath switch
            {
                "/api/auth/passkeys/options" => """{"ceremony":"C","options":{"challenge":"AA"}}""",
                "/api/auth/passkeys" when request.Method == HttpMethod.Get => $$"""{"items":[{{Listed}}],"nextCursor":null}""",
                "/api/auth/passkeys" => Added,
                _ => Listed,
            });
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        PasskeysClient passkeys = world.Client.Passkeys;
        List<string> asked = [];

        Passkey added = await passkeys.AddAsync("Phone", "secret", Authenticator(asked), "123456", ct);
        IReadOnlyList<Passkey> listed = await passkeys.ListAsync(ct);
        await passkeys.RenameAsync(4, "Old phone", ct);
        await passkeys.RemoveAsync(4, "secret", cancellationToken: ct);

        Assert.Multiple(() =>
        {
            Assert.That(rest.Asked, Is.EqualTo(new[]
            {
                "POST /api/auth/passkeys/options", "POST /api/auth/passkeys", "GET /api/auth/passkeys", "PATCH /api/auth/passkeys/4",
                "POST /api/auth/passkeys/4/remove",
            }));
            Assert.That(bodies, Is.EqualTo(new[]
            {
                """{"password":"secret","code":"123456"}""", """{"ceremony":"C","credential":{"id":"AQID"},"name":"Phone"}""", "",
                """{"name":"Old phone"}""", """{"password":"secret"}""",
            }));
            Assert.That(asked, Is.EqualTo(new[] { """{"challenge":"AA"}""" }));
            Assert.That(added, Is.EqualTo(new Passkey(4, "Phone", NewYear, null, true)));
            Assert.That(listed, Is.EqualTo(new[] { added with { LastUsedAt = NewYear.AddDays(1) } }));
        });
    }

    [Test, CancelAfter(10_000)]
    public async Task A_sign_in_by_passkey_gives_a_session_and_its_refusal_is_told(CancellationToken ct)
    {
        bool isRefused = false;
        List<string> bodies = [];
        using FakeRest rest = new((request, body) =>
        {
            bodies.Add(body);
            if (request.RequestUri!.AbsolutePath.EndsWith("/options", StringComparison.Ordinal)) return (200, """{"ceremony":"C","options":{"challenge":"AA"}}""");
            return isRefused ? (403, FakeRest.Problem(309, "passkey_refused")) : (200, FakeRest.SignedIn("A", "R", NewYear));
        });
        using HttpClient http = new(rest);
        MemoryTokenStore store = new();
        AccountOptions options = new() { HttpClient = http, DeviceName = "phone", Store = store };
        List<string> asked = [];

        using AccountSession session = await AccountSession.SignInWithPasskeyAsync(Url, Authenticator(asked), options, ct);
        isRefused = true;
        ChatException refused = (await Assert.ThrowsAsync<ChatException>(
            () => AccountSession.SignInWithPasskeyAsync(Url, Authenticator(asked), options, ct)))!;

        Assert.Multiple(() =>
        {
            Assert.That((session.PrincipalId, session.Name, session.DeviceId), Is.EqualTo((12L, "Anna", 3L)));
            Assert.That(rest.Asked[..2], Is.EqualTo(new[] { "POST /api/auth/passkey-sign-in/options", "POST /api/auth/passkey-sign-in" }));
            Assert.That(bodies[1], Is.EqualTo("""{"ceremony":"C","credential":{"id":"AQID"},"deviceName":"phone"}"""));
            Assert.That(asked[0], Is.EqualTo("""{"challenge":"AA"}"""));
            Assert.That(refused.Code, Is.EqualTo(309));
        });
        Assert.That((await store.LoadAsync(ct))!.RefreshToken, Is.EqualTo("R"), "what was refused changed nothing");
    }

    [Test, CancelAfter(10_000)]
    public async Task What_the_authenticator_throws_comes_out_and_nothing_is_finished(CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (200, """{"ceremony":"C","options":{}}"""));
        using HttpClient http = new(rest);
        AccountOptions options = new() { HttpClient = http };

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => AccountSession.SignInWithPasskeyAsync(Url, (_, _) => throw new InvalidOperationException("given up"), options, ct));
        await Assert.ThatAsync(
            () => AccountSession.SignInWithPasskeyAsync(Url, (_, _) => Task.FromResult("no JSON"), options, ct), Throws.InstanceOf<JsonException>());

        Assert.That(rest.Asked, Is.All.EqualTo("POST /api/auth/passkey-sign-in/options"));
    }

    private static Func<string, CancellationToken, Task<string>> Authenticator(List<string> asked) => (options, _) =>
    {
        asked.Add(options);
        return Task.FromResult("""{"id":"AQID"}""");
    };
}
