using Chat.Load.Crowd;
using Chat.Load.Engine;

namespace Chat.Load.Tests.Crowd;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CrowdSendingsTests
{
    private static readonly LoadConnection Sender = new(7);

    private readonly CrowdSendings _sendings = new();

    [Test]
    public void An_acked_message_stays_unseen_until_its_sender_got_it()
    {
        CrowdSending sending = _sendings.Add(Sender, intendedAt: 100);

        bool agrees = _sendings.Ack(Sender, sending.RequestId, sequence: 5, now: 200);
        int unseen = _sendings.Unseen;
        bool seen = _sendings.See(Sender, 5, 100);

        Assert.That((agrees, unseen, seen, _sendings.Unseen, _sendings.Open), Is.EqualTo((true, 1, true, 0, 0)));
    }

    [Test]
    public void An_ack_that_comes_behind_the_message_is_compared_with_it([Values(5, 6)] long acked)
    {
        CrowdSending sending = _sendings.Add(Sender, intendedAt: 100);
        _sendings.See(Sender, 5, 100);

        Assert.That(_sendings.Ack(Sender, sending.RequestId, acked, now: 200), Is.EqualTo(acked == 5));
        Assert.That(_sendings.Unseen, Is.Zero);
    }

    [Test]
    public void Another_text_at_the_acked_sequence_is_found()
    {
        CrowdSending sending = _sendings.Add(Sender, intendedAt: 100);
        _sendings.Ack(Sender, sending.RequestId, sequence: 5, now: 200);

        Assert.That(_sendings.See(Sender, 5, intendedAt: 101), Is.False);
    }

    [Test]
    public void A_busy_answer_is_sent_again_when_its_pause_is_over_and_not_before()
    {
        CrowdSending sending = _sendings.Add(Sender, intendedAt: 100);
        _sendings.Refuse(Sender, sending.RequestId, againAt: 1_000);

        Assert.That(_sendings.TryTakeDue(999, out _, out _), Is.False);
        Assert.That(_sendings.TryTakeDue(1_000, out CrowdSending? due, out LoadConnection? sender), Is.True);
        Assert.That((due, sender), Is.EqualTo((sending, Sender)));
        Assert.That((_sendings.Busy, _sendings.Open), Is.EqualTo((1, 1)));
    }

    [Test]
    public void What_is_open_is_sent_again_after_a_reconnect_and_what_is_answered_is_not()
    {
        CrowdSending acked = _sendings.Add(Sender, 100), refused = _sendings.Add(Sender, 101), open = _sendings.Add(Sender, 102);
        _sendings.Ack(Sender, acked.RequestId, 5, 200);
        _sendings.Refuse(Sender, refused.RequestId, againAt: null);

        Assert.That(_sendings.OpenOf(Sender), Is.EqualTo(new[] { open }));
        Assert.That((_sendings.Acked, _sendings.Refused), Is.EqualTo((1, 1)));
    }
}
