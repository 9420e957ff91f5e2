using System.Text.RegularExpressions;
using Chat.AdminApi.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Chat.AdminApi.OpenApi;

/// <summary>The description, the page that shows it, and the page of errors. No script runs but ours and the package's.</summary>
internal static partial class ApiPageEndpoints
{
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string Page = Resource("page.html");
    private static readonly string PageWithoutAssets = Resource("page-without-assets.html");
    private static readonly string Script = Resource("page.js");

    public static void Map(RouteGroupBuilder group)
    {
        group.ExcludeFromDescription();
        group.MapGet("/openapi/v1.json", SendDescriptionAsync);
        group.MapGet("/docs/api", SendPage);
        group.MapGet("/docs/api/page.js", () => Results.Text(Script, "text/javascript; charset=utf-8"));
        group.MapGet("/docs/api/assets/{file}", SendAsset);
        group.MapGet(ProblemWriter.ErrorPagePath, SendErrorPage);
    }

    private static async Task<IResult> SendDescriptionAsync(HttpContext http, OpenApiText text)
    {
        OpenApiText.Content content = await text.GetAsync();
        http.Response.Headers.CacheControl = "no-cache"; // kept, but asked for again each time: the tag answers with 304
        return Results.Bytes(content.Json, "application/json; charset=utf-8", entityTag: new EntityTagHeaderValue(content.ETag));
    }

    private static IResult SendPage(HttpContext http, IOptions<ApiPageOptions> options)
    {
        http.Response.Headers.ContentSecurityPolicy = PagePolicy;
        return Html(File.Exists(PathOf(options.Value, "swagger-ui-bundle.js")) ? Page : PageWithoutAssets);
    }

    private static IResult SendErrorPage() => Html(ErrorPage.Html);

    private static IResult SendAsset(string file, HttpContext http, IOptions<ApiPageOptions> options)
    {
        string? type = TypeOf(file);
        string path = PathOf(options.Value, file);
        if (type is null || !File.Exists(path)) return new ProblemAnswer(Rejections.OfStatus(StatusCodes.Status404NotFound));

        http.Response.Headers.CacheControl = "public, max-age=3600";
        return Results.File(path, type);
    }

    /// <summary>The media type of a file that the page may load; null for any other name, one that would leave the directory too.</summary>
    private static string? TypeOf(string file) => !AssetName().IsMatch(file) ? null : Path.GetExtension(file) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".png" => "image/png",
        _ => null,
    };

    private static string PathOf(ApiPageOptions options, string file) =>
        options.AssetsDirectory.Length == 0 ? "" : Path.GetFullPath(Path.Combine(options.AssetsDirectory, file));

    private static IResult Html(string page) => Results.Text(page, "text/html; charset=utf-8");

    private static string Resource(string name)
    {
        using Stream stream = typeof(ApiPageEndpoints).Assembly.GetManifestResourceStream($"Chat.AdminApi.OpenApi.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing from the build: embed it in AdminApi.csproj.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*\.(js|css|png)\z", RegexOptions.CultureInvariant)]
    private static partial Regex AssetName();
}
