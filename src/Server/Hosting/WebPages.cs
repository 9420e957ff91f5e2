using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Chat.Server.Hosting;

/// <summary>Serves the built chat page at <c>/</c>, under a policy that lets nothing run but its own files.</summary>
internal static class WebPages
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; " +
        "manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    /// <summary>The folder with the page, or null when it was not built.</summary>
    public static string? FindRoot(ServerOptions options)
    {
        if (options.WebRoot is { } given) return Path.GetFullPath(given);
        string beside = Path.Combine(AppContext.BaseDirectory, "web");
        if (File.Exists(Path.Combine(beside, "index.html"))) return beside;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string built = Path.Combine(folder.FullName, "clients", "web", "chat", "dist");
            if (File.Exists(Path.Combine(built, "index.html"))) return built;
        }

        return null;
    }

    public static void UseWebPages(this WebApplication app, string? root)
    {
        if (root is null)
        {
            app.MapFallback(() => Results.Text("The chat page is not built. Run ./chat build, or set Server:WebRoot to the folder that holds it.\n", statusCode: 404));
            return;
        }

        PhysicalFileProvider files = new(root);
        StaticFileOptions options = new() { FileProvider = files, ContentTypeProvider = new CompressedAssets.ContentTypes(), OnPrepareResponse = Prepare };
        app.UseCompressedAssets(files);
        app.UseStaticFiles(options);
        app.MapFallbackToFile("index.html", options); // the page routes its own paths
    }

    private static void Prepare(StaticFileResponseContext served)
    {
        IHeaderDictionary headers = served.Context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=()";

        CompressedAssets.Describe(served);

        // Built names carry a hash of their content; the page itself must be asked for again.
        bool hashed = served.Context.Request.Path.StartsWithSegments("/assets");
        headers.CacheControl = hashed ? "public, max-age=31536000, immutable" : "no-cache";
    }
}
