using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

using Chat.Load.Report.Charts;

namespace Chat.Load.Report;

/// <summary>Writes what runs found to a directory: result.json, result.csv, result.md and result.html, which needs no other file.</summary>
internal sealed class ReportWriter(string directory)
{
    private static readonly string[] Columns =
    [
        "scenario", "system", "shape", "simulation", "connections", "window", "rate", "seconds", "acked_per_s", "deliveries_per_s", "ack_p50_ms",
        "ack_p99_ms", "ack_p999_ms", "ack_max_ms", "p50_ms", "p99_ms", "p999_ms", "max_ms", "lost", "duplicated", "out_of_order", "corrupted",
        "server_cpu_us_per_delivery", "server_cpu_us_per_message", "postgres_cpu_us_per_message", "gc_pause_ms", "rss_kb_per_connection", "passed",
    ];

    /// <exception cref="IOException">The directory cannot be written.</exception>
    public async Task WriteAsync(IReadOnlyList<LoadResult> results, CancellationToken ct)
    {
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "result.json"), Json(results), ct);
        await File.WriteAllTextAsync(Path.Combine(directory, "result.csv"), Csv(results), ct);
        await File.WriteAllTextAsync(Path.Combine(directory, "result.md"), Markdown(results), ct);
        await File.WriteAllTextAsync(Path.Combine(directory, "result.html"), Html(results), ct);
    }

    private static string Json(IReadOnlyList<LoadResult> results)
    {
        IEnumerable<string> parts = results.Select(result =>
            $"{{\"result\":{JsonSerializer.Serialize(result, LoadJson.Plain.LoadResult)},\n"
            + $" \"timeline\":{JsonSerializer.Serialize(result.Timeline, LoadJson.Default.IReadOnlyListTimelinePoint)},\n"
            + $" \"distribution\":{JsonSerializer.Serialize(result.Distribution, LoadJson.Default.IReadOnlyListLatencyShare)}}}");
        return $"[{string.Join(",\n", parts)}]\n";
    }

    private static string Csv(IReadOnlyList<LoadResult> results)
    {
        var text = new StringBuilder(string.Join(',', Columns)).Append('\n');
        foreach (LoadResult result in results) text.AppendJoin(',', Row(result)).Append('\n');
        return text.ToString();
    }

    private static string Markdown(IReadOnlyList<LoadResult> results)
    {
        var text = new StringBuilder("# Load\n\n").Append(results[0].Machine).Append(", ").Append(results[0].Runtime).Append("\n\n| ");
        text.AppendJoin(" | ", Columns).Append(" |\n|").Insert(text.Length, "---|", Columns.Length).Append('\n');
        foreach (LoadResult result in results) text.Append("| ").AppendJoin(" | ", Row(result)).Append(" |\n");
        return text.ToString();
    }

    private static string Html(IReadOnlyList<LoadResult> results)
    {
        var text = new StringBuilder("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Load</title>\n<style>body{font-family:system-ui,sans-serif;margin:2em;max-width:60em}table{border-collapse:collapse}td,th{padding:.2em .6em;text-align:left;border-bottom:1px solid #ddd}</style>\n<h1>Load</h1>\n");
        text.Append("<p>").Append(WebUtility.HtmlEncode($"{results[0].Machine}, {results[0].Runtime}")).Append("</p>\n");
        if (results.Count > 1)
        {
            foreach ((_, string svg) in ComparisonCharts.Make([.. results.Select(ComparisonLine.From)])) text.Append(svg);
        }

        foreach (LoadResult result in results)
        {
            text.Append("<h2>").Append(WebUtility.HtmlEncode($"{result.Scenario} {result.Shape} on {result.System}")).Append("</h2>\n");
            foreach (LineChart chart in ChartsOf(result)) text.Append(chart.ToSvg());
            text.Append("<table>\n");
            foreach ((string column, string value) in Columns.Zip(Row(result)))
                text.Append("<tr><th>").Append(column).Append("</th><td>").Append(WebUtility.HtmlEncode(value)).Append("</td></tr>\n");
            text.Append("</table>\n");
        }

        return text.Append("</html>\n").ToString();
    }

    private static LineChart[] ChartsOf(LoadResult result)
    {
        static string Seconds(double x) => $"{x.ToString("0.#", CultureInfo.InvariantCulture)} s";
        // The share that is slower, in powers of ten: 0 is all, 1 is 90 %, 2 is 99 %, 3 is 99.9 %.
        static string Share(double x) => $"{((1 - Math.Pow(10, -x)) * 100).ToString("0.####", CultureInfo.InvariantCulture)} %";
        return
        [
            new LineChart("Throughput a second over time", [Over("deliveries", p => p.DeliveriesPerS), Over("acks", p => p.AckedPerS)], Seconds),
            new LineChart("Latency of deliveries in ms over time", [Over("p50", p => p.P50Ms), Over("p99", p => p.P99Ms), Over("max", p => p.MaxMs)], Seconds),
            new LineChart("Latency of deliveries in ms by share", [new Series("deliveries", [.. result.Distribution.Select(s => (Math.Min(5, -Math.Log10(Math.Max(1e-5, 1 - s.Share))), s.Milliseconds))])], Share, StepX: 1),
        ];

        Series Over(string name, Func<TimelinePoint, double> figure) => new(name, [.. result.Timeline.Select(point => (point.Seconds, figure(point)))]);
    }

    private static IEnumerable<string> Row(LoadResult result)
    {
        object?[] values =
        [
            result.Scenario, result.System, result.Shape, result.Simulation, result.Connections, result.Window, result.Rate, result.Seconds,
            result.AckedPerSecond, result.DeliveriesPerSecond, result.AckP50Ms, result.AckP99Ms, result.AckP999Ms, result.AckMaxMs,
            result.DeliveryP50Ms, result.DeliveryP99Ms, result.DeliveryP999Ms, result.DeliveryMaxMs, result.Lost, result.Duplicated,
            result.OutOfOrder, result.Corrupted, result.ServerCpuMicrosecondsPerDelivery, result.ServerCpuMicrosecondsPerMessage,
            result.PostgresCpuMicrosecondsPerMessage, result.GcPauseMs, result.RssKilobytesPerConnection, result.Passed,
        ];
        return values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
    }
}
