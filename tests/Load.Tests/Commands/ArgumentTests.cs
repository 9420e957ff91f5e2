using System.CommandLine;

using Chat.Load.Commands;

namespace Chat.Load.Tests.Commands;

/// <summary>What cannot be run ends with 2 before anything is started.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ArgumentTests
{
    [TestCase("groups", "--chats", "0")]
    [TestCase("groups", "--chats", "many")]
    [TestCase("groups", "--simulation", "inject")]
    [TestCase("groups", "--simulation", "constant")]
    [TestCase("groups", "--members", "50000")]
    [TestCase("groups", "--instance", "/nowhere")]
    [TestCase("groups", "--url", "not an address")]
    [TestCase("groups", "--colour", "red")]
    [TestCase("typing", "--window", "0")]
    [TestCase("smoke", "--connections", "7")]
    [TestCase("idle", "--connections", "15")]
    [TestCase("idle", "--seconds", "NaN")]
    [TestCase("storm", "--opening", "0")]
    [TestCase("slow", "--readers", "1001")]
    [TestCase("slow", "--payload", "20000")]
    [TestCase("compare", "--shapes", "3x3")]
    [TestCase("compare", "--systems", "other")]
    [TestCase("charts", "--from", "/nowhere")]
    [CancelAfter(20_000)]
    public async Task An_argument_that_cannot_be_used_ends_with_2(params string[] args)
    {
        Command bench = new("bench")
        {
            GroupsCommand.Create(), TypingCommand.Create(), SmokeCommand.Create(), SessionCommands.CreateIdle(), SessionCommands.CreateStorm(),
            SlowCommand.Create(), CompareCommand.Create(), ChartsCommand.Create(),
        };

        Assert.That(await Verb.RunAsync(bench, args), Is.EqualTo(2));
    }
}
