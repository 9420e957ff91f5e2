using Chat.Load.Traffic;

namespace Chat.Load.Tests.Traffic;

/// <summary>The checker finds what is planted: a load run that reports no fault is worth no more than this.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ChatLedgerTests
{
    private const long Head = 7;

    [Test]
    public void A_run_in_which_everyone_gets_everything_once_has_no_fault()
    {
        ChatLedger ledger = Delivered(members: 3, messages: 5);

        Assert.That(Faults(ledger), Is.EqualTo((0, 0, 0, 0)));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(5)]
    public void A_delivery_that_never_came_is_lost(int missing)
    {
        ChatLedger ledger = new(members: 3, Head);
        for (int message = 1; message <= 5; message++)
        {
            ledger.Ack(Head + message, message);
            for (int member = 0; member < 3; member++)
                if (member != 1 || message != missing) ledger.Deliver(member, Head + message, message);
        }

        Assert.That(Faults(ledger), Is.EqualTo((1, 0, 0, 0)));
    }

    [Test]
    public void A_member_who_got_nothing_has_lost_every_acked_message()
    {
        ChatLedger ledger = new(members: 2, Head);
        for (int message = 1; message <= 4; message++)
        {
            ledger.Ack(Head + message, message);
            ledger.Deliver(0, Head + message, message);
        }

        Assert.That(ledger.CountLost(), Is.EqualTo(4));
    }

    [Test]
    public void A_message_without_an_ack_is_not_missed()
    {
        ChatLedger ledger = new(members: 2, Head);
        ledger.Deliver(0, Head + 1, 1);

        Assert.That(ledger.CountLost(), Is.Zero);
    }

    [Test]
    public void A_delivery_that_comes_twice_is_doubled_and_told_so()
    {
        ChatLedger ledger = Delivered(members: 2, messages: 3);

        bool isNew = ledger.Deliver(1, Head + 2, 2);

        Assert.That(isNew, Is.False);
        Assert.That(Faults(ledger), Is.EqualTo((0, 1, 0, 0)));
    }

    [Test]
    public void A_delivery_that_comes_after_a_later_one_is_out_of_order_and_not_lost()
    {
        ChatLedger ledger = new(members: 1, Head);
        for (int message = 1; message <= 3; message++) ledger.Ack(Head + message, message);
        ledger.Deliver(0, Head + 1, 1);
        ledger.Deliver(0, Head + 3, 3);
        ledger.Deliver(0, Head + 2, 2);

        Assert.That(Faults(ledger), Is.EqualTo((0, 0, 1, 0)));
    }

    [Test]
    public void Two_messages_at_one_sequence_are_corrupted()
    {
        ChatLedger ledger = new(members: 2, Head);
        ledger.Deliver(0, Head + 1, 1);
        ledger.Deliver(1, Head + 1, 2);

        Assert.That(ledger.Corrupted, Is.EqualTo(1));
    }

    [Test]
    public void An_ack_with_the_sequence_of_another_message_is_corrupted()
    {
        ChatLedger ledger = new(members: 1, Head);
        ledger.Deliver(0, Head + 1, 1);
        ledger.Ack(Head + 1, 9);

        Assert.That(ledger.Corrupted, Is.EqualTo(1));
    }

    [TestCase(Head)]
    [TestCase(0)]
    public void A_new_message_at_a_sequence_that_was_there_before_is_corrupted(long sequence)
    {
        ChatLedger ledger = new(members: 1, Head);
        ledger.Ack(sequence, 1);

        Assert.That(ledger.Corrupted, Is.EqualTo(1));
    }

    [Test]
    public void A_long_run_is_judged_to_its_end()
    {
        ChatLedger ledger = Delivered(members: 2, messages: 10_000);
        ledger.Ack(Head + 10_001, 10_001);

        Assert.That(Faults(ledger), Is.EqualTo((2, 0, 0, 0)));
    }

    private static ChatLedger Delivered(int members, int messages)
    {
        ChatLedger ledger = new(members, Head);
        for (int message = 1; message <= messages; message++)
        {
            for (int member = 0; member < members; member++) ledger.Deliver(member, Head + message, message);
            ledger.Ack(Head + message, message);
        }

        return ledger;
    }

    private static (long Lost, long Duplicated, long OutOfOrder, long Corrupted) Faults(ChatLedger ledger) =>
        (ledger.CountLost(), ledger.Duplicated, ledger.OutOfOrder, ledger.Corrupted);
}
