using Chat.Storage.ChatLog;
using Chat.TestKit;

namespace Chat.Storage.Tests.ChatLog;

[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WriterTurnsTests
{
    private static readonly TimeSpan Hindered = TimeSpan.FromMilliseconds(20), Free = TimeSpan.FromMicroseconds(200);

    private readonly FakeTimeProvider _time = new();
    private readonly WriterTurns _turns = new(leastEvents: 8);

    [Test]
    public void Turns_are_taken_after_several_batches_waited_for_locks_and_not_after_one()
    {
        _turns.Locked(Hindered, chats: 10, events: 30);
        bool afterOne = _turns.AreWorthIt(_time);
        for (int batch = 0; batch < 3; batch++) _turns.Locked(Hindered, chats: 10, events: 30);

        Assert.That((afterOne, _turns.AreWorthIt(_time)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Many_chats_take_longer_without_anybody_in_the_way()
    {
        for (int batch = 0; batch < 20; batch++) _turns.Locked(TimeSpan.FromMilliseconds(8), chats: 400, events: 400);

        Assert.That(_turns.AreWorthIt(_time), Is.False);
    }

    [Test]
    public void Turns_that_nobody_else_wants_are_left()
    {
        Start();
        for (int turn = 0; turn < 64; turn++) _turns.Came(Free, events: 30);

        Assert.That(_turns.AreWorthIt(_time), Is.False);
    }

    [Test]
    public void Small_batches_neither_start_turns_nor_keep_them()
    {
        for (int batch = 0; batch < 20; batch++) _turns.Locked(Hindered, chats: 2, events: 3);
        bool started = _turns.AreWorthIt(_time);
        Start();
        for (int turn = 0; turn < 64; turn++) _turns.Came(Hindered, events: 3);

        Assert.That((started, _turns.AreWorthIt(_time)), Is.EqualTo((false, false)));
    }

    [Test]
    public void Turns_that_are_waited_for_go_on()
    {
        Start();
        for (int turn = 0; turn < 200; turn++) _turns.Came(Hindered, events: 30);

        Assert.That(_turns.AreWorthIt(_time));
    }

    [Test]
    public void A_turn_that_does_not_come_ends_them_for_ten_seconds()
    {
        Start();
        _turns.Missed(_time);
        Start();
        bool atOnce = _turns.AreWorthIt(_time);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That((atOnce, _turns.AreWorthIt(_time)), Is.EqualTo((false, true)));
    }

    private void Start()
    {
        for (int batch = 0; batch < 8; batch++) _turns.Locked(Hindered, chats: 1, events: 30);
    }
}
