using System.Globalization;
using System.Net;
using System.Text;

namespace Chat.Load.Report.Charts;

/// <summary>Writes the few SVG elements that the charts are made of; whole files, or parts of a page.</summary>
internal sealed class Svg(int width, int height)
{
    /// <summary>Distinct for common forms of colour blindness (Okabe and Ito).</summary>
    public static readonly string[] Colors = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];

    private const string Ink = "#333";
    private const string Font = "font-family=\"system-ui,sans-serif\"";

    private readonly StringBuilder _elements = new();

    public void Rectangle(double x, double y, double w, double h, string color) =>
        _elements.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{Math.Max(0, w):0.#}\" height=\"{h:0.#}\" fill=\"{color}\"/>\n");

    public void Line(double x1, double y1, double x2, double y2, string color = "#ccc") =>
        _elements.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{color}\"/>\n");

    public void Path(IEnumerable<(double X, double Y)> points, string color)
    {
        string places = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")));
        _elements.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{places}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>\n");
    }

    /// <param name="anchor">start, middle or end.</param>
    public void Text(double x, double y, string text, string anchor = "start", int size = 12, string weight = "normal") =>
        _elements.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" font-weight=\"{weight}\" text-anchor=\"{anchor}\" fill=\"{Ink}\" {Font}>{WebUtility.HtmlEncode(text)}</text>\n");

    public override string ToString() =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n"
        + $"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{_elements}</svg>\n";

    /// <summary>A figure as a reader wants it: 4.4 M, 84 k, 12.3.</summary>
    public static string Short(double value) => value switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.##} M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0} k"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.#} k"),
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"{value:0.#}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}"),
    };
}
