using Chat.Storage.ChatLog;

namespace Chat.Storage.Tests.ChatLog;

[TestFixture, Parallelizable(ParallelScope.Self)]
public sealed class PlainGuessTests
{
    [Test]
    public void Ids_stored_lately_are_known_and_older_ones_forgotten()
    {
        var guess = new PlainGuess();
        List<Guid> first = Ids(10);
        guess.Remember(first);

        Assert.That(guess.IsPlain([Guid.NewGuid(), first[9]]), Is.False);
        Assert.That(guess.IsPlain(Ids(10)), Is.True);

        for (int i = 0; i < 2; i++) guess.Remember(Ids(40_000));
        Assert.That(guess.IsPlain([first[9]]), Is.True);
    }

    [Test]
    public void After_each_failure_in_a_row_the_pause_is_twice_as_long_up_to_64_batches()
    {
        var guess = new PlainGuess();

        foreach (int pause in (int[])[1, 2, 4, 8, 16, 32, 64, 64])
        {
            guess.Failed();
            Assert.That(Enumerable.Range(0, 100).TakeWhile(_ => !guess.IsPlain([])).Count(), Is.EqualTo(pause));
        }

        guess.Succeeded();
        guess.Failed();
        Assert.That((guess.IsPlain([]), guess.IsPlain([])), Is.EqualTo((false, true)));
    }

    private static List<Guid> Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];
}
