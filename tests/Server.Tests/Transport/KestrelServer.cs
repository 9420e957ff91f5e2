using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Chat.Server.Outbound;
using Chat.Server.Transport;
using Chat.Server.Transport.Sockets;
using Chat.TestKit;
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
    private readonly MeterListener _meters = new();
    private int _connections;

    private KestrelServer(WebApplication app)
    {
        _app = app;
        IMeterFactory own = app.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == own && instrument.Name == "kestrel.active_connections") listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _connections, (int)change));
        _meters.Start();
    }

    /// <summary>Connections that Kestrel has and is not done with.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public EchoSessions Sessions => (EchoSessions)_app.Services.GetRequiredService<IWebSocketSessionFactory>();

    public SocketLoop[] Loops => _app.Services.GetRequiredService<SocketTransport>().Loops;

    /// <summary>A request for <c>/wait</c> has begun.</summary>
    public TaskCompletionSource WaitBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A request for <c>/wait</c> was told that its client is gone.</summary>
    public TaskCompletionSource WaitAborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A request for <c>/late</c> has come.</summary>
    public TaskCompletionSource LateBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The request for <c>/late</c> is answered when this is done.</summary>
    public TaskCompletionSource Late { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the server and Kestrel said of all this.</summary>
    public RecordedLog Log => _app.Services.GetRequiredService<RecordedLog>();

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<KestrelServer> StartAsync(WebSocketOptions options, bool isTls, CancellationToken ct)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<RecordedLog>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<RecordedLog>());
        builder.Services.AddSingleton(new OutboundOptions { MaxQueuedBytes = 64 << 20 });
        builder.Services.AddSingleton<OutboundPace>();
        builder.Services.AddSingleton<IConnectionOutputFactory, ConnectionOutputFactory>();
        builder.Services.AddSingleton<IWebSocketSessionFactory, EchoSessions>();
        builder.Services.AddWebSocketSessions(options);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (isTls)
            {
                listen.UseProxyHeaders(kestrel.ApplicationServices);
                listen.UseHttps(MakeCertificate());
            }

            listen.UseWebSocketSessions(kestrel.ApplicationServices, isTls);
        }));
        builder.WebHost.UseSocketLoops();
        WebApplication app = builder.Build();
        app.UseWebSocketUpgrades();
        app.MapGet("/hello", () => "hello");
        app.MapGet("/who", (HttpContext context) => context.Connection.RemoteIpAddress!.ToString());
        app.MapPost("/reverse", async (HttpRequest request) =>
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body);
            byte[] bytes = body.ToArray();
            Array.Reverse(bytes);
            return Results.Bytes(bytes);
        });
        app.MapGet("/large", static () => Results.Bytes(Large()));
        KestrelServer server = new(app);
        app.MapGet("/wait", async (HttpContext context) =>
        {
            using CancellationTokenRegistration telling = context.RequestAborted.Register(server.WaitAborted.SetResult);
            server.WaitBegun.SetResult();
            await server.WaitAborted.Task;
        });
        app.MapGet("/late", async () =>
        {
            server.LateBegun.SetResult();
            await server.Late.Task;
            return "late";
        });
        await app.StartAsync(ct);
        return server;
    }

    public ValueTask DisposeAsync()
    {
        _meters.Dispose();
        return _app.DisposeAsync();
    }

    /// <summary>The body of <c>/large</c>: 5 MiB that repeat nowhere near.</summary>
    public static byte[] Large()
    {
        byte[] body = new byte[5 << 20];
        new Random(5).NextBytes(body);
        return body;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
