using System.IO.Compression;
using System.Xml.Linq;

namespace Chat.EndToEnd.Tests;

/// <summary>
/// Both SDKs as somebody else gets them: packed, and used from a project that is outside of the source tree and knows the packages alone. No
/// registry is asked.
/// </summary>
[TestFixture]
[Category("e2e")]
internal sealed class PackageTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("chat-package-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test, CancelAfter(240_000)]
    public async Task The_NuGet_package_sends_from_a_project_that_has_nothing_else(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        string packages = Directory.CreateDirectory(Path.Combine(_folder, "packages")).FullName;
        foreach (string project in (string[])["src/Protocol/Protocol.csproj", "clients/dotnet-sdk/Sdk.csproj"])
            await PassAsync("dotnet", ["pack", Path.Combine(Snippets.Root, project), "-c", Configuration, "--no-build", "-o", packages], _folder, ct);
        string app = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(app, "nuget.config"), NuGetConfig(packages), ct);
        await File.WriteAllTextAsync(Path.Combine(app, "App.csproj"), AppProject, ct);
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), Snippets.Read("clients/dotnet-sdk/README.md", "csharp", server.Url), ct);

        string output = await PassAsync("dotnet", ["run", "--project", app], app, ct);

        Assert.That(output, Does.Match(@"stored as #\d+"));
        Assert.That(Directory.GetFiles(Path.Combine(app, "outbox"), "*.outbox"), Has.Length.EqualTo(1));
        Assert.That(Dependencies(Path.Combine(packages, "Chat.Sdk.0.1.0.nupkg")), Is.EqualTo(new[] { "Chat.Protocol" }), "nothing but our own");
        Assert.That(Dependencies(Path.Combine(packages, "Chat.Protocol.0.1.0.nupkg")), Is.Empty);
    }

    [Test, CancelAfter(180_000)]
    public async Task The_npm_package_sends_from_a_project_that_has_nothing_else(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        await PassAsync("npm", ["pack", Path.Combine(Snippets.Root, "clients", "ts-sdk"), "--pack-destination", _folder], _folder, ct);
        string tarball = Directory.GetFiles(_folder, "*.tgz").Single();
        string app = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(app, "package.json"), """{ "name": "app", "private": true, "type": "module" }""", ct);
        await File.WriteAllTextAsync(Path.Combine(app, "hello.mjs"), Snippets.Read("clients/ts-sdk/README.md", "js", server.Url), ct);

        await PassAsync("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], app, ct);
        string output = await PassAsync("node", ["hello.mjs"], app, ct);

        Assert.That(output, Does.Match(@"stored as \d+").And.Contain("Hello from TypeScript"));
        string[] installed = [.. Directory.GetDirectories(Path.Combine(app, "node_modules"), "*").Select(path => Path.GetFileName(path)!)];
        Assert.That(installed, Is.EqualTo(new[] { "@chat" }), "nothing but our own");
        string[] packed = [.. Directory.GetFileSystemEntries(Path.Combine(app, "node_modules", "@chat", "sdk")).Select(path => Path.GetFileName(path)!)];
        Assert.That(packed, Is.EquivalentTo(new[] { "dist", "README.md", "package.json" }), "neither sources nor tests");
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private const string AppProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Chat.Sdk" Version="0.1.0" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>The packages' folder is the only source, and what is unpacked stays beside the app.</summary>
    private static string NuGetConfig(string packages) => $"""
        <configuration>
          <config>
            <add key="globalPackagesFolder" value="{Path.Combine(packages, "unpacked")}" />
          </config>
          <packageSources>
            <clear />
            <add key="local" value="{packages}" />
          </packageSources>
          <fallbackPackageFolders>
            <clear />
          </fallbackPackageFolders>
        </configuration>
        """;

    private static async Task<string> PassAsync(string program, string[] arguments, string folder, CancellationToken ct)
    {
        (int exitCode, string output) = await Snippets.RunAsync(program, arguments, folder, ct);
        Assert.That(exitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}: {output}");
        return output;
    }

    private static string[] Dependencies(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using Stream specification = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        XDocument document = XDocument.Load(specification);
        return [.. document.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)];
    }
}
