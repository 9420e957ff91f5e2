using Chat.Load.Traffic;

namespace Chat.Load.Tests.Traffic;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LoadSimulationTests
{
    private static readonly LoadSimulation Good = new() { Chats = 100, Members = 10 };

    [Test]
    public void What_can_be_run_has_no_fault()
    {
        Assert.That(Good.Validate(), Is.Empty);
        Assert.That((Good with { Kind = SimulationKind.Inject, Rate = 5_000 }).Validate(), Is.Empty);
    }

    [TestCaseSource(nameof(Faulty))]
    public void A_fault_names_option_value_and_remedy(LoadSimulation simulation, string option, string value)
    {
        string fault = simulation.Validate().Single();

        Assert.That(fault, Does.StartWith($"{option} is {value}").And.Match(": (give|leave)"));
    }

    [Test]
    public void An_open_loop_has_its_rate_in_its_shape()
    {
        Assert.That(Good.Shape, Is.EqualTo("100x10"));
        Assert.That((Good with { Kind = SimulationKind.Inject, Rate = 5_000 }).Shape, Is.EqualTo("100x10@5000"));
    }

    private static IEnumerable<TestCaseData> Faulty() =>
    [
        new(Good with { Chats = 0 }, "--chats", "0"),
        new(Good with { Members = 1 }, "--members", "1"),
        new(Good with { Window = 0 }, "--window", "0"),
        new(Good with { Kind = SimulationKind.Inject }, "--rate", "0"),
        new(Good with { Rate = 10 }, "--rate", "10"),
        new(Good with { PayloadBytes = 17 }, "--payload", "17"),
        new(Good with { Duration = TimeSpan.Zero }, "--seconds", "0"),
        new(Good with { WarmUp = TimeSpan.FromSeconds(-1) }, "--warm-up", "-1"),
    ];
}
