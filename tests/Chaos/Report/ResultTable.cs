using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Chaos.Report;

/// <summary>Prints results: a table for people, or a line of JSON a row.</summary>
internal static class ResultTable
{
    private const int MaxFaultsShown = 6;

    public static string Line(RowResult row)
    {
        string figures = string.Join(", ", row.Figures.Select(figure => $"{figure.Name} {figure.Value}"));
        return string.Create(
            CultureInfo.InvariantCulture, $"{row.Id,-5} {Word(row.Status),-8} {row.Seconds,5:0} s  {row.Title}: {figures}");
    }

    /// <summary>All rows, with what failed below each.</summary>
    public static string Compose(IReadOnlyList<RowResult> rows)
    {
        var text = new StringBuilder();
        foreach (RowResult row in rows)
        {
            text.AppendLine(Line(row));
            foreach (string note in row.Notes) text.AppendLine(CultureInfo.InvariantCulture, $"        note: {note}");
            foreach (string fault in row.Faults.Take(MaxFaultsShown))
                text.AppendLine(CultureInfo.InvariantCulture, $"        {fault.ReplaceLineEndings("\n        ")}");
            if (row.Faults.Count > MaxFaultsShown)
                text.AppendLine(CultureInfo.InvariantCulture, $"        and {row.Faults.Count - MaxFaultsShown} more");
            if (row.Directory is not null)
                text.AppendLine(CultureInfo.InvariantCulture, $"        seed {row.Seed}; history and logs: {row.Directory}");
        }

        int passed = rows.Count(row => row.Status == RowStatus.Pass), failed = rows.Count(row => row.Status == RowStatus.Fail);
        text.Append(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {rows.Count - passed - failed} not here");
        return text.ToString();
    }

    public static string Json(RowResult row) => JsonSerializer.Serialize(row, RowJson.Default.RowResult);

    private static string Word(RowStatus status) => status switch
    {
        RowStatus.Pass => "pass",
        RowStatus.Fail => "FAIL",
        _ => "not here",
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RowResult))]
internal sealed partial class RowJson : JsonSerializerContext;
