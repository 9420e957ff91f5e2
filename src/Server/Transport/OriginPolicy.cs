namespace Chat.Server.Transport;

/// <summary>Decides which web pages may open a WebSocket here (promise 4.3). Thread-safe.</summary>
/// <remarks>No credential travels in the handshake (hello carries the token), so a missing Origin, a program and not a page, is let
/// in.</remarks>
internal sealed class OriginPolicy
{
    private readonly HashSet<WebOrigin> _allowed = [];
    private readonly bool _allowSameHost;
    private readonly bool _allowAny;

    public OriginPolicy(WebSocketOptions options)
    {
        (_allowSameHost, _allowAny) = (options.AllowSameHostOrigin, options.AllowAnyOrigin);
        foreach (string text in options.AllowedOrigins)
        {
            if (WebOrigin.TryParse(text) is { } origin) _allowed.Add(origin);
        }
    }

    /// <param name="origin">The Origin field; null when the request had none.</param>
    /// <param name="host">The Host field.</param>
    /// <param name="isTls">True when TLS ends in this process: only an https page is then of the same host.</param>
    public bool IsAllowed(string? origin, string host, bool isTls)
    {
        if (origin is null || _allowAny) return true;
        if (WebOrigin.TryParse(origin) is not { } page) return false;
        if (_allowed.Contains(page)) return true;

        // Behind a proxy that ends TLS we see plain bytes while the page is https, so http does not demand http.
        bool schemeFits = page.Scheme == "https" || (page.Scheme == "http" && !isTls);
        return _allowSameHost && schemeFits && page.IsAt(host);
    }
}
