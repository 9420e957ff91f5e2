using Chat.Fuzz.Engine;

namespace Chat.Fuzz;

/// <summary>The share of fuzzing that every run of the tests does: all that is kept, then a fixed count of new inputs.</summary>
[TestFixture]
public sealed class FuzzTests
{
    private const ulong Seed = 20_260_101;

    private static IReadOnlyCollection<string> Names => FuzzTargets.Names;

    private static IEnumerable<TestCaseData> Kept()
    {
        foreach (string name in FuzzTargets.Names)
        {
            foreach (string file in Corpus.Files(name))
                yield return new TestCaseData(name, file).SetArgDisplayNames(name, Path.GetFileNameWithoutExtension(file));
        }
    }

    [TestCaseSource(nameof(Kept))]
    [CancelAfter(60_000)]
    public async Task Kept_input_is_judged_rightly(string name, string file, CancellationToken ct)
    {
        await using FuzzTarget target = FuzzTargets.Create(name);
        await target.StartAsync();
        byte[] input = await File.ReadAllBytesAsync(file, ct);
        for (int round = 0; round < 20; round++) await FuzzLoop.JudgeAsync(target, input, new FuzzRandom(Seed, round), file);
        await target.FinishAsync();
    }

    [TestCaseSource(nameof(Names))]
    [CancelAfter(600_000)]
    public async Task Random_inputs_are_judged_rightly(string name, CancellationToken ct)
    {
        await using FuzzTarget target = FuzzTargets.Create(name);
        long inputs = await FuzzLoop.RunAsync(target, Seed, new FuzzBudget(target.InputsInSuite, null), ct);
        await TestContext.Out.WriteLineAsync($"seed {Seed}, {inputs} inputs. {target.Describe()}");
    }
}
