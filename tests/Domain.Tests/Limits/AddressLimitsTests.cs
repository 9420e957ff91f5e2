using System.Net;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.TestKit;

namespace Chat.Domain.Tests.Limits;

/// <summary>What one address may ask for while nobody there has signed in (promise P12).</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AddressLimitsTests
{
    private static readonly IPAddress Office = IPAddress.Parse("203.0.113.7"), Other = IPAddress.Parse("203.0.113.8");

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void An_address_opens_its_burst_and_is_then_told_how_long_to_wait()
    {
        AddressLimits limits = Limits(new() { AddressConnectionsPerSecond = 2, AddressConnectionsBurst = 3 });
        for (int i = 0; i < 3; i++) Assert.That(limits.TryEnter(Office, out _));

        Assert.That(limits.TryEnter(Office, out TimeSpan retryAfter), Is.False);
        Assert.That(retryAfter, Is.EqualTo(TimeSpan.FromMilliseconds(500)));
        Assert.That(limits.TryEnter(Other, out _), "another address");
        _time.Advance(retryAfter);
        Assert.That(limits.TryEnter(Office, out _));
    }

    [Test]
    public void Open_connections_are_bounded_and_make_room_when_they_end()
    {
        AddressLimits limits = Limits(new() { AddressConnections = 2 });
        for (int i = 0; i < 2; i++) Assert.That(limits.TryEnter(Office, out _));

        Assert.That(limits.TryEnter(Office, out TimeSpan retryAfter), Is.False);
        Assert.That(retryAfter, Is.GreaterThan(TimeSpan.Zero));
        limits.Leave(Office);
        Assert.That(limits.TryEnter(Office, out _));
    }

    [TestCase("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", false, Description = "the /64 of one site")]
    [TestCase("2001:db8:1:2::3", "2001:db8:1:3::3", true)]
    [TestCase("203.0.113.7", "::ffff:203.0.113.7", false, Description = "the same address as a dual socket shows it")]
    public void IPv6_is_counted_by_its_site(string first, string second, bool isAdmitted)
    {
        AddressLimits limits = Limits(new() { AddressConnections = 1 });
        limits.TryEnter(IPAddress.Parse(first), out _);

        Assert.That(limits.TryEnter(IPAddress.Parse(second), out _), Is.EqualTo(isAdmitted));
    }

    [TestCase("127.0.0.1", 0, true)]
    [TestCase("::1", 0, true)]
    [TestCase("::ffff:127.0.0.9", 0, true)]
    [TestCase("127.0.0.1", 1, false)]
    [TestCase("::1", 1, false)]
    public void Loopback_is_exempt_unless_it_is_asked_for(string address, int limitLoopback, bool isExempt)
    {
        AddressLimits limits = Limits(new() { AddressConnections = 1, AddressSignInsBurst = 1, LimitLoopback = limitLoopback });
        IPAddress local = IPAddress.Parse(address);
        limits.TryEnter(local, out _);
        limits.JudgeGuest(local);

        Assert.That((limits.TryEnter(local, out _), limits.JudgeGuest(local) is null), Is.EqualTo((isExempt, isExempt)));
    }

    [Test]
    public void Work_without_a_token_has_a_rate_and_looking_takes_nothing()
    {
        AddressLimits limits = Limits(new() { AddressSignInsPerSecond = 1, AddressSignInsBurst = 2 });
        for (int i = 0; i < 5; i++) Assert.That(limits.FindGuestRefusal(Office), Is.Null);
        for (int i = 0; i < 2; i++) Assert.That(limits.JudgeGuest(Office), Is.Null);

        Assert.That(
            (limits.JudgeGuest(Office)?.Code, limits.FindGuestRefusal(Office)?.RetryAfter),
            Is.EqualTo((ErrorCode.RateLimited, TimeSpan.FromSeconds(1))));
        Assert.That(limits.JudgeGuest(Other), Is.Null);
    }

    [Test]
    public void Nothing_is_left_of_connections_that_ended_though_limits_changed_meanwhile()
    {
        LiveSettings settings = new(new LimitSettings { AddressConnections = 1 });
        AddressLimits limits = new(settings, _time);
        for (int i = 0; i < 3; i++) limits.TryEnter(IPAddress.Loopback, out _);
        settings.Apply([new("Limits:LimitLoopback", "1", _time.GetUtcNow()), new("Limits:AddressConnections", "0", _time.GetUtcNow())]);

        for (int i = 0; i < 3; i++) limits.Leave(IPAddress.Loopback);

        Assert.That(limits.OpenAddresses, Is.Zero);
    }

    private AddressLimits Limits(LimitSettings settings) => new(new LiveSettings(settings), _time);
}
