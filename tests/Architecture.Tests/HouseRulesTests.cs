using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Chat.Architecture.Tests;

/// <summary>Rules of CONTRIBUTING.md that a reader would otherwise have to watch over.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed partial class HouseRulesTests
{
    private const int MaxLines = 500;

    private static readonly string[] Everything = ["src", "clients", "tests", "bench"];

    private static readonly string[] BannedEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Processor", "Wrapper", "Impl"];

    [Test]
    public void No_folder_is_named_for_nothing()
    {
        string[] banned = ["common", "util", "utils", "helper", "helpers", "misc", "internal"];
        IEnumerable<string> folders = SourceTree.Files("*", Everything)
            .Select(path => SourceTree.Relative(Path.GetDirectoryName(path)!)).Distinct()
            .Where(folder => folder.Split('/').Any(part => banned.Contains(part.ToLowerInvariant())));

        Assert.That(folders, Is.Empty);
    }

    [TestCase("*.cs")]
    [TestCase("*.ts")]
    [TestCase("*.vue")]
    public void No_source_file_is_longer_than_a_reader_can_hold(string pattern)
    {
        IEnumerable<string> tooLong = SourceTree.Files(pattern, Everything)
            .Where(path => File.ReadLines(path).Count() > MaxLines)
            .Select(SourceTree.Relative);

        Assert.That(tooLong, Is.Empty);
    }

    [Test]
    public void No_type_name_ends_in_a_word_that_says_nothing()
    {
        IEnumerable<string> names = ProductTypes.All().Where(type => BannedEndings.Any(ending => type.Name.EndsWith(ending, StringComparison.Ordinal)))
            .Select(type => type.FullName!);

        Assert.That(names, Is.Empty);
    }

    [Test]
    public void Log_event_ids_are_used_once()
    {
        var ids = ProductTypes.LogMethods()
            .Select(method => (Method: $"{method.DeclaringType!.FullName}.{method.Name}", Id: method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId))
            .ToList();
        IEnumerable<string> repeated = ids.GroupBy(entry => entry.Id).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(entry => entry.Method))}");

        Assert.That(ids, Has.Count.GreaterThan(10));
        Assert.That(repeated, Is.Empty);
    }

    [Test]
    public void No_product_assembly_holds_a_bug_that_was_planted()
    {
        IEnumerable<string> planted = ProductTypes.All().Where(type => type.Name == "PlantedBug").Select(type => $"{type.Assembly.GetName().Name}: {type.FullName}");

        Assert.That(planted, Is.Empty, "built with -p:PlantedBugs=true");
    }

    [Test]
    public void Statements_are_not_put_together_from_values()
    {
        IEnumerable<string> found = SourceTree.Files("*.cs", "src")
            .SelectMany(path => File.ReadLines(path).Where(line => InterpolatedSql().IsMatch(line)).Select(line => $"{SourceTree.Relative(path)}: {line.Trim()}"));

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void No_place_is_held_for_a_feature()
    {
        IEnumerable<string> found = SourceTree.Files("*.cs", "src", "clients/dotnet-sdk").Concat(SourceTree.Files("*.ts", "clients")).Concat(SourceTree.Files("*.vue", "clients"))
            .Where(path => File.ReadLines(path).Any(line => Placeholder().IsMatch(line)))
            .Select(SourceTree.Relative);

        Assert.That(found, Is.Empty);
    }

    [GeneratedRegex("""\$@?"+[^"]*\b(select|insert into|update|delete from)\b[^"]*\{""", RegexOptions.IgnoreCase)]
    private static partial Regex InterpolatedSql();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplementedException")]
    private static partial Regex Placeholder();
}
