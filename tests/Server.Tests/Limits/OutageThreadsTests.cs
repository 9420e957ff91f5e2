using Chat.Server.Limits;
using Chat.TestKit;

namespace Chat.Server.Tests.Limits;

/// <summary>The pool's least threads are the process's: nothing else of the tests changes them.</summary>
[NonParallelizable]
internal sealed class OutageThreadsTests
{
    [Test]
    public void The_pool_may_start_more_threads_while_storage_is_silent_and_for_a_while_after()
    {
        FakeTimeProvider time = new();
        OutageThreads threads = new(time);
        int usual = Least();
        threads.Follow(isStorageSilent: false);
        Assert.That(Least(), Is.EqualTo(usual));

        threads.Follow(isStorageSilent: true);
        threads.Follow(isStorageSilent: true);
        int more = Least();
        Assert.That(more, Is.EqualTo(usual + 16));

        time.Advance(TimeSpan.FromSeconds(9));
        threads.Follow(isStorageSilent: false);
        Assert.That(Least(), Is.EqualTo(more), "what was given up holds its threads yet");
        threads.Follow(isStorageSilent: true);
        time.Advance(TimeSpan.FromSeconds(9));
        threads.Follow(isStorageSilent: false);
        Assert.That(Least(), Is.EqualTo(more), "it was silent again");
        time.Advance(TimeSpan.FromSeconds(1));
        threads.Follow(isStorageSilent: false);
        Assert.That(Least(), Is.EqualTo(usual));
    }

    private static int Least()
    {
        ThreadPool.GetMinThreads(out int workers, out _);
        return workers;
    }
}
