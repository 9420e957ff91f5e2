using Chat.Server.Cluster;

namespace Chat.Server.Tests.Cluster;

[TestFixture]
internal sealed class BackoffTests
{
    [Test]
    public void Attempts_that_fail_come_half_as_often_each_time_up_to_a_bound()
    {
        Backoff backoff = new();

        TimeSpan[] pauses = [.. Enumerable.Range(0, 100).Select(_ => backoff.Next(TimeSpan.Zero))];

        Assert.That(pauses[..4].Select(pause => pause.TotalMilliseconds), Is.EqualTo(new[] { 100.0, 200, 400, 800 }));
        Assert.That(pauses[6..], Is.All.EqualTo(Backoff.Longest));
    }

    [Test]
    public void Redis_that_takes_connections_and_soon_drops_them_is_left_alone_for_longer_too()
    {
        Backoff backoff = new();

        TimeSpan[] pauses = [.. Enumerable.Range(0, 8).Select(_ => backoff.Next(Backoff.Lasting - TimeSpan.FromSeconds(1)))];

        Assert.That(pauses, Is.Ordered);
        Assert.That(pauses[^1], Is.EqualTo(Backoff.Longest));
    }

    [Test]
    public void After_a_link_that_lasted_it_starts_anew()
    {
        Backoff backoff = new();
        for (int i = 0; i < 8; i++) backoff.Next(TimeSpan.Zero);

        Assert.That(backoff.Next(Backoff.Lasting), Is.EqualTo(Backoff.First));
    }
}
