using Chat.Server.Sessions;

namespace Chat.Server.Tests.Sessions;

[TestFixture]
internal sealed class OldGenerationTests
{
    private const long Megabyte = 1 << 20;

    [TestCase(20, 25, ExpectedResult = false, Description = "more than an eighth, and less than 6 MB")]
    [TestCase(20, 27, ExpectedResult = true)]
    [TestCase(800, 899, ExpectedResult = false, Description = "more than 6 MB, and less than an eighth")]
    [TestCase(800, 901, ExpectedResult = true)]
    public bool It_is_due_when_the_heap_has_grown_by_an_eighth(long afterMegabytes, long nowMegabytes)
    {
        OldGeneration generation = new();
        generation.IsDue(collections: 1, afterMegabytes * Megabyte);

        return generation.IsDue(collections: 1, nowMegabytes * Megabyte);
    }

    [Test]
    public void What_is_left_after_a_collection_is_what_growth_is_measured_from()
    {
        OldGeneration generation = new();
        generation.IsDue(collections: 1, 100 * Megabyte);

        Assert.That(generation.IsDue(collections: 2, 180 * Megabyte), Is.False);
        Assert.That(generation.IsDue(collections: 2, 203 * Megabyte));
    }
}
