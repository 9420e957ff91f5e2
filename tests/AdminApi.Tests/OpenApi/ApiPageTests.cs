namespace Chat.AdminApi.Tests.OpenApi;

[Parallelizable]
internal sealed class ApiPageTests
{
    [Test, CancelAfter(30_000)]
    public async Task Without_its_files_the_page_says_how_to_get_them()
    {
        ApiAnswer page = (await ApiServer.Client.GetAsync("/docs/api")).MustBe(200);

        Assert.That(page.MediaType, Is.EqualTo("text/html"));
        Assert.That(page.Text, Does.Contain("swagger-ui-dist").And.Contain("/openapi/v1.json").And.Not.Contain("<script"));
    }

    [Test, CancelAfter(30_000)]
    public async Task With_its_files_the_page_runs_scripts_of_this_server_only()
    {
        string folder = Directory.CreateTempSubdirectory("chat-api-page-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "swagger-ui-bundle.js"), "/* bundle */");
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), "{}");
            await using ApiHost host = await ApiHost.StartAsync(
                ApiServer.Database.Source, new Dictionary<string, string?> { ["ApiPage:AssetsDirectory"] = folder });

            ApiAnswer page = (await host.Client.GetAsync("/docs/api")).MustBe(200);
            ApiAnswer bundle = (await host.Client.GetAsync("/docs/api/assets/swagger-ui-bundle.js")).MustBe(200);

            Assert.Multiple(() =>
            {
                Assert.That(page.Text, Does.Contain("/docs/api/assets/swagger-ui-bundle.js").And.Contain("/docs/api/page.js"));
                Assert.That(page.Text, Does.Not.Match("<script(?![^>]*src=)"), "no inline script");
                Assert.That(page.Headers["Content-Security-Policy"], Does.Contain("script-src 'self';"));
                Assert.That((bundle.Text, bundle.MediaType), Is.EqualTo(("/* bundle */", "text/javascript")));
            });
            string[] others = ["package.json", "missing.js", "..%2fpage.js", "..%5cpage.js", "%2fetc%2fpasswd", "SWAGGER-UI-BUNDLE.JS"];
            foreach (string name in others) (await host.Client.GetAsync($"/docs/api/assets/{name}")).MustFail(404, "invalid_argument");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
