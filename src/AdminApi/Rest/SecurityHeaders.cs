using Microsoft.AspNetCore.Http;

namespace Chat.AdminApi.Rest;

/// <summary>Headers that every answer of this interface carries. An endpoint that needs another policy sets its own before.</summary>
internal static class SecurityHeaders
{
    public const string NothingPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void Set(HttpContext http)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = NothingPolicy;
        if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
    }
}
