using Chat.Chaos.Checker;
using Chat.Chaos.History;

namespace Chat.Chaos.Tests.Checker;

[TestFixture]
internal sealed class ObservationCheckTests
{
    [Test]
    public void I4_the_same_event_on_every_way_is_clean() =>
        VerdictAssert.IsClean(new Story().Message(1)
            .Receive(0, Story.Anna, 1, at: 150, source: HistorySource.Rest)
            .Receive(0, Story.Ben, 1, at: 160, source: HistorySource.History));

    [Test]
    public void I4_a_sequence_with_two_meanings_is_found() =>
        VerdictAssert.Breaks(
            new Story().Message(1).Message(2).Receive(0, Story.Ben, 2, at: 250, seq: 1, source: HistorySource.Rest),
            Invariant.I4OneMeaning);

    [Test]
    public void I6_something_that_nobody_sent_is_found() =>
        VerdictAssert.Breaks(
            new Story().Message(1).Receive(0, Story.Ben, 7, at: 150, seq: 1, source: HistorySource.Rest), Invariant.I6NothingInvented,
            Invariant.I4OneMeaning);

    [Test]
    public void I6_a_message_in_another_chat_than_it_was_sent_to_is_found() =>
        VerdictAssert.Breaks(
            new Story().Message(1).Send(2, 200, 210, outcome: HistoryOutcome.Info, chat: 2)
                .Receive(0, Story.Ben, 2, at: 250, source: HistorySource.Rest),
            Invariant.I6NothingInvented, Invariant.I8SeenIsStored);

    [Test]
    public void I8_a_phantom_is_found() =>
        VerdictAssert.Breaks(
            new Story().Message(1).Send(2, 200, 0, outcome: HistoryOutcome.Info).Receive(Story.BensClient, Story.Ben, 2, at: 230),
            Invariant.I8SeenIsStored);

    [Test]
    public void I8_a_message_seen_before_its_ack_and_stored_is_clean() =>
        VerdictAssert.IsClean(
            new Story().Message(1).Send(2, at: 200, acked: 240).Store(2).Receive(Story.BensClient, Story.Ben, 2, at: 230));

    [Test]
    public void I11_a_member_sees_what_lies_within_the_membership()
    {
        Story story = new Story().Message(1).Message(2).Receive(0, Story.Cleo, 2, at: 250, source: HistorySource.History);
        story.Members.Add(new FinalMember(Story.Cleo, 2, null));

        VerdictAssert.IsClean(story);
    }

    [Test]
    public void I11_what_was_before_the_membership_is_found_when_it_leaks()
    {
        Story story = new Story().Message(1).Message(2).Receive(0, Story.Cleo, 1, at: 250, source: HistorySource.History);
        story.Members.Add(new FinalMember(Story.Cleo, 2, null));

        Violation leak = VerdictAssert.Breaks(story, Invariant.I11MembersOnly);
        Assert.That(leak.Evidence[1], Does.Contain("2.."));
    }

    [Test]
    public void I11_what_came_after_the_removal_is_found_when_it_leaks()
    {
        Story story = new Story().Message(1).Message(2).Message(3).Receive(0, Story.Cleo, 3, at: 350, source: HistorySource.Rest);
        story.Members.Add(new FinalMember(Story.Cleo, 1, 2));

        VerdictAssert.Breaks(story, Invariant.I11MembersOnly);
    }

    [Test]
    public void I11_an_event_for_staff_is_found_when_a_member_sees_it()
    {
        Story story = new Story().Message(1).Send(2, at: 200, acked: 210).Store(2, visibility: 1);
        VerdictAssert.IsClean(story);

        story.Receive(Story.BensClient, Story.Ben, 2, at: 230);
        VerdictAssert.Breaks(story, Invariant.I11MembersOnly);
        VerdictAssert.IsClean(story.Final(final => final with { Staff = new HashSet<long> { Story.Ben } }));
    }

    [Test]
    public void I11_one_who_never_was_a_member_sees_nothing() =>
        VerdictAssert.Breaks(
            new Story().Message(1).Receive(0, Story.Cleo, 1, at: 150, source: HistorySource.History), Invariant.I11MembersOnly);
}
