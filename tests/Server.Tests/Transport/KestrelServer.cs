using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Chat.Server.Outbound;
using Chat.Server.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSocketOptions = Chat.Server.Transport.WebSocketOptions;

namespace Chat.Server.Tests.Transport;

/// <summary>A real Kestrel in this process: the layer with an echo behind it, and a little HTTP beside it on the same port.</summary>
internal sealed class KestrelServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelServer(WebApplication app) => _app = app;

    public EchoSessions Sessions => (EchoSessions)_app.Services.GetRequiredService<IWebSocketSessionFactory>();

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<KestrelServer> StartAsync(WebSocketOptions options, bool isTls, CancellationToken ct)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new OutboundOptions { MaxQueuedBytes = 64 << 20 });
        builder.Services.AddSingleton<IConnectionOutputFactory, ConnectionOutputFactory>();
        builder.Services.AddSingleton<IWebSocketSessionFactory, EchoSessions>();
        builder.Services.AddWebSocketSessions(options);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (isTls) listen.UseHttps(MakeCertificate());
            listen.UseWebSocketSessions(kestrel.ApplicationServices, isTls);
        }));
        builder.WebHost.UseSocketLoops();
        WebApplication app = builder.Build();
        app.UseWebSocketUpgrades();
        app.MapGet("/hello", () => "hello");
        app.MapPost("/reverse", async (HttpRequest request) =>
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body);
            byte[] bytes = body.ToArray();
            Array.Reverse(bytes);
            return Results.Bytes(bytes);
        });
        await app.StartAsync(ct);
        return new KestrelServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
