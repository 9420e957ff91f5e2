using System.Globalization;
using System.Text;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>Writes families in the Prometheus text exposition format 0.0.4: a help and a type line a family, a line a value, LF.</summary>
internal static class MetricText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families)
    {
        StringBuilder text = new(32 << 10);
        foreach (MetricFamily family in families) Write(text, family);
        return text.ToString();
    }

    private static void Write(StringBuilder text, MetricFamily family)
    {
        bool isFirst = true;
        foreach (MetricSeries series in family.Series)
        {
            if (isFirst) WriteHead(text, family);
            isFirst = false;
            if (family.Kind == MetricKind.Histogram) WriteHistogram(text, family, series);
            else WriteLine(text, family.Name, series.Labels, "", series.Value);
        }
    }

    private static void WriteHead(StringBuilder text, MetricFamily family)
    {
        string help = family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings("\\n");
        if (help.Length > 0) text.Append("# HELP ").Append(family.Name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(TypeName(family.Kind)).Append('\n');
    }

    private static void WriteHistogram(StringBuilder text, MetricFamily family, MetricSeries series)
    {
        string bucket = family.Name + "_bucket";
        long count = 0;
        for (int i = 0; i < family.Bounds.Length; i++)
        {
            count += series.CountIn(i);
            WriteLine(text, bucket, series.Labels, $"le=\"{Number(family.Bounds[i])}\"", count);
        }

        count += series.CountIn(family.Bounds.Length);
        WriteLine(text, bucket, series.Labels, "le=\"+Inf\"", count);
        WriteLine(text, family.Name + "_sum", series.Labels, "", series.Value);
        WriteLine(text, family.Name + "_count", series.Labels, "", count);
    }

    private static void WriteLine(StringBuilder text, string name, string labels, string bound, double value)
    {
        text.Append(name);
        if (labels.Length + bound.Length > 0)
        {
            text.Append('{').Append(labels);
            if (labels.Length > 0 && bound.Length > 0) text.Append(',');
            text.Append(bound).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string TypeName(MetricKind kind) => kind switch
    {
        MetricKind.Counter or MetricKind.ObservedCounter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };
}
