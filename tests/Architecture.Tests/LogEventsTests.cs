using System.Globalization;
using System.Reflection;

namespace Chat.Architecture.Tests;

/// <summary>Holds docs/log-events.md against the log's events: an operator looks up there what a line of the log asks of them.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LogEventsTests
{
    [Test]
    public void Every_event_is_described_with_its_level_and_nothing_that_there_is_not()
    {
        string[] written = [.. ProductTypes.Messages().Select(message => $"{message.EventId} {message.Level}")];

        Assert.That(Described().Select(row => $"{row[0]} {row[2]}"), Is.EquivalentTo(written));
    }

    [Test]
    public void An_id_has_the_name_that_the_code_gives_it()
    {
        IEnumerable<string> given = ProductTypes.All().Where(type => type.Name.EndsWith("EventIds", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
            .Select(field => $"{field.GetRawConstantValue()} {field.Name}");

        Assert.That(Described().Select(row => $"{row[0]} {row[1]}"), Is.EquivalentTo(given), "an id that is retired stays in EventIds as a comment");
    }

    [Test]
    public void The_events_stand_in_the_order_of_their_ids_and_each_says_when_and_what_to_do()
    {
        Assert.That(Described().Select(row => int.Parse(row[0], CultureInfo.InvariantCulture)), Is.Ordered);
        Assert.That(Described().Where(row => row.Length != 5 || row.Any(cell => cell.Length == 0)).Select(row => row[0]), Is.Empty);
    }

    /// <summary>Cells of the rows: id, name, level, when, what to do.</summary>
    private static IEnumerable<string[]> Described() =>
        File.ReadLines(Path.Combine(SourceTree.Root, "docs", "log-events.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]))
            .Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray());
}
