using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Chat.Server.Transport;

/// <summary>Serves the WebSocket requests that come later on an HTTP connection, where the acceptor no longer looks.</summary>
/// <remarks>Some clients and proxies reuse an idle connection for an upgrade. The rules are the acceptor's; the bytes pass through the
/// HTTP server.</remarks>
internal static class HttpUpgrade
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next, WebSocketAcceptor acceptor)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        bool isAbsolute = !target.StartsWith('/') && context.Request.Path.Value == acceptor.Options.Path;
        if (!isAbsolute && !IsOurs(context, target, acceptor.Options.Path))
        {
            await next(context);
            return;
        }

        (int status, string fault, HandshakeRequest? request) = Judge(context, target, isAbsolute);
        if (status == 0 && !acceptor.IsOriginAllowed(request!, context.Request.IsHttps)) (status, fault) = (403, "origin not allowed");
        if (status == 0) await ServeAsync(context, request!, acceptor);
        else await RefuseAsync(context, status, fault);
    }

    private static bool IsOurs(HttpContext context, string target, string? path)
    {
        if (path is null) return string.Equals(context.Request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase);

        int query = target.IndexOf('?', StringComparison.Ordinal);
        return target.AsSpan(0, query < 0 ? target.Length : query).SequenceEqual(path);
    }

    private static (int Status, string Fault, HandshakeRequest? Request) Judge(HttpContext context, string target, bool isAbsolute)
    {
        if (isAbsolute) return (400, "absolute-form target", null);
        if (!HttpMethods.IsGet(context.Request.Method)) return (400, "GET is needed", null);
        if (context.Request.Protocol != HttpProtocol.Http11) return (400, "HTTP/1.1 is needed", null);

        HandshakeFields fields = default;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            foreach (string? value in values) fields.Add(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value ?? ""));
        }

        int status = fields.Judge(out string fault);
        return status != 0 ? (status, fault, null) : (0, "", fields.ToRequest(Encoding.Latin1.GetBytes(target)));
    }

    private static async Task ServeAsync(HttpContext context, HandshakeRequest request, WebSocketAcceptor acceptor)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
        {
            await RefuseAsync(context, 400, "this connection cannot be upgraded");
            return;
        }

        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = HandshakeResponse.Accept(request.Key);
        UpgradedConnection connection = new(context, await upgrade.UpgradeAsync());
        await acceptor.RunAsync(connection, []);
    }

    private static Task RefuseAsync(HttpContext context, int status, string fault)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Connection = "close";
        if (status == 426) (context.Response.Headers.Upgrade, context.Response.Headers.SecWebSocketVersion) = ("websocket", "13");
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(fault + "\n");
    }
}
