using System.Globalization;
using System.Text;

namespace Chat.Server.Tests.Diagnostics.Metrics;

/// <summary>One sample of the text format, read strictly: what the format does not allow fails the test.</summary>
internal sealed record MetricLine(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string LabelText => string.Join(',', Labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));

    public static double ValueOf(IEnumerable<MetricLine> lines, string name) =>
        lines.Single(line => line.Name == name && line.Labels.Count == 0).Value;

    public static List<MetricLine> Read(string text)
    {
        Assert.That(text, Is.Empty.Or.EndsWith("\n"));
        List<MetricLine> lines = [];
        HashSet<string> families = [];
        string family = "", kind = "";
        foreach (string line in text.Split('\n')[..^1])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal)) continue;
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                string[] words = line.Split(' ');
                Assert.That(words, Has.Length.EqualTo(4), line);
                (family, kind) = (words[2], words[3]);
                Assert.That(kind, Is.AnyOf("counter", "gauge", "histogram"), line);
                Assert.That(families.Add(family), $"one type line a family: {family}");
                continue;
            }

            MetricLine sample = ReadSample(line);
            string[] names = kind == "histogram" ? [family + "_bucket", family + "_sum", family + "_count"] : [family];
            Assert.That(names, Does.Contain(sample.Name), $"a line of another family: {line}");
            lines.Add(sample);
        }

        Assert.That(lines.Select(line => $"{line.Name} {line.LabelText}"), Is.Unique);
        return lines;
    }

    private static MetricLine ReadSample(string line)
    {
        int at = 0;
        string name = ReadName(line, ref at);
        Dictionary<string, string> labels = [];
        if (line[at] == '{')
        {
            do
            {
                at++;
                string label = ReadName(line, ref at);
                Assert.That(line.AsSpan(at, 2).SequenceEqual("=\""), line);
                at += 2;
                labels.Add(label, ReadQuoted(line, ref at));
            }
            while (line[at] == ',');
            Assert.That(line[at++], Is.EqualTo('}'), line);
        }

        Assert.That(line[at++], Is.EqualTo(' '), line);
        return new MetricLine(name, labels, Number(line[at..]));
    }

    private static string ReadName(string line, ref int at)
    {
        int start = at;
        while (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '_') at++;
        Assert.That(at > start && !char.IsAsciiDigit(line[start]), $"no name at {start}: {line}");
        return line[start..at];
    }

    private static string ReadQuoted(string line, ref int at)
    {
        StringBuilder value = new();
        for (; line[at] != '"'; at++)
        {
            if (line[at] != '\\')
            {
                value.Append(line[at]);
                continue;
            }

            at++;
            value.Append(
                line[at] switch { '\\' => '\\', '"' => '"', 'n' => '\n', _ => throw new FormatException($"an unknown escape: {line}") });
        }

        at++;
        return value.ToString();
    }

    private static double Number(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
