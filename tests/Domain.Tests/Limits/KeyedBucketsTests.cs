using Chat.Domain.Limits;

namespace Chat.Domain.Tests.Limits;

[TestFixture]
internal sealed class KeyedBucketsTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    private static readonly TokenBucket TwoASecond = new(perSecond: 2, burst: 2, Second);

    [Test]
    public void Each_key_has_its_own_bucket()
    {
        KeyedBuckets buckets = new(1_000);
        for (int i = 0; i < 2; i++) buckets.Take(1, TwoASecond, Second);

        Assert.That(buckets.Take(1, TwoASecond, Second), Is.GreaterThan(TimeSpan.Zero));
        Assert.That(buckets.Take(2, TwoASecond, Second), Is.EqualTo(TimeSpan.Zero));
        Assert.That(buckets.Peek(2, TwoASecond, Second), Is.EqualTo(TimeSpan.Zero));
        Assert.That(buckets.Peek(1, TwoASecond, Second), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void Buckets_that_are_full_again_are_forgotten_and_the_others_are_not()
    {
        KeyedBuckets buckets = new(1_000_000);
        for (long key = 0; key < 50_000; key++) buckets.Take(key, TwoASecond, Second);
        long later = 3 * Second;
        for (int i = 0; i < 3; i++) buckets.Take(-1, TwoASecond, later);
        for (long key = 100_000; key < 160_000; key++) buckets.Take(key, TwoASecond, later);

        Assert.That(buckets.Count, Is.LessThan(65_000), "the first fifty thousand are full again");
        Assert.That(buckets.Peek(-1, TwoASecond, later), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void Any_number_of_keys_takes_bounded_memory()
    {
        KeyedBuckets buckets = new(maxKeys: 16_000);

        for (long key = 0; key < 200_000; key++) buckets.Take(key, TwoASecond, Second);

        Assert.That(buckets.Count, Is.LessThanOrEqualTo(16_000));
    }
}
