using System.Net;
using System.Text;
using Chat.Server.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using KestrelServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>
/// Serves <c>/metrics</c> at an address of its own, <c>Server:MetricsAddress</c>, and nothing else there. On the public port there are
/// none: behind a balancer on the same machine every caller seems to be local, so the caller's address says nothing.
/// </summary>
/// <remarks>A small host apart from the product's, so that a node that drains is still watched.</remarks>
internal sealed class MetricsListener(ServerOptions options, MetricCollector collector, ILogger<MetricsListener> log)
    : IHostedService, IAsyncDisposable
{
    private WebApplication? _host;

    /// <summary>Where it listens; null when it does not.</summary>
    public Uri? Url { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.MetricsAddress.Length == 0) return;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>(); // signals are the product's host's
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 16;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPEndPoint.Parse(options.MetricsAddress), static listen => listen.Protocols = HttpProtocols.Http1);
        });
        _host = builder.Build();
        _host.Run(AnswerAsync);
        await _host.StartAsync(cancellationToken);
        string address = _host.Services.GetRequiredService<KestrelServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Url = new Uri(new Uri(address), "/metrics");
        MetricsLog.Listening(log, Url);
    }

    /// <summary>Goes on until the host is disposed, after everything else has stopped.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _host = null;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path != "/metrics" || !HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        byte[] body = Encoding.UTF8.GetBytes(collector.Scrape());
        http.Response.ContentType = MetricText.ContentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Starts and stops with whoever holds the host.</summary>
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
