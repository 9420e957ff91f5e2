using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Chat.Domain.Push;
using Chat.Server.Outside;
using Chat.Server.Push;
using Chat.Storage.Push;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Chat.Server.Tests.Push;

/// <summary>What Google's and Apple's services are sent, and what their answers mean, against a service of our own over HTTPS and HTTP/2.</summary>
[TestFixture, NonParallelizable]
internal sealed class MobilePushTests
{
    private static readonly PushNotice Notice = new(
        """{"v":1,"kind":"message","chat":7,"text":"Moin","badge":3}"""u8.ToArray(), TimeSpan.FromHours(24), IsUrgent: false, "topic");

    private readonly ConcurrentQueue<(string Path, IHeaderDictionary Headers, string Body, string Protocol)> _asked = new();
    private readonly FakeTimeProvider _time = new();
    private PushServiceHost _host = null!;
    private OutsideHttp _http = null!;
    private string _folder = null!;
    private Func<HttpContext, int> _answer = _ => 200;
    private int _tokenStatus = 200;
    private int _tokens;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("push").FullName;
        _host = await PushServiceHost.StartAsync(Map);
        _http = _host.Client();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [SetUp]
    public void Forget()
    {
        _asked.Clear();
        (_answer, _tokenStatus, _tokens) = (_ => 200, 200, 0);
    }

