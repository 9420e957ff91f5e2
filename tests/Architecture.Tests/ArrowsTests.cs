using System.Xml.Linq;

namespace Chat.Architecture.Tests;

/// <summary>Who may know whom (docs/code-map.md). A wrong arrow is cheap to draw and dear to take back.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["src/Protocol/Protocol.csproj"] = [],
        ["src/Storage/Storage.csproj"] = [],
        ["src/Domain/Domain.csproj"] = ["Protocol", "Storage"],
        ["src/AdminApi/AdminApi.csproj"] = ["Domain"],
        ["src/Server/Server.csproj"] = ["AdminApi", "Domain", "Protocol", "Storage", "Sdk"],
        ["clients/dotnet-sdk/Sdk.csproj"] = ["Protocol"],
    };

    [Test]
    public void Every_product_project_has_its_arrows_named_here()
    {
        IEnumerable<string> projects = SourceTree.Files("*.csproj", "src", "clients").Select(SourceTree.Relative);

        Assert.That(projects, Is.EquivalentTo(Allowed.Keys));
    }

    [TestCaseSource(nameof(Projects))]
    public void A_project_references_only_what_it_may_know(string project)
    {
        XDocument file = XDocument.Load(Path.Combine(SourceTree.Root, project));
        IEnumerable<string> references = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.That(references, Is.SubsetOf(Allowed[project]));
    }

    [TestCase("src/Protocol", "System.Net", "Microsoft.Extensions.Logging", "System.IO.Pipelines")]
    [TestCase("src/Domain", "Microsoft.AspNetCore", "System.Net.Sockets", "Chat.Server", "Chat.AdminApi")]
    [TestCase("src/Storage", "Microsoft.AspNetCore", "Chat.Protocol", "Chat.Domain")]
    public void A_layer_does_not_reach_for_what_lies_outside_of_it(string folder, params string[] forbidden)
    {
        List<string> found = [];
        foreach (string path in SourceTree.Files("*.cs", folder))
        {
            found.AddRange(File.ReadLines(path)
                .Where(line => line.StartsWith("using ", StringComparison.Ordinal) && forbidden.Any(name => line.StartsWith($"using {name}", StringComparison.Ordinal)))
                .Select(line => $"{SourceTree.Relative(path)}: {line}"));
        }

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Protocol_has_no_package_dependency()
    {
        XDocument file = XDocument.Load(Path.Combine(SourceTree.Root, "src/Protocol/Protocol.csproj"));

        Assert.That(file.Descendants("PackageReference"), Is.Empty);
    }

    private static IEnumerable<string> Projects() => Allowed.Keys;
}
