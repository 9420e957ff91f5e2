using Chat.Chaos.Checker;
using Chat.Chaos.History;

namespace Chat.Chaos.Tests.Checker;

[TestFixture]
internal sealed class OrderCheckTests
{
    [Test]
    public void I7_messages_that_were_under_way_together_may_stand_in_either_order() =>
        VerdictAssert.IsClean(
            new Story().Send(1, at: 100, acked: 200, seq: 2).Store(1, seq: 2).Send(2, at: 150, acked: 190, seq: 1).Store(2, seq: 1));

    [Test]
    public void I7_a_message_before_one_that_was_acked_earlier_is_found() =>
        VerdictAssert.Breaks(
            new Story().Send(1, at: 100, acked: 140, seq: 2).Store(1, seq: 2).Send(2, at: 150, acked: 190, seq: 1).Store(2, seq: 1),
            Invariant.I7RealTimeOrder);

    [Test]
    public void I9_a_page_that_has_what_was_acked_before_is_clean() =>
        VerdictAssert.IsClean(new Story().Message(1).Page(Story.Anna, 1, 1, count: 1, at: 120));

    [Test]
    public void I9_a_page_that_ends_before_what_was_acked_is_found() =>
        VerdictAssert.Breaks(new Story().Message(1).Message(2).Page(Story.Anna, 1, 1, count: 1, at: 220), Invariant.I9ReadYourWrites);

    [Test]
    public void I9_a_page_with_more_behind_it_may_end_anywhere() =>
        VerdictAssert.IsClean(new Story().Message(1).Message(2).Page(Story.Anna, 1, 1, count: 1, at: 220, hasMore: true));

    [Test]
    public void I9_what_was_acked_during_the_read_may_be_missing() =>
        VerdictAssert.IsClean(new Story().Message(1).Message(2).Page(Story.Anna, 1, 1, count: 1, at: 205));

    [Test]
    public void I10_a_marker_that_grows_is_clean()
    {
        Story story = new Story().Message(1).Message(2).Mark(Story.Ben, 1, at: 140).Mark(Story.Ben, 1, at: 150, HistorySource.Rest)
            .Mark(Story.Ben, 2, at: 240).Mark(Story.Ben, 2, at: 250, HistorySource.Rest);
        story.Members[1] = new FinalMember(Story.Ben, 1, null, ReadUpTo: 2);

        VerdictAssert.IsClean(story);
    }

    [Test]
    public void I10_a_marker_that_is_seen_lower_again_is_found()
    {
        Story story = new Story().Message(1).Message(2).Mark(Story.Ben, 2, at: 240).Mark(Story.Ben, 1, at: 250, HistorySource.Rest);
        story.Members[1] = new FinalMember(Story.Ben, 1, null, ReadUpTo: 2);

        VerdictAssert.Breaks(story, Invariant.I10MarkersMonotone);
    }

    [Test]
    public void I10_a_marker_that_was_only_implied_may_be_forgotten()
    {
        Story story = new Story().Message(1).Message(2).Mark(Story.Ben, 2, at: 240, HistorySource.Rest)
            .Mark(Story.Ben, 1, at: 250, HistorySource.Rest);
        VerdictAssert.IsClean(story);
    }

    [Test]
    public void I10_a_marker_that_is_lost_at_the_end_is_found() =>
        VerdictAssert.Breaks(new Story().Message(1).Mark(Story.Ben, 1, at: 140), Invariant.I10MarkersMonotone);
}
