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
        return services;
    }

    /// <summary>Answers WebSocket upgrades on this port before HTTP sees them. Call it after <c>UseHttps</c>, if any.</summary>
    /// <remarks>Turns HTTP/2 off: a browser with such a connection open would try its WebSocket over it (RFC 8441) and miss this
    /// layer.</remarks>
    public static void UseWebSocketSessions(this ListenOptions listen, IServiceProvider services)
    {
        WebSocketAcceptor acceptor = services.GetRequiredService<WebSocketAcceptor>();
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection => acceptor.OnConnectionAsync(connection, next));
    }

    /// <summary>Answers upgrades on connections that carried HTTP requests before. First in the pipeline.</summary>
    public static void UseWebSocketUpgrades(this IApplicationBuilder app)
    {
        WebSocketAcceptor acceptor = app.ApplicationServices.GetRequiredService<WebSocketAcceptor>();
        app.Use(next => context => HttpUpgrade.InvokeAsync(context, next, acceptor));
    }
}
