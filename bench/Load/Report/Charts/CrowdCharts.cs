using System.Globalization;
using Chat.Load.Crowd;

namespace Chat.Load.Report.Charts;

/// <summary>The charts of a crowd: who was there, and what they got, over the time of the run.</summary>
internal static class CrowdCharts
{
    /// <summary>File names and their contents.</summary>
    public static IReadOnlyList<(string File, string Svg)> Make(CrowdResult crowd) =>
    [
        ("crowd-sessions.svg", Line(crowd, "Sessions that have everything, s after the first", point => point.Whole)),
        ("crowd-deliveries.svg", Line(crowd, "Deliveries a second, s after the first session", point => point.DeliveriesPerS)),
    ];

    private static string Line(CrowdResult crowd, string title, Func<CrowdPoint, double> figure)
    {
        string kill = string.Create(CultureInfo.InvariantCulture, $"{title} (a node killed at {crowd.KilledAtS:0} s)");
        Series series = new($"{crowd.Nodes} nodes", [.. crowd.Timeline.Select(point => (point.S, figure(point)))]);
        return new LineChart(kill, [series], static s => s.ToString("0", CultureInfo.InvariantCulture)).ToSvg();
    }
}
