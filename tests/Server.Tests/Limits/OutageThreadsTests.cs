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
        using OutageThreads threads = new(spare: 12, time);
        int usual = Least();
        threads.Follow(isStorageSilent: false);
        Assert.That(Least(), Is.EqualTo(usual));

        threads.Follow(isStorageSilent: true);
        threads.Follow(isStorageSilent: true);
        int more = Least();
        Assert.That(more, Is.EqualTo(usual + 12));

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

    [Test]
    public void Hosts_in_one_process_add_their_own_and_take_back_their_own()
    {
        FakeTimeProvider time = new();
        int usual = Least();
        using (OutageThreads first = new(spare: 3, time), second = new(spare: 5, time))
        {
            first.Follow(isStorageSilent: true);
            second.Follow(isStorageSilent: true);
            Assert.That(Least(), Is.EqualTo(usual + 8));

            time.Advance(TimeSpan.FromSeconds(10));
            first.Follow(isStorageSilent: false);
            Assert.That(Least(), Is.EqualTo(usual + 5), "the second is not over it");
        }

        Assert.That(Least(), Is.EqualTo(usual), "a host that ends leaves nothing behind");
    }

    [Test]
    public void More_than_the_pool_may_have_is_not_taken_back_either()
    {
        FakeTimeProvider time = new();
        int usual = Least();
        ThreadPool.GetMaxThreads(out int most, out _);
        using (OutageThreads threads = new(spare: most, time)) threads.Follow(isStorageSilent: true);
        Assert.That(Least(), Is.EqualTo(usual));
    }

    private static int Least()
    {
        ThreadPool.GetMinThreads(out int workers, out _);
        return workers;
    }
}
