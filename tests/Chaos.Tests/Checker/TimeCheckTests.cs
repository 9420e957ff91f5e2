using Chat.Chaos.Checker;
using Chat.Chaos.History;

namespace Chat.Chaos.Tests.Checker;

[TestFixture]
internal sealed class TimeCheckTests
{
    [Test]
    public void I14_probes_that_are_acked_in_time_are_clean() =>
        VerdictAssert.IsClean(
            new Story().Send(1, at: 100, acked: 1_900, op: HistoryOp.Probe).Store(1).Final(final => final with { ProbesWanted = 1 }));

    [Test]
    public void I14_a_late_probe_is_found() =>
        VerdictAssert.Breaks(
            new Story().Send(1, at: 100, acked: 2_200, op: HistoryOp.Probe).Store(1).Final(final => final with { ProbesWanted = 1 }),
            Invariant.I14Alive);

    [Test]
    public void I14_a_probe_that_was_not_sent_is_found() =>
        VerdictAssert.Breaks(new Story().Message(1).Final(final => final with { ProbesWanted = 1 }), Invariant.I14Alive);

    [Test]
    public void I14_a_stuck_client_is_found() =>
        VerdictAssert.Breaks(new Story().Message(1).Final(final => final with { StuckClients = ["session 2"] }), Invariant.I14Alive);

    [Test]
    public void I15_a_late_delivery_is_found() =>
        VerdictAssert.Breaks(
            new Story().Send(1, at: 100, acked: 110).Store(1).Receive(Story.BensClient, Story.Ben, 1, at: 2_500), Invariant.I15Fresh);

    [Test]
    public void I15_a_late_delivery_while_a_fault_is_on_is_clean() =>
        VerdictAssert.IsClean(
            new Story().Send(1, at: 100, acked: 110).Store(1).Receive(Story.BensClient, Story.Ben, 1, at: 2_500).Fault(50, 600));

    [Test]
    public void I15_who_was_away_has_its_time_from_the_reconnect_on() =>
        VerdictAssert.IsClean(
            new Story().Send(1, at: 100, acked: 110).Store(1).Online(Story.BensClient, Story.Ben, 2_000)
                .Receive(Story.BensClient, Story.Ben, 1, at: 2_500));

    [Test]
    public void Latencies_are_told_apart_by_the_faults()
    {
        Verdict verdict = new Story().Message(1).Message(2).Message(3).Fault(190, 290).Check();

        Assert.That(verdict.AckOutside, Is.EqualTo(new Percentiles(2, 10, 10, 10, 10)));
        Assert.That(verdict.AckInside.Count, Is.EqualTo(1));
        Assert.That(verdict.DeliveryOutside.Max, Is.EqualTo(30));
    }

    [Test]
    public void The_time_until_clients_are_back_runs_from_the_first_loss_to_the_welcome()
    {
        Verdict verdict = new Story().Online(Story.BensClient, Story.Ben, 0)
            .Note(HistoryOp.Close, Story.BensClient, Story.Ben, 1_000)
            .Note(HistoryOp.Close, Story.BensClient, Story.Ben, 1_400)
            .Online(Story.BensClient, Story.Ben, 1_900)
            .Check();

        Assert.That(verdict.ClientsBack, Is.EqualTo(new Percentiles(1, 900, 900, 900, 900)));
    }

    [Test]
    public void The_time_until_a_signed_out_device_is_cut_runs_from_asking_to_the_first_end_of_its_connection()
    {
        Verdict verdict = new Story().Online(Story.BensClient, Story.Ben, 0)
            .Note(HistoryOp.Close, Story.BensClient, Story.Ben, 400)
            .Online(Story.BensClient, Story.Ben, 500)
            .Note(HistoryOp.Revoke, Story.BensClient, Story.Ben, 1_000)
            .Note(HistoryOp.Close, Story.BensClient, Story.Ben, 1_030)
            .Note(HistoryOp.Close, Story.BensClient, Story.Ben, 1_900)
            .Check();

        Assert.That(verdict.SignedOut, Is.EqualTo(new Percentiles(1, 30, 30, 30, 30)));
    }
}
