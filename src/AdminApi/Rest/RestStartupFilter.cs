using Chat.AdminApi.Rest.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Chat.AdminApi.Rest;

/// <summary>
/// Stands before everything else on this interface's paths: security headers, the body limit, the origins that may call,
/// and a problem for every failure that came without a body. Other paths pass untouched.
/// </summary>
internal sealed class RestStartupFilter(RestBoundary boundary, IOptions<RestOptions> options) : IStartupFilter
{
    private static readonly PathString[] Prefixes = ["/api", DownloadEndpoint.Prefix, "/openapi", "/docs", "/health", "/version"];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseWhen(IsOurs, ours =>
        {
            ours.Use(boundary.EnterAsync);
            if (options.Value.AllowedOrigins.Count > 0) ours.UseCors(AllowConfigured);
        });
        next(app);
    };

    private static bool IsOurs(HttpContext http) => Array.Exists(Prefixes, prefix => http.Request.Path.StartsWithSegments(prefix));

    private void AllowConfigured(CorsPolicyBuilder policy) => policy
        .WithOrigins([.. options.Value.AllowedOrigins])
        .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders("Authorization", "Content-Type")
        .WithExposedHeaders("Retry-After", "Location", "Upload-Offset", "Upload-Length")
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));
}
