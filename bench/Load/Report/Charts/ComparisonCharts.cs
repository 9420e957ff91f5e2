namespace Chat.Load.Report.Charts;

/// <summary>The charts of a comparison: what compare found, as bars of each system at each shape.</summary>
internal static class ComparisonCharts
{
    /// <summary>File names and their contents.</summary>
    public static IReadOnlyList<(string File, string Svg)> Make(IReadOnlyList<ComparisonLine> lines) =>
    [
        ("throughput.svg", Bars("Deliveries a second (more is better)", lines.Where(line => line.Rate is null), line => line.DeliveriesPerS)),
        ("latency.svg", Bars("p99 of deliveries in ms (less is better)", lines, line => line.P99Ms)),
        ("cpu.svg", Bars("Processor time of the server a delivery in µs (less is better)", lines.Where(line => line.ServerCpuUsPerDelivery is not null), line => line.ServerCpuUsPerDelivery!.Value)),
    ];

    private static string Bars(string title, IEnumerable<ComparisonLine> lines, Func<ComparisonLine, double> figure) => new BarChart(
        title, [.. lines.GroupBy(line => line.Shape).Select(shape => new BarGroup(shape.Key, [.. shape.Select(line => (line.System, figure(line)))]))]).ToSvg();
}
