namespace Chat.Load.Report.Charts;

/// <summary>One line of a chart.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines over one axis from 0, with a linear scale upwards.</summary>
/// <param name="MarkX">Writes a place of the x axis.</param>
/// <param name="StepX">Between two marks of the x axis; 0 takes a round one.</param>
internal sealed record LineChart(string Title, IReadOnlyList<Series> Lines, Func<double, string> MarkX, double StepX = 0)
{
    private const int Width = 760;
    private const int Height = 260;
    private const int Left = 70;
    private const int Right = 40;
    private const int Top = 50;
    private const int Bottom = 30;
    private const int Marks = 4;

    public string ToSvg()
    {
        var svg = new Svg(Width, Height);
        svg.Text(Left, 20, Title, size: 14, weight: "bold");
        double maxX = Math.Max(1e-9, Lines.SelectMany(line => line.Points).Select(point => point.X).DefaultIfEmpty(1).Max());
        double maxY = Math.Max(1e-9, Lines.SelectMany(line => line.Points).Select(point => point.Y).DefaultIfEmpty(1).Max()) * 1.05;
        double X(double value) => Left + (value / maxX * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / maxY * (Height - Top - Bottom));
        double stepY = RoundStep(maxY);
        for (double y = 0; y <= maxY; y += stepY)
        {
            svg.Line(Left, Y(y), Width - Right, Y(y));
            svg.Text(Left - 6, Y(y) + 4, Svg.Short(y), "end", 11);
        }

        double stepX = StepX > 0 ? StepX : RoundStep(maxX);
        for (double x = 0; x <= maxX + (stepX / 100); x += stepX) svg.Text(X(x), Height - 10, MarkX(x), "middle", 11);

        for (int i = 0; i < Lines.Count; i++)
        {
            string color = Svg.Colors[i % Svg.Colors.Length];
            svg.Path(Lines[i].Points.Select(point => (X(point.X), Y(point.Y))), color);
            svg.Rectangle(Left + (i * 130), 30, 10, 10, color);
            svg.Text(Left + 14 + (i * 130), 39, Lines[i].Name, size: 11);
        }

        return svg.ToString();
    }

    // 1, 2 or 5 times a power of ten, for about as many marks.
    private static double RoundStep(double largest)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(largest / Marks)));
        double factor = largest / Marks / power;
        return power * (factor > 5 ? 10 : factor > 2 ? 5 : factor > 1 ? 2 : 1);
    }
}
