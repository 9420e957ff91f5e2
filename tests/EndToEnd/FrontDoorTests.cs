using System.Text.RegularExpressions;

namespace Chat.EndToEnd.Tests;

/// <summary>The script <c>./chat</c> where nothing is built: what it says must come at once.</summary>
[TestFixture]
[Category("e2e")]
internal sealed partial class FrontDoorTests
{
    private string _clone = "";

    [SetUp]
    public void CopyScript()
    {
        _clone = Directory.CreateTempSubdirectory("chat-clone-").FullName;
        File.Copy(Path.Combine(Snippets.Root, "chat"), Path.Combine(_clone, "chat"));
    }

    [TearDown]
    public void DeleteScript() => Directory.Delete(_clone, recursive: true);

    [Test, CancelAfter(30_000)]
    public async Task Help_comes_without_a_build(CancellationToken ct)
    {
        (int exitCode, string output) = await Snippets.RunAsync("bash", ["chat", "help"], _clone, ct);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("./chat up [--port P]").And.Contain("The server is not built here yet"));
        Assert.That(output, Does.Not.Contain("building"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_verb_that_is_none_is_refused_with_those_that_there_are(CancellationToken ct)
    {
        (int exitCode, string output) = await Snippets.RunAsync("bash", ["chat", "nosuch"], _clone, ct);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.StartWith("There is no verb 'nosuch'.").And.Contain(" up, ").And.Contain(" bench, ").And.Contain("./chat help"));
        Assert.That(output, Does.Not.Contain("building"));
    }

    [TestCase("screens")]
    [TestCase("build")]
    [TestCase("bench")]
    [TestCase("bench page")]
    [CancelAfter(30_000)]
    public async Task A_verb_of_the_script_tells_who_asks_and_does_nothing(string verb, CancellationToken ct)
    {
        (int exitCode, string output) = await Snippets.RunAsync("bash", ["chat", .. verb.Split(' '), "--help"], _clone, ct);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain($"./chat {verb} ").And.Not.Contain("building"));
        Assert.That(Directory.GetFileSystemEntries(_clone), Has.Length.EqualTo(1));
    }

    [TestCase("screens --bogus", "./chat screens takes no arguments, and was given: --bogus\n")]
    [TestCase("build all", "./chat build takes no arguments, and was given: all\n")]
    [TestCase("bench page --bogus", "./chat bench page takes --messages N (10000) and --chats N (2000).\n")]
    [TestCase("bench page --chats 2x", "./chat bench page takes --messages N (10000) and --chats N (2000).\n")]
    [TestCase("bench page --chats", "./chat bench page takes --messages N (10000) and --chats N (2000).\n")]
    [CancelAfter(30_000)]
    public async Task A_verb_of_the_script_refuses_what_it_does_not_know(string call, string told, CancellationToken ct)
    {
        (int exitCode, string output) = await Snippets.RunAsync("bash", ["chat", .. call.Split(' ')], _clone, ct);

        Assert.That((exitCode, output), Is.EqualTo((2, told)));
        Assert.That(Directory.GetFileSystemEntries(_clone), Has.Length.EqualTo(1));
    }

    [TestCase("toString")]
    [TestCase("nosuch")]
    [CancelAfter(30_000)]
    public async Task A_suite_that_is_none_is_refused(string suite, CancellationToken ct)
    {
        (int exitCode, string output) = await Snippets.RunAsync("node", ["tests/run.mjs", "--only", suite], Snippets.Root, ct);

        Assert.That(exitCode, Is.EqualTo(2), output);
        Assert.That(output, Does.StartWith($"There is no suite '{suite}'."));
    }

    [Test, CancelAfter(30_000)]
    public async Task The_script_knows_every_verb_of_the_server_and_tells_of_it(CancellationToken ct)
    {
        (_, string refusal) = await Snippets.RunAsync("bash", ["chat", "nosuch"], _clone, ct);
        (int exitCode, string help, _) = await ServerProcess.RunVerbAsync(["--help"], ct: ct);
        string[] verbs = [.. Verb().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(verb => verb.Groups[1].Value)];
        string branches = await File.ReadAllTextAsync(Path.Combine(_clone, "chat"), ct);

        Assert.That(exitCode, Is.Zero);
        Assert.That(verbs, Does.Contain("serve").And.Contain("up").And.Contain("version"));
        foreach (string verb in verbs)
        {
            Assert.That(refusal, Does.Match($@"[ ,]{verb}[,.]"));
            Assert.That(branches, Does.Match($@"(?m)^  (.* \| )?{verb}( \| .*)?\)$"));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task A_verb_that_is_wrongly_called_shows_what_one_types_and_ends_with_2(CancellationToken ct)
    {
        Dictionary<string, string> environment = new() { ["CHAT_COMMAND"] = "./chat" };
        foreach ((string[] arguments, string usage) in ((string[], string)[])
        [
            (["up", "--nosuch"], "./chat up [options]"),
            (["dev", "--nosuch"], "./chat up [options]"),
            (["send", "--as", "anna"], "./chat send <text> [options]"),
            (["settings"], "./chat settings [command] [options]"),
        ])
        {
            (int exitCode, string output, string error) = await ServerProcess.RunVerbAsync(arguments, environment, ct: ct);
            Assert.That((exitCode, error.Length > 0), Is.EqualTo((2, true)), output);
            Assert.That(output, Does.Contain(usage).And.Not.Contain("Chat.Server"));
        }

        foreach ((string[] arguments, string told) in ((string[], string)[])
        [
            (["settings", "get", "--url", "http://127.0.0.1"], "There is no option '--url'."),
            (["settings", "set", "-x", "5"], "There is no option '-x'."),
            (["settings", "reset", "--url"], "There is no option '--url'."),
            (["accounts", "show", "--url", "http://127.0.0.1"], "There is no option '--url'."),
            (["nodes", "--port", "8080"], "Unrecognized command or argument '--port'."),
            (["up", "--nodez", "3"], "Unrecognized command or argument '--nodez'."),
            (["up", "--nodes", "three"], "--nodes three: give a whole number from 1 to 16."),
            (["up", "--nodes", "0"], "--nodes 0: give a whole number from 1 to 16."),
            (["send", "--as", "anna", "--to", "ben", "--count", "x", "hello"], "--count x: give a whole number from 1."),
            (["tail", "--as", "anna", "--chat", "x"], "--chat x: give a whole number."),
        ])
        {
            (int exitCode, string output, string error) = await ServerProcess.RunVerbAsync(arguments, environment, ct: ct);
            Assert.That((exitCode, error), Is.EqualTo((2, told + "\n\n")));
            Assert.That(output, Does.Contain($"./chat {arguments[0]}").And.Not.Contain("  -h\n").And.Not.Contain("\n-h\n"));
        }

        (_, string suggestion, _) = await ServerProcess.RunVerbAsync(["up", "--nodez", "3"], environment, ct: ct);
        Assert.That(suggestion, Does.Contain("\n--nodes\n").And.Not.Contain("'3'"));
        (int asked, string help, _) = await ServerProcess.RunVerbAsync(["up", "--help"], environment, ct: ct);
        Assert.That(asked, Is.Zero);
        Assert.That(help, Does.Contain("./chat up [options]"));
    }

    /// <summary>A line of the help's commands; of two names the one that is typed.</summary>
    [GeneratedRegex(@"(?m)^  (?:dev, )?(\w+)")]
    private static partial Regex Verb();
}
