using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Hosting;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>People of an app with users of its own on the wire (ADR 0040), with the section <c>Issuers</c> as it is set.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
internal sealed class IssuerTests : ServerFixture
{
    private readonly IssuingApp _shop = new("shop", TimeProvider.System);

    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["Issuers:shop:Algorithm"] = "HS256",
        ["Issuers:shop:SecretKey"] = Convert.ToBase64String(_shop.Secret),
        ["Issuers:shop:MaxLifetime"] = "00:20:00",
    };

    [OneTimeTearDown]
    public void CloseApp() => _shop.Dispose();

    [Test, CancelAfter(30_000)]
    public async Task A_hello_with_the_apps_token_is_welcomed_and_a_newer_one_goes_on_with_the_same_session(CancellationToken ct)
    {
        using WireClient ada = await WireClient.ConnectAsync(Url, ct);
        Dictionary<string, object?> claims = _shop.Claims("ada", "phone", "Ada");
        claims["iat"] = (long)claims["iat"]! - 10;
        WelcomeReply welcome = await ada.HelloAsync(_shop.SignHs256(claims), ct);

        await ada.AskAsync<AuthenticateRequest, OkReply>(new(_shop.Mint("ada", "phone", "Ada")), ct);
        ErrorReply otherDevice = await ada.RefusedAsync(new AuthenticateRequest(_shop.Mint("ada", "tablet")), ct);
        ErrorReply otherPerson = await ada.RefusedAsync(new AuthenticateRequest(_shop.Mint("ben", "phone")), ct);
        claims["exp"] = (long)claims["iat"]! + 1201;
        ErrorReply tooLong = await ada.RefusedAsync(new AuthenticateRequest(_shop.SignHs256(claims)), ct);
        await ada.AskAsync<PingRequest, OkReply>(new(), ct);

        Assert.That(welcome.TokenExpiresAtMs / 1000, Is.EqualTo((long)claims["iat"]! + 610));
        Assert.That((otherDevice.Code, otherPerson.Code), Is.EqualTo((ErrorCode.TokenInvalid, ErrorCode.TokenInvalid)));
        Assert.That(tooLong.Code, Is.EqualTo(ErrorCode.TokenInvalid));
        Assert.That(tooLong.Message, Does.Contain("more than 1200 s after iat"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_hello_says_by_its_code_what_became_of_the_token(CancellationToken ct)
    {
        Dictionary<string, object?> old = _shop.Claims("1");
        old["iat"] = (long)old["iat"]! - 4_000;
        old["exp"] = (long)old["exp"]! - 4_000;
        (string Token, DisconnectCode Code)[] refused =
        [
            (_shop.SignHs256(old), DisconnectCode.TokenExpired),
            (_shop.SignHs256(_shop.Claims("1"), new byte[32]), DisconnectCode.TokenInvalid),
            (_shop.SignHs256("{}"), DisconnectCode.TokenInvalid),
        ];

        foreach ((string token, DisconnectCode code) in refused) Assert.That(await CloseCodeAsync(Url, token, ct), Is.EqualTo((int)code));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P10")]
    public async Task A_block_ends_the_sessions_of_both_nodes_and_no_token_of_the_app_opens_another(CancellationToken ct)
    {
        await using WebApplication other = await StartNodeAsync();
        Uri there = new(other.Urls.First());
        using WireClient phone = await WireClient.ConnectAsync(Url, ct), tablet = await WireClient.ConnectAsync(there, ct);
        await phone.HelloAsync(_shop.Mint("blocked", "phone"), ct);
        await tablet.HelloAsync(_shop.Mint("blocked", "tablet"), ct);
        OperateAccount operate = new(
            Services.GetRequiredService<OperatorStore>(), Services.GetRequiredService<PasswordHasher>(), new InMemoryBus().Join());

        Result<OperatorOutcome> blocked = await operate.BlockAsync("shop:blocked", "spam", "test", ct);

        Assert.That(blocked.Value.SignedOut, Has.Count.EqualTo(2));
        Assert.That(await phone.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.SessionRevoked));
        Assert.That(await tablet.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.SessionRevoked));
        foreach (Uri node in (Uri[])[Url, there])
        {
            foreach (string device in (string[])["phone", "tablet", $"new at {node.Port}"])
                Assert.That(await CloseCodeAsync(node, _shop.Mint("blocked", device), ct), Is.EqualTo((int)DisconnectCode.SessionRevoked), device);
        }

        await other.StopAsync(ct);
    }

    [Test]
    public void All_that_is_wrong_with_issuers_is_said_at_once()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Issuers:shop:Algorithm"] = "HS512",
            ["Issuers:bank:Algorithm"] = "RS256",
            ["Issuers:bank:PublicKey"] = "nonsense",
            ["Issuers:desk:Secret"] = "x",
            ["Issuers:chat:Algorithm"] = "HS256",
            ["Issuers:chat:SecretKey"] = "not base64!",
            ["Issuers:none"] = "x",
        };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

        string said = Assert.Throws<SettingsException>(() => SettingsReader.Read(configuration, isDevelopment: true))!.Message;

        string[] faults =
        [
            "Issuers:shop:Algorithm (environment: CHAT__Issuers__shop__Algorithm) is 'HS512': set HS256 or ES256 or RS256.", "Issuers:bank:PublicKey cannot be read",
            "Issuers:desk:Secret is not a setting", "Issuers:chat:SecretKey (environment: CHAT__Issuers__chat__SecretKey) is '***'", "Issuers:chat is the name of the service itself",
            "Issuers:none is no issuer",
        ];
        foreach (string fault in faults) Assert.That(said, Does.Contain(fault));
    }

    private static async Task<int?> CloseCodeAsync(Uri node, string token, CancellationToken ct)
    {
        using WireClient client = await WireClient.ConnectAsync(node, ct);
        await client.SendAsync(new HelloRequest(ProtocolLimits.ProtocolVersion, token, "test", []), ct);
        return await client.ClosedAsync(ct);
    }
}
