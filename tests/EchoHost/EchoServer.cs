using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Chat.Server.Outbound;
using Chat.Server.Transport;
using WebSocketOptions = Chat.Server.Transport.WebSocketOptions;

namespace Chat.EchoHost;

/// <summary>Kestrel with the product's transport layer on one port, an echo behind it, and a small page for everything else.</summary>
internal static class EchoServer
{
    public static WebApplication Build(EchoOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        WebSocketOptions webSocket = new()
        {
            Path = options.Path,
            MaxFrameBytes = Math.Min(options.MaxFrameBytes, options.MaxMessageBytes),
            MaxMessageBytes = options.MaxMessageBytes,
            MaxFragments = options.MaxFragments,
            MaxControlFramesPerSecond = 100_000,
            ControlFrameBurst = 1_000_000,
            AllowAnyOrigin = true,
        };
        builder.Services.AddSingleton(new OutboundOptions { MaxQueuedBytes = 4 << 20 });
        builder.Services.AddSingleton<OutboundPace>();
        builder.Services.AddSingleton<IConnectionOutputFactory, ConnectionOutputFactory>();
        builder.Services.AddSingleton<IWebSocketSessionFactory, EchoSessionFactory>();
        builder.Services.AddWebSocketSessions(webSocket);
        IPAddress address = options.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(options.Host);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, options.Port, listen =>
        {
            if (options.IsTls) listen.UseHttps(MakeCertificate());
            listen.UseWebSocketSessions(kestrel.ApplicationServices, options.IsTls);
        }));
        builder.WebHost.UseSocketLoops();

        WebApplication host = builder.Build();
        host.UseWebSocketUpgrades();
        host.MapGet("/", () => "echo host: speak WebSocket\n");
        return host;
    }

    public static int Port(WebApplication host) => new Uri(host.Urls.First()).Port;

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
