using Chat.Server.Transport.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chat.Server.Transport;

/// <summary>Puts this layer into a host: its services, its place on a port, its place in the HTTP pipeline.</summary>
public static class WebSocketListening
{
    /// <summary>Registers the layer. An <see cref="IWebSocketSessionFactory"/> and an <see cref="IConnectionOutputFactory"/> must be registered besides.</summary>
    /// <exception cref="ArgumentException">Settings cannot work; the message names all of them.</exception>
    public static IServiceCollection AddWebSocketSessions(this IServiceCollection services, WebSocketOptions options)
    {
        IReadOnlyList<string> faults = options.Faults();
        if (faults.Count > 0) throw new ArgumentException(string.Join('\n', faults), nameof(options));

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<WebSocketAcceptor>();
        services.AddSingleton<SocketTransport>();
        return services;
    }

    /// <summary>Puts this server's own socket loops under Kestrel, where the system has them (Linux). After the choice of Kestrel.</summary>
    public static IWebHostBuilder UseSocketLoops(this IWebHostBuilder host)
    {
        if (!SocketTransport.IsSupported) return host;
        return host.ConfigureServices(services =>
            services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<SocketTransport>()));
    }

    /// <summary>Answers WebSocket upgrades on this port before HTTP sees them. Call it after <c>UseHttps</c>, if any.</summary>
    /// <remarks>Turns HTTP/2 off: a browser with such a connection open would try its WebSocket over it (RFC 8441) and miss this
    /// layer.</remarks>
    /// <param name="isTls">Whether TLS comes first on this port.</param>
    public static void UseWebSocketSessions(this ListenOptions listen, IServiceProvider services, bool isTls = false)
    {
        WebSocketAcceptor acceptor = services.GetRequiredService<WebSocketAcceptor>();
        listen.Protocols = HttpProtocols.Http1;
        if (!isTls && SocketTransport.IsSupported) services.GetRequiredService<SocketTransport>().AnswerUpgrades(acceptor);
        listen.Use(next => connection => acceptor.OnConnectionAsync(connection, next));
    }

    /// <summary>Takes a trusted balancer's header off each connection. On a port with TLS only, before <c>UseHttps</c>.</summary>
    public static void UseProxyHeaders(this ListenOptions listen, IServiceProvider services)
    {
        WebSocketAcceptor acceptor = services.GetRequiredService<WebSocketAcceptor>();
        listen.Use(next => connection => acceptor.OnEncryptedAsync(connection, next));
    }

    /// <summary>Answers upgrades on connections that carried HTTP requests before. First in the pipeline.</summary>
    public static void UseWebSocketUpgrades(this IApplicationBuilder app)
    {
        WebSocketAcceptor acceptor = app.ApplicationServices.GetRequiredService<WebSocketAcceptor>();
        app.Use(next => context => HttpUpgrade.InvokeAsync(context, next, acceptor));
    }
}
