using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Chat.Server.Hosting;

/// <summary>
/// Sends the files of the page that its build compressed (<c>NAME.br</c>, <c>NAME.gz</c>) in the place of those that were asked for, where the
/// client takes them. Nothing is compressed while one waits, and nothing that holds a secret ever is.
/// </summary>
internal static class CompressedAssets
{
    /// <summary>In the order of preference: what the client names, and how the file's name ends.</summary>
    private static readonly (string Encoding, string Ending)[] Kinds = [("br", ".br"), ("gzip", ".gz")];

    /// <summary>Before the static files: leads the request for a file to the best one that is there.</summary>
    public static void UseCompressedAssets(this WebApplication app, IFileProvider files) => app.Use((context, next) =>
    {
        HttpRequest request = context.Request;
        if (!request.Path.StartsWithSegments("/assets")) return next(context);

        context.Response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        IList<StringWithQualityHeaderValue> taken = request.GetTypedHeaders().AcceptEncoding;
        foreach ((string encoding, string ending) in Kinds)
        {
            if (!taken.Any(one => one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && one.Quality is not 0)) continue;
            if (!files.GetFileInfo(request.Path.Value + ending).Exists) continue;
            request.Path = new PathString(request.Path.Value + ending);
            break;
        }

        return next(context);
    });

    /// <summary>Says of a compressed file that it is one.</summary>
    public static void Describe(StaticFileResponseContext served)
    {
        foreach ((string encoding, string ending) in Kinds)
            if (served.File.Name.EndsWith(ending, StringComparison.Ordinal)) served.Context.Response.Headers.ContentEncoding = encoding;
    }

    /// <summary>The type of a compressed file is that of the file it stands for.</summary>
    public sealed class ContentTypes : IContentTypeProvider
    {
        private readonly FileExtensionContentTypeProvider _known = new();

        public bool TryGetContentType(string subpath, [MaybeNullWhen(false)] out string contentType)
        {
            foreach ((_, string ending) in Kinds)
                if (subpath.EndsWith(ending, StringComparison.Ordinal)) subpath = subpath[..^ending.Length];
            return _known.TryGetContentType(subpath, out contentType);
        }
    }
}
