using System.Net;
using Chat.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Chat.Server.Tests.Hosting;

/// <summary>How the chat page's files are served: under which policy, and for how long they are kept.</summary>
[TestFixture, Parallelizable(ParallelScope.Self)]
internal sealed class WebPagesTests
{
    private readonly string _root = Directory.CreateTempSubdirectory("chat-page-").FullName;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Directory.CreateDirectory(Path.Combine(_root, "assets"));
        foreach (string file in (string[])["index.html", "worker.js", "manifest.webmanifest", "icon.svg", "assets/index-1a2b3c.js"])
            await File.WriteAllTextAsync(Path.Combine(_root, file), file);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            context.Response.Headers.Vary = "Origin"; // as by what stands before the pages
            return next(context);
        });
        _app.UseWebPages(_root);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [TestCase("/", "index.html", "text/html", "no-cache")]
    [TestCase("/chat/7", "index.html", "text/html", "no-cache")]
    [TestCase("/worker.js", "worker.js", "text/javascript", "no-cache")]
    [TestCase("/manifest.webmanifest", "manifest.webmanifest", "application/manifest+json", "no-cache")]
    [TestCase("/icon.svg", "icon.svg", "image/svg+xml", "no-cache")]
    [TestCase("/assets/index-1a2b3c.js", "assets/index-1a2b3c.js", "text/javascript", "public, max-age=31536000, immutable")]
    public async Task Each_file_has_its_type_and_is_kept_only_where_its_name_changes_with_it(string path, string file, string type, string kept)
    {
        using HttpResponseMessage answer = await _http.GetAsync(path);

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(file));
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo(type));
        Assert.That(answer.Headers.GetValues("Cache-Control"), Is.EqualTo((string[])[kept]));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo((string[])["nosniff"]));
    }

    [Test]
    public async Task What_is_sent_compressed_or_not_says_so_beside_what_else_it_varies_by()
    {
        using HttpResponseMessage answer = await _http.GetAsync("/assets/index-1a2b3c.js");

        Assert.That(answer.Headers.Vary, Is.EqualTo((string[])["Origin", "Accept-Encoding"]));
    }

    [TestCase("/")]
    [TestCase("/worker.js")]
    public async Task The_page_and_its_worker_run_nothing_but_files_of_this_server(string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(path);

        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.StartWith("default-src 'none'; script-src 'self';"));
        Assert.That(policy, Does.Contain("worker-src 'self';").And.Contain("manifest-src 'self';").And.Contain("connect-src 'self';"));
        Assert.That(policy, Does.Not.Contain("unsafe").And.Not.Contain("*"));
    }

    [TestCase("/assets/index-older.js")]
    [TestCase("/worker-of-another-version.js")]
    public async Task A_file_that_is_not_there_is_not_the_page(string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(path);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }
}
