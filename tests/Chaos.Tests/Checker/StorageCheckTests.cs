using Chat.Chaos.Checker;
using Chat.Chaos.History;

namespace Chat.Chaos.Tests.Checker;

[TestFixture]
internal sealed class StorageCheckTests
{
    [Test]
    public void Acked_and_stored_once_is_clean() => VerdictAssert.IsClean(new Story().Message(1).Message(2).Message(3));

    [Test]
    public void I1_an_acked_message_that_is_gone_is_found_with_its_send()
    {
        Violation lost = VerdictAssert.Breaks(new Story().Message(1).Send(2, at: 200, acked: 210), Invariant.I1AckedIsStored);

        Assert.That(lost.Evidence[0], Does.Contain(Story.Id(2).ToString("N")).And.Contains("seq 2"));
    }

    [Test]
    public void I1_what_was_acked_after_the_last_look_is_not_judged() =>
        VerdictAssert.IsClean(new Story().Message(1).Send(2, at: 200, acked: 210).Final(final => final with { ReadAt = 205_000_000 }));

    [Test]
    public void I1_an_acked_message_at_another_sequence_is_found() =>
        VerdictAssert.Breaks(
            new Story().Message(1).Message(2).Send(3, at: 300, acked: 310, seq: 3).Store(3, seq: 3).Send(4, at: 305, acked: 410, seq: 3),
            Invariant.I1AckedIsStored);

    [Test]
    public void I2_a_message_of_unknown_outcome_may_be_there_once() =>
        VerdictAssert.IsClean(new Story().Message(1).Send(2, at: 200, acked: 0, outcome: HistoryOutcome.Info).Store(2));

    [Test]
    public void I2_a_message_of_unknown_outcome_may_be_missing() =>
        VerdictAssert.IsClean(new Story().Message(1).Send(2, at: 200, acked: 0, outcome: HistoryOutcome.Info));

    [Test]
    public void I2_a_message_that_is_stored_twice_is_found() =>
        VerdictAssert.Breaks(new Story().Message(1).Store(1, seq: 2), Invariant.I2EachOnce);

    [Test]
    public void I2_a_message_that_is_stored_under_two_ids_is_found() =>
        VerdictAssert.Breaks(new Story().Message(1).Store(1, seq: 2, id: 99), Invariant.I2EachOnce);

    [Test]
    public void I3_a_hole_in_the_log_is_found() =>
        VerdictAssert.Breaks(
            new Story().Message(1).Send(3, at: 300, acked: 310).Store(3).Receive(Story.BensClient, Story.Ben, 3, at: 320),
            Invariant.I3Dense);

    [Test]
    public void I3_a_counter_above_the_log_is_found() => VerdictAssert.Breaks(new Story { Head = 5 }.Message(1), Invariant.I3Dense);

    [Test]
    public void I6_a_stored_message_that_nobody_sent_is_found() =>
        VerdictAssert.Breaks(new Story().Message(1).Store(2), Invariant.I6NothingInvented);

    [Test]
    public void I6_a_stored_message_that_was_refused_is_found() =>
        VerdictAssert.Breaks(new Story().Message(1).Send(2, 200, 210, outcome: HistoryOutcome.Fail).Store(2), Invariant.I6NothingInvented);

    [Test]
    public void I6_a_refused_message_that_is_nowhere_is_clean() =>
        VerdictAssert.IsClean(new Story().Message(1).Send(2, at: 200, acked: 210, outcome: HistoryOutcome.Fail));
}
