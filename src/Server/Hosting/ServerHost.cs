using System.Net;
using System.Security.Cryptography.X509Certificates;
using Chat.AdminApi;
using Chat.Server.Diagnostics;
using Chat.Server.Diagnostics.Metrics;
using Chat.Server.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Chat.Server.Hosting;

/// <summary>Puts the process together: one port, the WebSocket layer in front of ASP.NET Core.</summary>
internal static class ServerHost
{
    /// <param name="settings">What is configured, checked.</param>
    /// <param name="configuration">The same, for what reads it by itself.</param>
    /// <param name="connectionString">The database, once it is known.</param>
    /// <param name="log">Where log lines go.</param>
    /// <param name="replace">Puts other types in the place of what is composed here: how tests join servers without a Redis.</param>
    public static WebApplication Build(
        Settings settings, IConfiguration configuration, string connectionString, Serilog.ILogger log, Action<IServiceCollection>? replace = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ServerHost).Assembly.GetName().Name,
            EnvironmentName = settings.IsDevelopment ? Environments.Development : Environments.Production,
        });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddServerLog(log);
        builder.Services.AddRoutingCore();
        builder.Services.AddChatServer(settings, connectionString);
        replace?.Invoke(builder.Services);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Sessions.DrainTimeout + TimeSpan.FromSeconds(5));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, settings.Server)).UseSocketLoops();

        WebApplication app = builder.Build();
        app.Services.GetRequiredService<MetricCollector>(); // before the meters: it hears of each as it is made
        app.Services.GetRequiredService<ServerMetrics>();
        app.UseWebSocketUpgrades();
        app.UseStartGate();
        app.MapGet("/metrics", static () => Results.Text("Metrics are served at Server:MetricsAddress, not here.\n", statusCode: 404))
            .ExcludeFromDescription();
        string? root = WebPages.FindRoot(settings.Server);
        app.MapRestApi();
        app.UseWebPages(root);
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 1 << 20;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        if (options.Host == "*") kestrel.ListenAnyIP(options.Port, Configure);
        else if (options.Host == "localhost") kestrel.Listen(IPAddress.Loopback, options.Port, Configure);
        else kestrel.Listen(IPAddress.Parse(options.Host), options.Port, Configure);

        void Configure(ListenOptions listen)
        {
            if (options.CertificatePath is not null)
            {
                listen.UseProxyHeaders(kestrel.ApplicationServices);
                listen.UseHttps(X509Certificate2.CreateFromPemFile(options.CertificatePath, options.CertificateKeyPath));
            }

            listen.UseWebSocketSessions(kestrel.ApplicationServices, isTls: options.CertificatePath is not null);
        }
    }
}
