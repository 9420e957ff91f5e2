using Chat.Load.Traffic;

namespace Chat.Load.Tests.Traffic;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class MessageTableTests
{
    private const int PayloadBytes = 98;

    [Test]
    public void A_text_begins_with_the_marker_of_its_number_and_has_the_payload_s_length()
    {
        MessageTable table = new(PayloadBytes, seed: 1);
        for (int i = 0; i < 20; i++) table.Add(intendedAt: i, sender: i);

        Assert.That(table.TextOf(17).Length, Is.EqualTo(PayloadBytes));
        Assert.That(Marker.TryRead(table.TextOf(17), out long number), Is.True);
        Assert.That(number, Is.EqualTo(17));
    }

    [Test]
    public void Neighbours_have_different_texts()
    {
        MessageTable table = new(PayloadBytes, seed: 1);
        table.Add(0, 0);
        table.Add(0, 0);

        Assert.That(table.TextOf(0)[Marker.Bytes..].SequenceEqual(table.TextOf(1)[Marker.Bytes..]), Is.False);
    }

    [Test]
    public void A_message_keeps_when_it_was_due_and_who_sent_it()
    {
        MessageTable table = new(PayloadBytes, seed: 1);
        long number = table.Add(intendedAt: 1_234, sender: 5);

        Assert.That((table.IntendedAt(number), table.SenderOf(number)), Is.EqualTo((1_234, 5)));
    }

    [Test]
    public void Only_numbers_that_were_given_and_still_have_their_place_are_known()
    {
        MessageTable table = new(PayloadBytes, seed: 1);
        int kept = MessageTable.MaxOnTheWay(PayloadBytes) * 2;
        for (int i = 0; i <= kept; i++) table.Add(0, 0);

        Assert.That(table.Knows(-1), Is.False);
        Assert.That(table.Knows(0), Is.False, "its place was taken");
        Assert.That(table.Knows(1), Is.True);
        Assert.That(table.Knows(kept), Is.True);
        Assert.That(table.Knows(kept + 1), Is.False);
    }

    [TestCase("")]
    [TestCase("@@0123")]
    [TestCase("@@000000000000000g and more")]
    [TestCase("@#0000000000000001 and more")]
    public void What_is_no_marker_is_not_read(string text)
    {
        Assert.That(Marker.TryRead(System.Text.Encoding.ASCII.GetBytes(text), out _), Is.False);
    }

    [TestCase(MessageTableTests.PayloadBytes)]
    [TestCase(18)]
    [TestCase(16_384)]
    public void Places_are_enough_for_any_payload(int payloadBytes)
    {
        Assert.That(MessageTable.MaxOnTheWay(payloadBytes), Is.GreaterThanOrEqualTo(1_024));
    }
}
