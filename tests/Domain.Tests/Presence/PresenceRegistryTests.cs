using Chat.Domain.Presence;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Presence;

/// <summary>Presence in memory; the storage behind it does not answer, which must not matter.</summary>
[Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PresenceRegistryTests : IAsyncDisposable // R-113, D12, P17
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly NpgsqlDataSource _nowhere = NpgsqlDataSource.Create("Host=/nonexistent/chat-domain-tests;Timeout=1");
    private readonly PresenceRegistry _registry;
    private long _lastSession;

    public PresenceRegistryTests() => _registry = new PresenceRegistry(
        new PrincipalStore(_nowhere), new PresenceOptions(), _time, NullLogger<PresenceRegistry>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _nowhere.DisposeAsync();
    }

    [Test]
    public void A_watcher_is_told_once_of_coming_and_once_of_going()
    {
        RecordingSubscriber watcher = Watching(100);

        RecordingSubscriber anna = Online(100);
        Assert.That(Told(watcher), Is.EqualTo(new PresencePush[] { new(100, true) }));

        _time.Advance(TimeSpan.FromMinutes(1));
        _registry.Offline(anna);
        _time.Advance(TimeSpan.FromSeconds(5));

        long lastSeen = (Start + TimeSpan.FromMinutes(1)).ToUnixTimeMilliseconds();
        Assert.That(Told(watcher), Is.EqualTo(new PresencePush[] { new(100, true), new(100, false, lastSeen) }));
        Assert.That(watcher.Pushed.Select(push => push.Ephemeral), Is.All.True);
    }

    [Test]
    public void Offline_is_told_after_the_grace_and_not_before()
    {
        RecordingSubscriber anna = Online(100);
        RecordingSubscriber watcher = Watching(100);
        _registry.Offline(anna);

        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.That(_registry.IsOnline(100), Is.True);
        Assert.That(Told(watcher), Is.Empty);

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.That(_registry.IsOnline(100), Is.False);
        Assert.That(Told(watcher), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_reconnect_within_the_grace_is_not_seen()
    {
        RecordingSubscriber anna = Online(100);
        RecordingSubscriber watcher = Watching(100);

        _registry.Offline(anna);
        _time.Advance(TimeSpan.FromSeconds(4));
        Online(100);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(Told(watcher), Is.Empty);
        Assert.That(_registry.IsOnline(100), Is.True);
    }

    [Test]
    public void Leaving_again_starts_the_grace_anew()
    {
        RecordingSubscriber first = Online(100);
        RecordingSubscriber watcher = Watching(100);

        _registry.Offline(first);
        _time.Advance(TimeSpan.FromSeconds(4));
        RecordingSubscriber second = Online(100);
        _registry.Offline(second);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(_registry.IsOnline(100), Is.True, "the first departure was undone");

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Told(watcher), Is.EqualTo(new PresencePush[] { new(100, false, (Start + TimeSpan.FromSeconds(4)).ToUnixTimeMilliseconds()) }));
    }

    [Test]
    public void A_principal_is_online_until_the_last_of_several_sessions_ends()
    {
        RecordingSubscriber phone = Online(100);
        RecordingSubscriber laptop = Online(100);
        RecordingSubscriber watcher = Watching(100);

        _registry.Offline(phone);
        _registry.Offline(phone);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Told(watcher), Is.Empty, "told twice that one session ended is not two sessions");

        _registry.Offline(laptop);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(Told(watcher), Has.Length.EqualTo(1));
    }

    [Test]
    public void One_timer_serves_all_departures_in_their_order()
    {
        RecordingSubscriber[] people = [.. Enumerable.Range(1, 50).Select(i => Online(i))];
        RecordingSubscriber watcher = Watching([.. Enumerable.Range(1, 50).Select(i => (long)i)]);
        foreach (RecordingSubscriber person in people)
        {
            _registry.Offline(person);
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.That(_time.PendingTimers, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(Told(watcher).Select(push => push.PrincipalId), Is.EqualTo(Enumerable.Range(1, 11).Select(i => (long)i)), "5 s after each");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(Told(watcher).Select(push => push.PrincipalId), Is.EqualTo(Enumerable.Range(1, 50).Select(i => (long)i)));
    }

    [Test]
    public void Watching_replaces_what_was_watched()
    {
        RecordingSubscriber watcher = Watching(100, 101);
        _registry.Watch(watcher, [101, 102, 102]);

        Online(100);
        Online(101);
        Online(102);

        Assert.That(Told(watcher).Select(push => push.PrincipalId), Is.EqualTo(new long[] { 101, 102 }));
    }

    [Test]
    public void A_session_that_ended_is_told_nothing_and_leaves_nothing_behind()
    {
        RecordingSubscriber watcher = Watching(100, 101, 102);
        RecordingSubscriber other = Watching(100);

        _registry.Offline(watcher);
        _registry.Watch(watcher, [103]);
        Online(100);
        Online(103);

        Assert.Multiple(() =>
        {
            Assert.That(watcher.Pushed, Is.Empty);
            Assert.That(Told(other), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public void Memory_holds_those_who_are_here_or_watched_and_nobody_else()
    {
        for (int i = 1; i <= 500; i++)
        {
            RecordingSubscriber person = Online(i);
            _registry.Watch(person, [i + 1, i + 2]);
            _registry.Offline(person);
        }

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(_registry.PeopleCount, Is.Zero);
    }

    [Test]
    public void The_present_state_prefers_what_is_known_here_to_what_was_stored()
    {
        RecordingSubscriber anna = Online(100);
        Assert.That(_registry.Read(100, 1234), Is.EqualTo(new WirePresence(100, true)), "no last-seen time while online");

        _registry.Offline(anna);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Multiple(() =>
        {
            Assert.That(_registry.Read(100, 1234), Is.EqualTo(new WirePresence(100, false, Start.ToUnixTimeMilliseconds())));
            Assert.That(_registry.Read(200, 1234), Is.EqualTo(new WirePresence(200, false, 1234)));
            Assert.That(_registry.Read(200, null), Is.EqualTo(new WirePresence(200, false)));
        });
    }

    [Test]
    public void The_last_push_is_the_last_state_however_threads_meet()
    {
        RecordingSubscriber watcher = Watching([.. Enumerable.Range(1, 20).Select(i => (long)i)]);
        Parallel.For(0, 2000, i =>
        {
            RecordingSubscriber session = Online((i % 20) + 1);
            if (i < 1900) _registry.Offline(session);
        });

        foreach (IGrouping<long, PresencePush> told in Told(watcher).GroupBy(push => push.PrincipalId))
            Assert.That(told.Last().Online, Is.EqualTo(_registry.IsOnline(told.Key)), $"principal {told.Key}");
        Assert.That(Told(watcher).Select(push => push.PrincipalId).Distinct().Count(), Is.EqualTo(20));
    }

    [Test, CancelAfter(20_000)]
    public async Task Storage_that_does_not_answer_is_asked_again_and_delays_nobody(CancellationToken ct)
    {
        _registry.Offline(Online(100));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await _registry.Saving.WaitAsync(ct), Is.False);
        Task<bool> failed = _registry.Saving;
        SpinWait.SpinUntil(() => _time.PendingTimers == 1 || ct.IsCancellationRequested);

        RecordingSubscriber anna = Online(101);
        RecordingSubscriber watcher = Watching(101);
        _time.Advance(TimeSpan.FromSeconds(4));
        _registry.Offline(anna);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(Told(watcher), Has.Length.EqualTo(1), "the grace runs from the departure, whatever storage does");
        Assert.That(_registry.Saving, Is.Not.SameAs(failed), "it was asked again");
        Assert.That(await _registry.Saving.WaitAsync(ct), Is.False);
        Assert.That(_registry.Read(100, null).LastSeenMs, Is.EqualTo(Start.ToUnixTimeMilliseconds()), "what is unsaved is still known");
    }

    [Test]
    public void A_grace_of_zero_and_bad_options_are_judged()
    {
        Assert.Multiple(() =>
        {
            Assert.That(new PresenceOptions { OfflineGrace = TimeSpan.Zero }.Validate(), Is.Empty);
            Assert.That(new PresenceOptions { OfflineGrace = TimeSpan.FromTicks(-1), SaveRetry = default }.Validate().Count(), Is.EqualTo(2));
        });
    }

    private RecordingSubscriber Online(long principalId)
    {
        RecordingSubscriber session = new(Interlocked.Increment(ref _lastSession), principalId);
        _registry.Online(session);
        return session;
    }

    private RecordingSubscriber Watching(params long[] principalIds)
    {
        RecordingSubscriber watcher = Online(1_000_000 + _lastSession);
        _registry.Watch(watcher, principalIds);
        return watcher;
    }

    private static PresencePush[] Told(RecordingSubscriber watcher) =>
        [.. watcher.Pushed.Select(push => PushFrames.Read<PresencePush>(push.Frame))];
}
