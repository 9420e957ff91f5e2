using System.Globalization;

namespace Chat.Load.Report;

/// <summary>What the product wants of a comparison: a ratio to a peer at least, or a latency at most.</summary>
/// <param name="Subject">What is judged, in words.</param>
/// <param name="Actual">Null: not measured in this run.</param>
/// <param name="Wanted">The bound.</param>
/// <param name="IsCeiling">The bound is the most that is accepted, otherwise the least.</param>
internal sealed record ComparisonTarget(string Subject, double? Actual, double Wanted, bool IsCeiling)
{
    public bool? IsKept => Actual is { } actual ? (IsCeiling ? actual <= Wanted : actual >= Wanted) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(IsKept is { } kept ? (kept ? "kept  " : "MISSED") : "  -   ")}  {Subject}: {(Actual is { } actual ? $"{actual:0.##}" : "not measured")}, wanted {(IsCeiling ? "at most" : "at least")} {Wanted:0.##}");

    public static IReadOnlyList<ComparisonTarget> Judge(IReadOnlyList<ComparisonLine> lines)
    {
        static double Deliveries(ComparisonLine line) => line.DeliveriesPerS;
        static double Acked(ComparisonLine line) => line.AckedPerS;
        return
        [
            Ratio("1x1000", "bun", "deliveries/s", Deliveries, 1.2),
            Ratio("100x10", "signalr+pg", "messages/s", Acked, 8),
            Ratio("100x10", "bun", "messages/s", Acked, 0.7),
            Ratio("1000x2", "signalr+pg", "messages/s", Acked, 6),
            Ratio("1000x2", "bun", "messages/s", Acked, 0.6),
            Latency("100x10@5000", 25),
            Latency("100x10@10000", 100),
            Ratio("typing-100x10", "bun", "deliveries/s", Deliveries, 1.1),
            Ratio("typing-1x1000", "bun", "deliveries/s", Deliveries, 1.5),
        ];

        ComparisonLine? Find(string shape, string system) => lines.FirstOrDefault(line => line.Shape == shape && line.System == system);

        ComparisonTarget Ratio(string shape, string peer, string what, Func<ComparisonLine, double> figure, double wanted) => new(
            $"{shape}, {what}, chat ÷ {peer}",
            Find(shape, "chat") is { } ours && Find(shape, peer) is { } theirs && figure(theirs) > 0 ? figure(ours) / figure(theirs) : null,
            wanted, IsCeiling: false);

        ComparisonTarget Latency(string shape, double wanted) =>
            new($"{shape}, p99 of deliveries in ms, chat", Find(shape, "chat")?.P99Ms, wanted, IsCeiling: true);
    }
}