    [Test, CancelAfter(30_000)]
    public async Task Fcm_is_signed_in_to_once_an_hour_and_sent_data_for_the_app_to_show(CancellationToken ct)
    {
        using RSA key = RSA.Create(2_048);
        using FcmTokens tokens = NewFcm(key, out FcmTransport fcm);
        Assert.That((await fcm.SendAsync(Phone(PushTransports.Fcm), Notice, ct)).Outcome, Is.EqualTo(PushOutcome.Taken));
        Assert.That((await fcm.SendAsync(Phone(PushTransports.Fcm), Notice with { IsUrgent = true }, ct)).Outcome, Is.EqualTo(PushOutcome.Taken));

        var (path, _, form, _) = _asked.First();
        Assert.That(path, Is.EqualTo("/token"));
        Dictionary<string, string> fields = form.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        Assert.That(fields["grant_type"], Is.EqualTo("urn:ietf:params:oauth:grant-type:jwt-bearer"));
        string[] assertion = fields["assertion"].Split('.');
        Assert.That(key.VerifyData(
            Encoding.ASCII.GetBytes($"{assertion[0]}.{assertion[1]}"), Base64Url.DecodeFromChars(assertion[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        JsonNode claims = JsonNode.Parse(Base64Url.DecodeFromChars(assertion[1]))!;
        Assert.That(
            ((string)claims["iss"]!, (string)claims["aud"]!, (string)claims["scope"]!, (long)claims["exp"]! - (long)claims["iat"]!),
            Is.EqualTo(("chat@demo.example", $"{_host.Origin}/token", "https://www.googleapis.com/auth/firebase.messaging", 3_600L)));

        (string Path, IHeaderDictionary Headers, string Body, string Protocol)[] sent = [.. _asked.Skip(1)];
        Assert.That(sent.Select(one => one.Path), Is.EqualTo(new[] { "/v1/projects/demo/messages:send", "/v1/projects/demo/messages:send" }), "one token for both");
        Assert.That(sent[0].Headers.Authorization.ToString(), Is.EqualTo("Bearer token-1"));
        JsonNode message = JsonNode.Parse(sent[0].Body)!["message"]!;
        Assert.That(((string)message["token"]!, (string)message["data"]!["push"]!), Is.EqualTo(("abc:DEF", Encoding.UTF8.GetString(Notice.Payload.Span))));
        Assert.That(
            ((string)message["android"]!["priority"]!, (string)message["android"]!["ttl"]!, (string)message["android"]!["collapse_key"]!),
            Is.EqualTo(("NORMAL", "86400s", "topic")));
        Assert.That((string)JsonNode.Parse(sent[1].Body)!["message"]!["android"]!["priority"]!, Is.EqualTo("HIGH"));

        _time.Advance(TimeSpan.FromMinutes(56));
        await fcm.SendAsync(Phone(PushTransports.Fcm), Notice, ct);
        Assert.That(_tokens, Is.EqualTo(2));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_fcm_says_is_heeded(CancellationToken ct)
    {
        using RSA key = RSA.Create(2_048);
        using FcmTokens tokens = NewFcm(key, out FcmTransport fcm);
        foreach ((int status, PushOutcome outcome) in ((int, PushOutcome)[])
                 [(404, PushOutcome.Gone), (400, PushOutcome.Refused), (403, PushOutcome.Denied), (413, PushOutcome.TooLarge), (401, PushOutcome.Later)])
        {
            _answer = _ => status;
            Assert.That((await fcm.SendAsync(Phone(PushTransports.Fcm), Notice, ct)).Outcome, Is.EqualTo(outcome), $"{status}");
        }

        _answer = http =>
        {
            http.Response.Headers.RetryAfter = "7";
            return 503;
        };
        PushAnswer later = await fcm.SendAsync(Phone(PushTransports.Fcm), Notice, ct);
        Assert.That((later.Outcome, later.RetryAfter, _tokens), Is.EqualTo((PushOutcome.Later, (TimeSpan?)TimeSpan.FromSeconds(7), 2)), "a token that was refused is asked for anew");

        tokens.Forget("token-2");
        _tokenStatus = 400;
        PushAnswer unsigned = await fcm.SendAsync(Phone(PushTransports.Fcm), Notice, ct);
        Assert.That((unsigned.Outcome, unsigned.Reason), Is.EqualTo((PushOutcome.Later, "sign-in 400")));
    }

    [Test, CancelAfter(30_000)]
    public async Task Apns_is_asked_over_http_2_with_a_token_of_its_kind(CancellationToken ct)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ApnsTransport apns = NewApns(key);
        Assert.That((await apns.SendAsync(Phone(PushTransports.Apns), Notice, ct)).Outcome, Is.EqualTo(PushOutcome.Taken));
        await apns.SendAsync(Phone(PushTransports.Apns), Notice with { IsUrgent = true }, ct);
        _time.Advance(TimeSpan.FromMinutes(41));
        await apns.SendAsync(Phone(PushTransports.Apns), Notice, ct);

        var sent = _asked.ToArray();
        Assert.That(sent.Select(one => (one.Path, one.Protocol)), Has.All.EqualTo(("/3/device/abc:DEF", "HTTP/2")));
        string Header(int index, string name) => sent[index].Headers[name].ToString();
        Assert.That(
            (Header(0, "apns-topic"), Header(0, "apns-push-type"), Header(0, "apns-priority"), Header(1, "apns-priority"), Header(0, "apns-collapse-id")),
            Is.EqualTo(("org.example.chat", "alert", "5", "10", "topic")));
        Assert.That(Header(0, "apns-expiration"), Is.EqualTo($"{_time.GetUtcNow().AddMinutes(-41).AddHours(24).ToUnixTimeSeconds()}"));
        JsonNode body = JsonNode.Parse(sent[0].Body)!;
        Assert.That(
            ((string)body["aps"]!["alert"]!["loc-key"]!, (int)body["aps"]!["mutable-content"]!, (int)body["aps"]!["badge"]!, (string)body["push"]!["text"]!),
            Is.EqualTo(("push_message", 1, 3, "Moin")));

        Assert.That(Header(1, "Authorization"), Is.EqualTo(Header(0, "Authorization")), "Apple wants no new one for each");
        Assert.That(Header(2, "Authorization"), Is.Not.EqualTo(Header(0, "Authorization")));
        string[] token = Header(0, "Authorization")["bearer ".Length..].Split('.');
        Assert.That(key.VerifyData(Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Base64Url.DecodeFromChars(token[2]), HashAlgorithmName.SHA256));
        JsonNode head = JsonNode.Parse(Base64Url.DecodeFromChars(token[0]))!, claims = JsonNode.Parse(Base64Url.DecodeFromChars(token[1]))!;
        Assert.That(((string)head["alg"]!, (string)head["kid"]!, (string)claims["iss"]!), Is.EqualTo(("ES256", "ABCDE12345", "TEAM012345")));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_apns_says_is_heeded(CancellationToken ct)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ApnsTransport apns = NewApns(key);
        foreach ((int status, PushOutcome outcome) in ((int, PushOutcome)[])
                 [(410, PushOutcome.Gone), (400, PushOutcome.Refused), (403, PushOutcome.Denied), (413, PushOutcome.TooLarge), (429, PushOutcome.Later), (503, PushOutcome.Later)])
        {
            _answer = _ => status;
            Assert.That((await apns.SendAsync(Phone(PushTransports.Apns), Notice, ct)).Outcome, Is.EqualTo(outcome), $"{status}");
        }
    }

    [Test]
    public void Settings_that_cannot_be_used_say_what_to_do()
    {
        string missing = Path.Combine(_folder, "missing"), nonsense = Path.Combine(_folder, "nonsense");
        File.WriteAllText(nonsense, """{"project_id":1}""");
        Assert.That(new FcmOptions().Validate().Concat(new ApnsOptions().Validate()), Is.Empty);
        Assert.That(new FcmOptions { ServiceAccountFile = missing }.Validate().Single(), Does.Contain("Fcm:ServiceAccountFile"));
        Assert.That(new FcmOptions { ServiceAccountFile = nonsense }.Validate().Single(), Does.Contain("Fcm:ServiceAccountFile"));
        Assert.That(new FcmOptions { Server = "http://a" }.Validate().Single(), Does.Contain("Fcm:Server"));
        Assert.That(new ApnsOptions { KeyId = "ABCDE12345" }.Validate().Single(), Does.Contain("go together"));
        Assert.That(new ApnsOptions { KeyFile = nonsense, KeyId = "a", TeamId = "b", Topic = "c" }.Validate().Single(), Does.Contain("Apns:KeyFile"));
    }

    private static PushTarget Phone(short transport) => new(1, 1, transport, "abc:DEF", null, null, PushContents.Full, 0);

    private FcmTokens NewFcm(RSA key, out FcmTransport fcm)
    {
        string path = Path.Combine(_folder, "account.json");
        File.WriteAllText(path, new JsonObject
        {
            ["project_id"] = "demo",
            ["client_email"] = "chat@demo.example",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["token_uri"] = $"{_host.Origin}/token",
        }.ToJsonString());
        FcmOptions options = new() { ServiceAccountFile = path, Server = _host.Origin };
        Assert.That(options.Validate(), Is.Empty);
        Assert.That(FcmAccount.TryRead(path, out FcmAccount? account, out _));
        FcmTokens tokens = new(account!, _http, _time);
        fcm = new FcmTransport(options, account!, tokens, _http, _time);
        return tokens;
    }

    private ApnsTransport NewApns(ECDsa key)
    {
        string path = Path.Combine(_folder, "key.p8");
        File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem());
        ApnsOptions options = new() { KeyFile = path, KeyId = "ABCDE12345", TeamId = "TEAM012345", Topic = "org.example.chat", Server = _host.Origin };
        Assert.That(options.Validate(), Is.Empty);
        Assert.That(options.TryReadKey(out ECDsa? read, out _));
        return new ApnsTransport(options, read!, _http, _time);
    }

    private void Map(WebApplication app)
    {
        app.MapPost("/token", async (HttpContext http) =>
        {
            await NoteAsync(http);
            http.Response.StatusCode = _tokenStatus;
            if (_tokenStatus == 200) await http.Response.WriteAsync($$"""{"access_token":"token-{{++_tokens}}","expires_in":3599,"token_type":"Bearer"}""");
        });
        app.MapPost("/v1/{**rest}", AnswerAsync);
        app.MapPost("/3/device/{token}", AnswerAsync);

        async Task AnswerAsync(HttpContext http)
        {
            await NoteAsync(http);
            http.Response.StatusCode = _answer(http);
        }
    }

    private async Task NoteAsync(HttpContext http)
    {
        using StreamReader body = new(http.Request.Body);
        string text = await body.ReadToEndAsync();
        HeaderDictionary headers = [];
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in http.Request.Headers) headers[name] = values;
        _asked.Enqueue((Uri.UnescapeDataString(http.Request.Path.Value!), headers, text, http.Request.Protocol));
    }
}
