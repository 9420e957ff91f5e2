using Chat.Chaos.Checker;
using Chat.Chaos.History;

namespace Chat.Chaos.Tests.Checker;

[TestFixture]
internal sealed class StreamCheckTests
{
    private static Story Three() => new Story().Message(1).Message(2).Message(3);

    private static Story WithoutTheSecond(int session = Story.BensClient) => new Story().Message(1)
        .Send(2, at: 200, acked: 210).Store(2)
        .Send(3, at: 300, acked: 310).Store(3)
        .Receive(session, Story.Ben, 3, at: 330);

    [Test]
    public void I5_a_skipped_event_is_found() => VerdictAssert.Breaks(WithoutTheSecond(), Invariant.I5NoSilentSkip);

    [Test]
    public void I5_a_repeated_event_is_found() =>
        VerdictAssert.Breaks(Three().Receive(Story.BensClient, Story.Ben, 2, at: 340), Invariant.I5NoSilentSkip);

    [Test]
    public void I5_on_a_bare_connection_a_repeated_event_is_allowed() =>
        VerdictAssert.IsClean(Three().Online(Story.BensWire, Story.Ben, 0, SessionKinds.Wire)
            .Receive(Story.BensWire, Story.Ben, 2, at: 240)
            .Receive(Story.BensWire, Story.Ben, 3, at: 340)
            .Receive(Story.BensWire, Story.Ben, 2, at: 350));

    [Test]
    public void I5_on_a_bare_connection_a_skipped_event_is_found() =>
        VerdictAssert.Breaks(
            Three().Online(Story.BensWire, Story.Ben, 0, SessionKinds.Wire)
                .Note(HistoryOp.Resume, Story.BensWire, Story.Ben, 90, cursor: 1)
                .Receive(Story.BensWire, Story.Ben, 3, at: 340),
            Invariant.I5NoSilentSkip);

    [Test]
    public void I5_a_bare_connection_that_gives_no_position_may_start_anywhere() =>
        VerdictAssert.IsClean(Three().Online(Story.BensWire, Story.Ben, 0, SessionKinds.Wire)
            .Receive(Story.BensWire, Story.Ben, 1, at: 140)
            .Online(Story.BensWire, Story.Ben, 250, SessionKinds.Wire)
            .Receive(Story.BensWire, Story.Ben, 3, at: 340));

    [Test]
    public void I5_what_lies_outside_of_a_membership_may_be_skipped()
    {
        Story story = new Story().Message(1).Send(2, at: 200, acked: 210).Store(2).Send(3, at: 300, acked: 310).Store(3)
            .Receive(Story.BensClient, Story.Ben, 3, at: 330);
        story.Members.RemoveAll(member => member.User == Story.Ben);
        story.Members.AddRange([new FinalMember(Story.Ben, 1, 1), new FinalMember(Story.Ben, 3, null)]);

        VerdictAssert.IsClean(story);
    }

    [Test]
    public void I12_a_client_that_has_all_at_the_end_is_clean() =>
        VerdictAssert.IsClean(Three().Online(Story.BensClient, Story.Ben, 1).Note(HistoryOp.AtEnd, Story.BensClient, Story.Ben, 900));

    [Test]
    public void I12_a_missing_tail_is_found() =>
        VerdictAssert.Breaks(
            Three().Send(4, at: 400, acked: 410).Store(4).Note(HistoryOp.AtEnd, Story.BensClient, Story.Ben, 900), Invariant.I12Complete);

    [Test]
    public void I12_a_chat_of_which_an_SDK_client_got_nothing_is_found() =>
        VerdictAssert.Breaks(
            Three().Online(9, Story.Anna, 1).Note(HistoryOp.AtEnd, 9, Story.Anna, 900), Invariant.I12Complete);

