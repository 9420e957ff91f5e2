using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Chat.Server.Outside;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Push;

/// <summary>A push service over HTTPS, which decrypts as the browsers would and checks who signed.</summary>
internal sealed class PushServiceHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentDictionary<string, Browser> _browsers = new();

    private PushServiceHost(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public ConcurrentQueue<Pushed> Received { get; } = new();

    /// <summary>What is answered; 201, unless a test says otherwise.</summary>
    public Func<HttpContext, int> Answer { get; set; } = _ => 201;

    public string Origin => _app.Urls.Single();

    /// <param name="routes">More of them.</param>
    public static async Task<PushServiceHost> StartAsync(Action<WebApplication>? routes = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=push", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(
            options => options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        builder.Services.AddRoutingCore();
        PushServiceHost host = new(builder.Build(), certificate);
        host._app.MapPost("/push/{id}", host.TakeAsync);
        host._app.MapGet("/elsewhere", () => Results.Redirect("/landed"));
        host._app.MapGet("/landed", (HttpContext http) => host.Received.Enqueue(new Pushed("landed", new JsonObject(), http.Request.Headers["Cookie"].ToString(), 0, "", "")));
        host._app.MapGet("/endless", async (HttpContext http) =>
        {
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.BodyWriter.WriteAsync(new byte[1 << 16], http.RequestAborted);
        });
        routes?.Invoke(host._app);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>A way to this service, as the server asks it.</summary>
    public OutsideHttp Client(bool isOwnNetworkAllowed = true) => new(
        isOwnNetworkAllowed, TimeProvider.System,
        (_, certificate, _, errors) => errors == SslPolicyErrors.None || certificate?.GetCertHashString() == _certificate.GetCertHashString());

    public Browser NewBrowser()
    {
        Browser browser = new($"{Origin}/push/");
        _browsers[browser.Id] = browser;
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task TakeAsync(HttpContext http, string id)
    {
        if (!_browsers.TryGetValue(id, out Browser? browser))
        {
            http.Response.StatusCode = 404;
            return;
        }

        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        Assert.That(http.Request.Headers.ContentEncoding.ToString(), Is.EqualTo("aes128gcm"));
        Vapid.Check(http.Request.Headers.Authorization.ToString(), browser.ServerKey, Origin);
        int status = Answer(http);
        http.Response.StatusCode = status;
        string Header(string name) => http.Request.Headers[name].ToString();
        Received.Enqueue(new Pushed(
            id, JsonNode.Parse(browser.Decrypt(body.ToArray()))!.AsObject(), Header("Topic"), (int)body.Length, Header("TTL"), Header("Urgency"))
        {
            Status = status,
        });
    }
}

/// <param name="Size">Bytes as they came.</param>
internal sealed record Pushed(string Browser, JsonObject Payload, string Topic, int Size, string TimeToLive, string Urgency)
{
    public int Status { get; init; }
}
