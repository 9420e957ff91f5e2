using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.TestKit;

namespace Chat.Domain.Tests.Accounts;

[Parallelizable]
public sealed class SignInThrottleTests // promises 4.1, R-580
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void The_sixth_attempt_within_15_minutes_waits_for_the_first_to_age()
    {
        SignInThrottle throttle = Create();
        for (int i = 0; i < 5; i++)
        {
            Assert.That(throttle.TryBegin("7", $"10.0.0.{i}", out _), $"attempt {i}");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        bool sixth = throttle.TryBegin("7", "10.0.0.9", out TimeSpan retryAfter);

        Assert.Multiple(() =>
        {
            Assert.That(sixth, Is.False);
            Assert.That(retryAfter, Is.EqualTo(TimeSpan.FromMinutes(10)), "the first failure was 5 minutes ago");
            Assert.That(throttle.TryBegin("8", "10.0.0.9", out _), "another account is not concerned");
        });
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(throttle.TryBegin("7", "10.0.0.9", out _), "the window slides: one failure has aged");
        Assert.That(throttle.TryBegin("7", "10.0.0.9", out _), Is.False, "only one has");
    }

    [Test]
    public void An_account_signs_in_five_times_a_minute_from_one_address_and_others_beside_it()
    {
        SignInThrottle throttle = Create();
        for (int i = 0; i < 5; i++)
        {
            Assert.That(throttle.JudgeSignIn("7", "10.0.0.1"), Is.Null, $"sign-in {i}");
            Assert.That(throttle.TryBegin("7", "10.0.0.1", out _), $"attempt {i}");
            throttle.Succeeded("7", "10.0.0.1");
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Failure? sixth = throttle.JudgeSignIn("7", "10.0.0.1");

        Assert.That((sixth?.Code, sixth?.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, (TimeSpan?)TimeSpan.FromSeconds(35))));
        Assert.That(throttle.JudgeSignIn("7", "10.0.0.2"), Is.Null, "its owner elsewhere");
        Assert.That(throttle.JudgeSignIn("8", "10.0.0.1"), Is.Null, "somebody else of the same office");
        _time.Advance(sixth!.RetryAfter!.Value);
        Assert.That((throttle.JudgeSignIn("7", "10.0.0.1"), throttle.JudgeSignIn("7", "10.0.0.1")?.Code), Is.EqualTo((default(Failure), ErrorCode.RateLimited)));
    }

    [Test]
    public void A_sign_in_that_was_not_tried_is_taken_back_and_without_a_limit_none_is_counted()
    {
        SignInThrottle throttle = Create(), without = new(new SignInThrottleOptions { MaxPerMinute = 0 }, _time);
        for (int i = 0; i < 10; i++)
        {
            Assert.That(throttle.JudgeSignIn("7", "10.0.0.1"), Is.Null);
            throttle.TakeBackSignIn("7", "10.0.0.1");
            Assert.That(without.JudgeSignIn("7", "10.0.0.1"), Is.Null);
        }

        Assert.That((throttle.Remembered, without.Remembered), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Who_failed_too_often_is_told_the_longer_wait()
    {
        SignInThrottle throttle = Create();
        for (int i = 0; i < 5; i++)
        {
            throttle.JudgeSignIn("7", "10.0.0.1");
            throttle.TryBegin("7", "10.0.0.1", out _);
        }

        Failure? limited = throttle.JudgeSignIn("7", "10.0.0.1");
        throttle.TryBegin("7", "10.0.0.1", out TimeSpan retryAfter);

        Assert.That((limited, retryAfter), Is.EqualTo((default(Failure), TimeSpan.FromMinutes(15))));
    }

    [Test]
    public void The_21st_failure_from_one_address_within_an_hour_waits()
    {
        SignInThrottle throttle = Create();
        for (int i = 0; i < 20; i++) Assert.That(throttle.TryBegin($"account {i}", "10.0.0.1", out _), $"attempt {i}");

        Assert.That(throttle.TryBegin("account 20", "10.0.0.1", out TimeSpan retryAfter), Is.False);
        Assert.Multiple(() =>
        {
            Assert.That(retryAfter, Is.EqualTo(TimeSpan.FromHours(1)));
            Assert.That(throttle.TryBegin("account 20", "10.0.0.2", out _), "another address is not concerned");
            Assert.That(throttle.IsOverLimit("10.0.0.1", out _));
        });
    }

    [Test]
    public void Addresses_of_one_IPv6_site_and_both_spellings_of_IPv4_count_as_one()
    {
        SignInThrottle throttle = Create();
        for (int i = 0; i < 20; i++) throttle.TryBegin($"a{i}", $"2001:db8:1:2::{i:x}", out _);
        for (int i = 0; i < 20; i++) throttle.TryBegin($"b{i}", "::ffff:10.9.9.9", out _);

        Assert.Multiple(() =>
        {
            Assert.That(throttle.TryBegin("c", "2001:db8:1:2:ffff::1", out _), Is.False);
            Assert.That(throttle.TryBegin("c", "2001:db8:1:3::1", out _), "another /64");
            Assert.That(throttle.TryBegin("d", "10.9.9.9", out _), Is.False);
        });
    }

    [Test]
    public void Success_gives_account_and_address_their_attempts_back()
    {
        SignInThrottle throttle = Create();
        for (int i = 0; i < 4; i++) throttle.TryBegin("7", "10.0.0.1", out _);
        Assert.That(throttle.TryBegin("7", "10.0.0.1", out _));

        throttle.Succeeded("7", "10.0.0.1");

        for (int i = 0; i < 5; i++) Assert.That(throttle.TryBegin("7", "10.0.0.1", out _), $"attempt {i} after the success");
        Assert.That(throttle.TryBegin("7", "10.0.0.1", out _), Is.False);
    }

    [Test]
    public void Attempts_that_were_not_judged_do_not_count()
    {
        SignInThrottle throttle = Create();
        for (int i = 0; i < 100; i++)
        {
            Assert.That(throttle.TryBegin("7", "10.0.0.1", out _), $"attempt {i}");
            throttle.TakeBack("7", "10.0.0.1");
        }
    }

    [Test]
    public void A_stranger_who_fails_on_purpose_does_not_lock_the_owner_out()
    {
        SignInThrottle throttle = Create();
        throttle.TryBegin("7", "192.0.2.1", out _);
        throttle.Succeeded("7", "192.0.2.1");

        for (int i = 0; i < 6; i++) throttle.TryBegin("7", "10.6.6.6", out _);

        Assert.Multiple(() =>
        {
            Assert.That(throttle.TryBegin("7", "10.7.7.7", out _), Is.False, "strangers share one window");
            Assert.That(throttle.TryBegin("7", "192.0.2.1", out _), "the owner has a window of their own");
        });
    }

    [Test]
    public void Many_attempts_at_once_find_no_gap()
    {
        SignInThrottle throttle = Create();
        int begun = 0;
        Parallel.For(0, 200, i =>
        {
            if (throttle.TryBegin("7", $"10.0.{i}.1", out _)) Interlocked.Increment(ref begun);
        });
        Assert.That(begun, Is.EqualTo(5));
    }

    [Test]
    public void Memory_is_bounded_and_the_longest_unused_goes_first()
    {
        SignInThrottle throttle = new(new SignInThrottleOptions { MaxRemembered = 100 }, _time);
        for (int i = 0; i < 5; i++) throttle.TryBegin("old", "10.0.0.1", out _);

        for (int i = 0; i < 10_000; i++)
        {
            throttle.TryBegin($"login {i}", $"10.1.{i / 256}.{i % 256}", out _);
            throttle.Succeeded($"other {i}", "10.2.0.1");
        }

        Assert.Multiple(() =>
        {
            Assert.That(throttle.Remembered, Is.LessThanOrEqualTo(300));
            Assert.That(throttle.TryBegin("old", "10.0.0.1", out _), "it was pushed out");
        });
    }

    [Test]
    public void Bad_settings_are_all_named_at_once()
    {
        SignInThrottleOptions bad = new() { MaxPerMinute = -1, MaxPerAccount = 0, MaxPerAddress = 0, AccountWindow = default, AddressWindow = default, MaxRemembered = 0 };
        Assert.Multiple(() =>
        {
            Assert.That(bad.Validate().Count(), Is.EqualTo(6));
            Assert.That(new SignInThrottleOptions().Validate(), Is.Empty);
            Assert.That(new PasswordOptions().Validate(), Is.Empty);
            Assert.That(new PasswordOptions { Iterations = 209_999, MaxConcurrent = 0, MaxWaiting = -1, MaxWait = default }.Validate().Count(), Is.EqualTo(4));
        });
    }

    private SignInThrottle Create() => new(new SignInThrottleOptions(), _time);
}