    [Test]
    public void I12_who_was_removed_needs_no_more_than_the_removal()
    {
        Story story = Three().Send(4, at: 400, acked: 410).Store(4).Note(HistoryOp.AtEnd, Story.BensClient, Story.Ben, 900);
        story.Members.RemoveAll(member => member.User == Story.Ben);
        story.Members.Add(new FinalMember(Story.Ben, 1, 3));

        VerdictAssert.IsClean(story);
    }

    [Test]
    public void I12_a_page_with_a_hole_is_found() =>
        VerdictAssert.Breaks(Three().Page(Story.Ben, 1, 3, count: 2, at: 400), Invariant.I12Complete);

    [Test]
    public void I12_a_whole_page_is_clean() => VerdictAssert.IsClean(Three().Page(Story.Ben, 1, 3, count: 3, at: 400));

    [Test]
    public void I13_a_signed_out_device_may_hear_something_within_the_bound() =>
        VerdictAssert.IsClean(Three().Note(HistoryOp.Revoke, Story.BensClient, Story.Ben, 50));

    [Test]
    public void I13_a_signed_out_device_that_still_hears_is_found() =>
        VerdictAssert.Breaks(
            Three().Note(HistoryOp.Revoke, Story.BensClient, Story.Ben, 350).Send(4, at: 3_000, acked: 3_010).Store(4)
                .Receive(Story.BensClient, Story.Ben, 4, at: 3_020),
            Invariant.I13RevokedIsCut);

    [Test]
    public void I13_while_a_fault_is_on_the_bound_is_longer() =>
        VerdictAssert.IsClean(
            Three().Note(HistoryOp.Revoke, Story.BensClient, Story.Ben, 350).Send(4, at: 3_000, acked: 3_010).Store(4)
                .Receive(Story.BensClient, Story.Ben, 4, at: 3_020).Fault(300, 3_500));

    [Test]
    public void I16_a_reset_of_an_app_without_reason_is_found() =>
        VerdictAssert.Breaks(Three().Note(HistoryOp.Reset, Story.BensClient, Story.Ben, 310, cursor: 3), Invariant.I16ResetsAreLegal);

    [Test]
    public void I16_a_reset_is_legal_where_the_chat_was_renumbered()
    {
        Story story = Three().Note(HistoryOp.Reset, Story.BensClient, Story.Ben, 310, cursor: 3)
            .Final(final => final with { RenumberedChats = new HashSet<long> { Story.Chat } });

        VerdictAssert.IsClean(story);
        Assert.That(story.Check().Counts.Resets, Is.EqualTo(1));
    }

    [Test]
    public void I16_a_gap_is_legal_for_a_slow_reader_and_counted()
    {
        Story story = Three().Online(Story.BensWire, Story.Ben, 0, SessionKinds.SlowWire)
            .Receive(Story.BensWire, Story.Ben, 1, at: 140)
            .Note(HistoryOp.Reset, Story.BensWire, Story.Ben, 335, cursor: 3);

        VerdictAssert.IsClean(story);
        Assert.That(story.Check().Counts.Gaps, Is.EqualTo(1));
    }

    [Test]
    public void I16_a_gap_for_a_reader_that_keeps_up_is_found() =>
        VerdictAssert.Breaks(
            Three().Online(Story.BensWire, Story.Ben, 0, SessionKinds.Wire)
                .Note(HistoryOp.Reset, Story.BensWire, Story.Ben, 335, cursor: 3),
            Invariant.I16ResetsAreLegal);

    [TestCase(1_990, true)]
    [TestCase(2_010, false)]
    public void I16_a_gap_is_legal_as_long_as_what_a_fault_lost_may_be_on_its_way(int after, bool isLegal)
    {
        Story story = Three().Online(Story.BensWire, Story.Ben, 0, SessionKinds.Wire).Fault(100, 335)
            .Note(HistoryOp.Reset, Story.BensWire, Story.Ben, 335 + after, cursor: 3);

        if (isLegal) VerdictAssert.IsClean(story);
        else VerdictAssert.Breaks(story, Invariant.I16ResetsAreLegal);
    }
}
