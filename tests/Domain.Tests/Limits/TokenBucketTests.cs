using Chat.Domain.Limits;

namespace Chat.Domain.Tests.Limits;

[TestFixture]
internal sealed class TokenBucketTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Test]
    public void A_full_bucket_gives_its_burst_and_then_one_an_interval()
    {
        TokenBucket bucket = new(perSecond: 10, burst: 20, Second);
        long fullAt = 0, now = 1_000 * Second;

        int atOnce = 0;
        while (bucket.Take(ref fullAt, now) == TimeSpan.Zero) atOnce++;
        TimeSpan wait = bucket.Take(ref fullAt, now);
        int inTenSeconds = 0;
        for (int step = 0; step < 1_000; step++)
            if (bucket.Take(ref fullAt, now += Second / 100) == TimeSpan.Zero) inTenSeconds++;

        Assert.That(atOnce, Is.EqualTo(20));
        Assert.That(wait, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
        Assert.That(inTenSeconds, Is.EqualTo(100).Within(1));
    }

    [Test]
    public void Who_waits_as_long_as_told_is_served()
    {
        Random random = new(7);
        TokenBucket bucket = new(perSecond: 7, burst: 3, Second);
        long fullAt = 0, now = Second;

        for (int i = 0; i < 1_000; i++)
        {
            now += random.Next((int)(Second / 5));
            TimeSpan wait = bucket.Take(ref fullAt, now);
            if (wait == TimeSpan.Zero) continue;
            Assert.That(bucket.Take(ref fullAt, now += wait.Ticks + 1), Is.EqualTo(TimeSpan.Zero));
        }
    }

    [Test]
    public void Borrowing_paces_at_the_rate_and_no_slower()
    {
        TokenBucket bucket = new(perSecond: 30, burst: 60, Second);
        long fullAt = 0, start = Second, now = start;

        for (int i = 0; i < 360; i++) now += bucket.Borrow(ref fullAt, now).Ticks;

        Assert.That(TimeSpan.FromTicks(now - start).TotalSeconds, Is.EqualTo(10).Within(0.1)); // 60 at once, 300 at 30 a second
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_rate_that_was_raised_does_not_wait_for_what_the_slower_one_would_have(bool borrows)
    {
        TokenBucket slow = new(perSecond: 0.01, burst: 60, Second), fast = new(perSecond: 30, burst: 60, Second);
        long fullAt = 0, now = Second;
        for (int i = 0; i < 60; i++) slow.Take(ref fullAt, now);

        TimeSpan wait = borrows ? fast.Borrow(ref fullAt, now) : fast.Take(ref fullAt, now);

        Assert.That(wait, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(100)));
    }

    [Test]
    public void Without_a_rate_everything_is_given()
    {
        TokenBucket bucket = new(perSecond: 0, burst: 1, Second);
        long fullAt = 0;

        for (int i = 0; i < 1_000; i++) Assert.That(bucket.Take(ref fullAt, 0), Is.EqualTo(TimeSpan.Zero));

        Assert.That(fullAt, Is.Zero);
    }
}
