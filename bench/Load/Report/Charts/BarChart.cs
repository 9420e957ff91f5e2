namespace Chat.Load.Report.Charts;

/// <summary>Bars of one subject, one below the other.</summary>
internal sealed record BarGroup(string Name, IReadOnlyList<(string Label, double Value)> Bars);

/// <summary>
/// Groups of bars; each group has its own scale, for a room of a thousand and a thousand pairs differ by a hundred and only the bars of one
/// group are to be compared.
/// </summary>
internal sealed record BarChart(string Title, IReadOnlyList<BarGroup> Groups)
{
    private const int Width = 760;
    private const int Left = 110;
    private const int Right = 90;
    private const int Top = 36;
    private const int BarHeight = 16;
    private const int BarStep = 20;
    private const int HeadHeight = 24;

    public string ToSvg()
    {
        string[] labels = [.. Groups.SelectMany(group => group.Bars).Select(bar => bar.Label).Distinct()];
        int height = Top + Groups.Sum(group => HeadHeight + (group.Bars.Count * BarStep)) + 10;
        var svg = new Svg(Width, height);
        svg.Text(10, 22, Title, size: 14, weight: "bold");
        double y = Top;
        foreach (BarGroup group in Groups)
        {
            double largest = Math.Max(1e-9, group.Bars.Max(bar => bar.Value));
            svg.Text(10, y + 15, group.Name, weight: "bold");
            y += HeadHeight;
            foreach ((string label, double value) in group.Bars)
            {
                double width = value / largest * (Width - Left - Right);
                svg.Text(Left - 8, y + 12, label, "end");
                svg.Rectangle(Left, y, width, BarHeight, Svg.Colors[Array.IndexOf(labels, label) % Svg.Colors.Length]);
                svg.Text(Left + width + 6, y + 12, Svg.Short(value), size: 11);
                y += BarStep;
            }
        }

        return svg.ToString();
    }
}
