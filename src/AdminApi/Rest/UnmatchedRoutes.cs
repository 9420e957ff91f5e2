using Chat.AdminApi.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Chat.AdminApi.Rest;

/// <summary>
/// Answers what no route below /api took. Being a route itself (so that no page of the web app is served there), it hides why the
/// others did not match; it finds out: unknown path 404, known path with another method 405, method right but media type wrong 415.
/// </summary>
internal sealed class UnmatchedRoutes(EndpointDataSource routes, ProblemWriter problems)
{
    private sealed record KnownRoute(TemplateMatcher Path, IReadOnlyList<string> Methods);

    private KnownRoute[]? _known;

    public Task AnswerAsync(HttpContext http)
    {
        SortedSet<string> allowed = new(StringComparer.Ordinal);
        foreach (KnownRoute route in _known ??= [.. Known()])
        {
            if (route.Path.TryMatch(http.Request.Path, [])) allowed.UnionWith(route.Methods);
        }

        if (allowed.Count == 0) return problems.WriteAsync(http, Rejections.OfStatus(StatusCodes.Status404NotFound));
        if (allowed.Contains(http.Request.Method)) return problems.WriteAsync(http, Rejections.MediaType);

        http.Response.Headers.Allow = string.Join(", ", allowed);
        return problems.WriteAsync(http, Rejections.OfStatus(StatusCodes.Status405MethodNotAllowed));
    }

    private IEnumerable<KnownRoute> Known()
    {
        foreach (Endpoint endpoint in routes.Endpoints)
        {
            if (endpoint is not RouteEndpoint { RoutePattern.RawText: { } pattern }) continue;
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { } methods) continue;
            if (pattern.StartsWith("/api/", StringComparison.Ordinal))
                yield return new KnownRoute(new TemplateMatcher(TemplateParser.Parse(pattern.TrimStart('/')), []), methods.HttpMethods);
        }
    }
}
