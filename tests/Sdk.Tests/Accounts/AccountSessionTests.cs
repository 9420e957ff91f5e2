using System.Net.Sockets;
using Chat.Sdk.Tests.Fakes;
using Chat.TestKit;

namespace Chat.Sdk.Tests.Accounts;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class AccountSessionTests
{
    private static readonly Uri Url = new("http://chat.test");

    [Test, CancelAfter(10_000)]
    public async Task However_many_ask_a_token_is_renewed_once(CancellationToken ct)
    {
        var clock = new FakeTimeProvider();
        int refreshes = 0;
        using var rest = new FakeRest((request, _) => request.RequestUri!.AbsolutePath == "/api/auth/refresh"
            ? (200, FakeRest.SignedIn($"access-{++refreshes}", $"refresh-{refreshes}", clock.GetUtcNow().AddHours(1)))
            : (200, FakeRest.SignedIn("access-0", "refresh-0", clock.GetUtcNow().AddHours(1))));
        using var http = new HttpClient(rest);
        var store = new MemoryTokenStore();
        using AccountSession account = await AccountSession.SignInAsync(
            Url, "anna@demo.example", "secret", new AccountOptions { HttpClient = http, TimeProvider = clock, Store = store }, ct);

        string held = await account.TokenAsync(TokenReason.Connect, ct);
        clock.Advance(TimeSpan.FromMinutes(59.9));
        rest.Hold = new TaskCompletionSource();
        Task<string>[] asking = [.. Enumerable.Range(0, 10).Select(_ => account.TokenAsync(TokenReason.Connect, ct).AsTask())];
        rest.Hold.SetResult();
        string[] tokens = await Task.WhenAll(asking);
        StoredSignIn? stored = await store.LoadAsync(ct);

        Assert.That(held, Is.EqualTo("access-0"));
        Assert.That(tokens, Has.All.EqualTo("access-1"));
        Assert.That(refreshes, Is.EqualTo(1));
        Assert.That(stored!.RefreshToken, Is.EqualTo("refresh-1"));
    }

    [TestCase(401, 303, "refresh_token_invalid"), TestCase(403, 308, "account_blocked"), CancelAfter(10_000)]
    public async Task A_refused_refresh_is_final_and_a_missing_network_is_not(int status, int code, string name, CancellationToken ct)
    {
        var clock = new FakeTimeProvider();
        int calls = 0;
        using var rest = new FakeRest((request, _) => request.RequestUri!.AbsolutePath != "/api/auth/refresh"
            ? (200, FakeRest.SignedIn("access-0", "refresh-0", clock.GetUtcNow()))
            : ++calls == 1 ? throw new HttpRequestException("no route") : (status, FakeRest.Problem(code, name)));
        using var http = new HttpClient(rest);
        using AccountSession account = await AccountSession.SignInAsync(
            Url, "anna@demo.example", "secret", new AccountOptions { HttpClient = http, TimeProvider = clock }, ct);

        ChatException? first = await Assert.ThrowsAsync<ChatException>(() => account.TokenAsync(TokenReason.Connect, ct).AsTask());
        ChatException? second = await Assert.ThrowsAsync<ChatException>(() => account.TokenAsync(TokenReason.Connect, ct).AsTask());

        Assert.That(first, Has.Property("Name").EqualTo("unavailable").And.Property("Retryable").True);
        Assert.That(second, Has.Property("Code").EqualTo(code).And.Property("Name").EqualTo(name).And.Property("Retryable").False.And.Message.EqualTo("in words"));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_connection_that_breaks_is_a_missing_network_whatever_the_runtime_throws(CancellationToken ct)
    {
        foreach (Exception broken in (Exception[])[new HttpRequestException("no route"), new SocketException(107), new IOException("reset")])
        {
            using var rest = new FakeRest((_, _) => throw broken);
            using var http = new HttpClient(rest);

            ChatException? refused = await Assert.ThrowsAsync<ChatException>(
                () => AccountSession.SignInAsync(Url, "anna@demo.example", "secret", new AccountOptions { HttpClient = http }, ct));

            Assert.That(refused, Has.Property("Name").EqualTo("unavailable").And.Property("Retryable").True.And.InnerException.SameAs(broken));
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task Failures_are_typed(CancellationToken ct)
    {
        using var rest = new FakeRest((_, _) => (429, FakeRest.Problem(401, "rate_limited", retryable: true, retryAfterMs: 1_500)));
        using var http = new HttpClient(rest);

        ChatException? refused = await Assert.ThrowsAsync<ChatException>(() => AccountSession.SignInAsync(
            Url, "anna@demo.example", "secret", new AccountOptions { HttpClient = http }, ct));

        Assert.That(refused, Has.Property("Code").EqualTo(401).And.Property("RetryAfter").EqualTo(TimeSpan.FromSeconds(1.5)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_page_of_a_proxy_is_no_answer_of_ours(CancellationToken ct)
    {
        using var rest = new FakeRest((_, _) => (502, "<html>bad gateway</html>"));
        using var http = new HttpClient(rest);

        ChatException? refused = await Assert.ThrowsAsync<ChatException>(() => AccountSession.SignInAsync(
            Url, "anna@demo.example", "secret", new AccountOptions { HttpClient = http }, ct));

        Assert.That(refused, Has.Property("Name").EqualTo("unavailable").And.Property("Retryable").True);
    }

    [Test, CancelAfter(10_000)]
    public async Task Signing_out_forgets_the_tokens_and_a_sign_in_can_be_restored(CancellationToken ct)
    {
        using var rest = new FakeRest((request, _) => request.RequestUri!.AbsolutePath == "/api/auth/logout"
            ? (204, "")
            : (200, FakeRest.SignedIn("access-0", "refresh-0", DateTimeOffset.MaxValue.AddDays(-2))));
        using var http = new HttpClient(rest);
        var options = new AccountOptions { HttpClient = http, Store = new MemoryTokenStore() };
        using AccountSession account = await AccountSession.SignInAsync(Url, "anna@demo.example", "secret", options, ct);

        using AccountSession? restored = await AccountSession.RestoreAsync(Url, options, ct);
        await account.SignOutAsync(ct);
        using AccountSession? gone = await AccountSession.RestoreAsync(Url, options, ct);

        Assert.That(restored!.PrincipalId, Is.EqualTo(12));
        Assert.That(gone, Is.Null);
        Assert.That(rest.Asked, Is.EqualTo(new[] { "POST /api/auth/login", "POST /api/auth/logout" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task Groups_are_made_over_rest_with_the_clients_token(CancellationToken ct)
    {
        string? bearer = null, sent = null;
        using var rest = new FakeRest((request, body) =>
        {
            (bearer, sent) = (request.Headers.Authorization?.ToString(), body);
            return (201, """{"chatId":70,"kind":"group","more":true}""");
        });
        using var http = new HttpClient(rest);
        await using World world = new(configure: options => options with { HttpClient = http });

        ChatHandle group = await world.Client.CreateGroupAsync("Weekend", [13, 14], ct);

        Assert.That(group.Id, Is.EqualTo(70));
        Assert.That(bearer, Is.EqualTo("Bearer token"));
        Assert.That(sent, Is.EqualTo("""{"name":"Weekend","memberIds":[13,14]}"""));
    }
}
