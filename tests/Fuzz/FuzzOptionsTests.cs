namespace Chat.Fuzz;

/// <summary>What cannot be run is refused before anything is.</summary>
[TestFixture]
public sealed class FuzzOptionsTests
{
    [TestCase("There is no option '--bogus'", "--bogus")]
    [TestCase("There is no option '--inputs=5'", "--inputs=5")]
    [TestCase("There is no target 'htpt': give one of websocket, http,", "htpt")]
    [TestCase("'http' and 'sdk' are two targets", "http", "sdk")]
    [TestCase("--minutes is 'x': give a number above 0", "http", "--minutes", "x")]
    [TestCase("--minutes is '0'", "--minutes", "0")]
    [TestCase("--minutes is '-1'", "--minutes", "-1")]
    [TestCase("--minutes is 'NaN'", "--minutes", "NaN")]
    [TestCase("--minutes is '1000000'", "--minutes", "1000000")]
    [TestCase("--minutes is nothing", "http", "--minutes")]
    [TestCase("--inputs is '-5': give a whole number from 1", "--inputs", "-5")]
    [TestCase("--inputs is '0'", "--inputs", "0")]
    [TestCase("--inputs is '1.5'", "--inputs", "1.5")]
    [TestCase("--inputs is '--seed'", "--inputs", "--seed", "1")]
    [TestCase("--seed is '-1': give a whole number from 0", "--seed", "-1")]
    public void An_argument_that_cannot_be_used_is_named_with_what_to_give(string told, params string[] args) =>
        Assert.That(() => FuzzOptions.Read(args), Throws.ArgumentException.With.Message.StartsWith(told));

    [Test]
    public async Task A_wrong_call_ends_with_2_and_a_question_about_the_command_with_0()
    {
        Assert.That(await Program.RunAsync(["--bogus"]), Is.EqualTo(2));
        Assert.That(await Program.RunAsync(["http", "--inputs", "-5"]), Is.EqualTo(2));
        Assert.That(await Program.RunAsync(["http", "--help"]), Is.Zero);
        Assert.That(await Program.RunAsync(["--list"]), Is.Zero);
    }

    [Test]
    public void What_is_given_is_read()
    {
        FuzzOptions all = FuzzOptions.Read(["--minutes", "0.5", "http", "--inputs", "12", "--seed", "0"]);

        Assert.That((all.Target, all.Minutes, all.Inputs, all.Seed), Is.EqualTo(("http", 0.5, 12L, 0UL)));
        Assert.That(FuzzOptions.Read([]), Is.EqualTo(new FuzzOptions()));
    }
}
