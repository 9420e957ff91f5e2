using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Links;

/// <summary>A site with good and with hostile pages, at every address of this machine's own network.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PageHost(WebApplication app) => _app = app;

    /// <summary>What was asked for, with the request's headers.</summary>
    public ConcurrentQueue<(string Path, IHeaderDictionary Headers)> Asked { get; } = new();

    public int Port => new Uri(_app.Urls.Single()).Port;

    public Uri Url(string path, string host = "127.0.0.1") => new($"http://{host}:{Port}{path}");

    public static byte[] Picture { get; } = SamplePictures.Png(5_000);

    public static async Task<PageHost> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Any, 0));
        builder.Services.AddRoutingCore();
        PageHost host = new(builder.Build());
        host._app.Use((http, next) =>
        {
            host.Asked.Enqueue((http.Request.Path, new HeaderDictionary(http.Request.Headers.ToDictionary())));
            return next(http);
        });
        host.MapPages();
        host.MapHostile();
        await host._app.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static byte[] Html(string head) => Encoding.UTF8.GetBytes($"<!doctype html><html><head>{head}</head><body>Long</body></html>");

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> by)
    {
        using MemoryStream compressed = new();
        using (Stream stream = by(compressed)) stream.Write(bytes);
        return compressed.ToArray();
    }

    private static IResult Encoded(HttpContext http, string encoding, byte[] body)
    {
        http.Response.Headers.ContentEncoding = encoding;
        return Results.Bytes(body, "text/html");
    }

    private static async Task WriteForEverAsync(HttpContext http, string beginning, byte[] piece, TimeSpan pause)
    {
        http.Response.ContentType = "text/html";
        await http.Response.WriteAsync(beginning, http.RequestAborted);
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted);
            await Task.Delay(pause, TimeProvider.System, http.RequestAborted);
        }
    }

    /// <summary>In pieces that come one by one.</summary>
    /// <param name="isOpen">And never ends.</param>
    private static async Task WritePartsAsync(HttpContext http, string[] parts, bool isOpen = false)
    {
        http.Response.ContentType = "text/html";
        foreach (string part in parts)
        {
            await http.Response.WriteAsync(part, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, http.RequestAborted);
        }

        if (isOpen) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
    }

    /// <summary>Compressed, behind a mebibyte and more of which nothing comes out: empty blocks (RFC 1951 3.2.4) behind the 10 bytes of gzip's own.</summary>
    private static byte[] Hollow(byte[] page)
    {
        byte[] compressed = Compress(page, to => new GZipStream(to, CompressionLevel.Fastest));
        byte[] blocks = [.. Enumerable.Range(0, 300_000).SelectMany(_ => (byte[])[0, 0, 0, 0xFF, 0xFF])];
        return [.. compressed[..10], .. blocks, .. compressed[10..]];
    }

    private void MapPages()
    {
        byte[] page = Html(
            "<meta property=og:title content='A harbour &amp; more'><meta property=og:description content='What is seen there.'>"
            + "<meta property=og:site_name content=Example><meta property=og:image content='/picture?large'>");
        _app.MapGet("/page", (HttpContext http) =>
        {
            http.Response.Cookies.Append("a", "b");
            return Results.Bytes(page, "text/html; charset=utf-8");
        });
        _app.MapGet("/gzip", (HttpContext http) => Encoded(http, "gzip", Compress(page, to => new GZipStream(to, CompressionLevel.Fastest))));
        _app.MapGet("/br", (HttpContext http) => Encoded(http, "br", Compress(page, to => new BrotliStream(to, CompressionLevel.Fastest))));
        _app.MapGet("/picture", () => Results.Bytes(Picture, "image/png"));
        _app.MapGet("/files/{name}", (string name) => name != "a view.png" ? Results.NotFound() : Results.Bytes(Picture, "image/png"));
        _app.MapGet("/title", () => Results.Bytes(Html("<title>Only a title</title>"), "application/xhtml+xml"));
        _app.MapGet("/hop/{left:int}", (int left) => Results.Redirect(left == 0 ? "/page" : $"/hop/{left - 1}"));
        _app.MapGet("/to", (string url) => Results.Redirect(url));
    }

    private void MapHostile()
    {
        _app.MapGet("/svg", () => Results.Bytes("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "image/svg+xml"));
        _app.MapGet("/text", () => Results.Bytes(Html("<title>T</title>"), "text/plain"));
        _app.MapGet("/nothing", () => Results.Bytes(Html("<meta property=og:site_name content=Example>"), "text/html"));
        _app.MapGet("/gone", (HttpContext http) => Results.Text("<title>Not found</title>", "text/html", statusCode: 404));
        _app.MapGet("/liar.png", () => Results.Bytes(Html("<script>alert(1)</script>"), "image/png"));
        _app.MapGet("/deflate", (HttpContext http) => Encoded(http, "deflate", Html("<title>T</title>")));
        _app.MapGet("/twice", (HttpContext http) => Encoded(http, "gzip, gzip", Html("<title>T</title>")));
        _app.MapGet("/broken", (HttpContext http) => Encoded(http, "gzip", Html("<title>T</title>")));
        _app.MapGet("/brokenbr", (HttpContext http) => Encoded(http, "br", Html("<title>T</title>")));
        _app.MapGet("/large.png", () => Results.Bytes(SamplePictures.Png((2 << 20) + 1), "image/png"));
        _app.MapGet("/largest.png", () => Results.Bytes(SamplePictures.Png(2 << 20), "image/png"));
        _app.MapGet("/with", (string image) => Results.Bytes(Html($"<title>T</title><meta property=og:image content='{image}'>"), "text/html"));
        byte[] bomb = Compress([.. "<title>Bomb</title>"u8, .. new byte[64 << 20]], to => new GZipStream(to, CompressionLevel.SmallestSize));
        _app.MapGet("/bomb", (HttpContext http) => Encoded(http, "gzip", bomb));
        byte[] imageBomb = Compress([.. Picture, .. new byte[64 << 20]], to => new GZipStream(to, CompressionLevel.SmallestSize));
        _app.MapGet("/bomb.png", (HttpContext http) =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            return Results.Bytes(imageBomb, "image/png");
        });
        byte[] hollow = Hollow(Html("<title>Hollow</title>"));
        _app.MapGet("/hollow", (HttpContext http) => Encoded(http, "gzip", hollow));
        _app.MapGet("/inscript", (HttpContext http) => WritePartsAsync(http, ["<script>'</head>'</script>", "<title>Late</title></head>"]));
        _app.MapGet("/incomment", (HttpContext http) => WritePartsAsync(http, ["<!-- </head><body> -->", "<title>Late</title></head>"]));
        _app.MapGet("/header", (HttpContext http) => WritePartsAsync(http, ["<svg></svg></header><bodyguard>", "<title>Late</title></head>"]));
        _app.MapGet("/pieces", (HttpContext http) => WritePartsAsync(http, ["<title>Late</title></he", "ad", " class", ">"], isOpen: true));
        _app.MapGet("/piecesofbody", (HttpContext http) => WritePartsAsync(http, ["<title>Late</title><bo", "dy", ">"], isOpen: true));
        _app.MapGet("/endless", (HttpContext http) => WriteForEverAsync(http, "<title>Endless</title>", new byte[1 << 16], TimeSpan.Zero));
        _app.MapGet("/drip", (HttpContext http) => WriteForEverAsync(http, "<title>Drip</title>", " "u8.ToArray(), TimeSpan.FromMilliseconds(20)));
        _app.MapGet("/silent", (HttpContext http) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted));
        _app.MapGet("/headthendrip", (HttpContext http) => WriteForEverAsync(http, "<title>Head</title></HEAD>", " "u8.ToArray(), TimeSpan.FromMilliseconds(20)));
    }
}
