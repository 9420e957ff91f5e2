using System.Text.RegularExpressions;

namespace Chat.Sdk.Tests.Behaviour;

/// <summary>The scenarios of tests/vectors/behaviour, which the TypeScript SDK plays too.</summary>
[TestFixture, NonParallelizable]
public sealed partial class BehaviourTests
{
    private static IEnumerable<string> Scenarios => Scenario.Files.Where(file => ScenarioName().IsMatch(file));

    private static IEnumerable<string> Planted => Scenario.Files.Where(file => PlantedName().IsMatch(file));

    [TestCaseSource(nameof(Scenarios)), CancelAfter(20_000)]
    public async Task Scenario_is_as_expected(string file, CancellationToken ct)
    {
        var scenario = Scenario.Read(file);
        Assert.That(scenario.Fails, Is.Null);

        await new ScenarioRun(scenario).PlayAsync(ct);
    }

    [TestCaseSource(nameof(Planted)), CancelAfter(20_000)]
    public async Task Planted_scenario_fails(string file, CancellationToken ct)
    {
        var scenario = Scenario.Read(file);

        InvalidDataException? otherwise = await Assert.ThrowsAsync<InvalidDataException>(() => new ScenarioRun(scenario).PlayAsync(ct));

        Assert.That(scenario.Fails, Is.Not.Null);
        Assert.That(otherwise!.Message, Does.Contain(scenario.Fails));
    }

    [Test]
    public void Every_file_is_played()
    {
        Assert.That(Scenarios.Concat(Planted), Is.EquivalentTo(Scenario.Files));
        Assert.That(Scenarios, Is.Not.Empty);
        Assert.That(Planted, Is.Not.Empty);
    }

    [GeneratedRegex("^[a-z_]+\\.json$")]
    private static partial Regex ScenarioName();

    [GeneratedRegex("^planted/[a-z_]+\\.json$")]
    private static partial Regex PlantedName();
}
