using Chat.Chaos.Commands;
using Chat.Load.Commands;

namespace Chat.Chaos.Tests.Commands;

/// <summary>What cannot be run ends with 2 before anything is started: 1 is a broken promise.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ArgumentTests
{
    [TestCase("--bogus")]
    [TestCase("planted", "--bogus")]
    [TestCase("planted", "--bug", "nosuch")]
    [TestCase("--rows", "F-99")]
    [TestCase("--rows", "short", "--nodes", "6")]
    [TestCase("--rows", "short", "--seed", "x")]
    [TestCase("--nemesis", "--minutes", "0")]
    [TestCase("--nemesis", "--minutes", "NaN")]
    [CancelAfter(20_000)]
    public async Task An_argument_that_cannot_be_used_ends_with_2(params string[] args) =>
        Assert.That(await Verb.RunAsync(ChaosCommand.Create(), args), Is.EqualTo(2));
}
