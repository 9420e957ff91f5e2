using System.CommandLine;

using Chat.Load.Report;

namespace Chat.Load.Commands;

/// <summary>Where results go besides their line on the standard output.</summary>
internal sealed class ReportOptions
{
    private readonly Option<bool> _json = new("--json") { Description = "Only the lines of JSON, no progress." };
    private readonly Option<string?> _report = new("--report") { Description = "Directory for result.json, result.csv, result.md and result.html." };

    public static ReportOptions AddTo(Command command)
    {
        var options = new ReportOptions();
        command.Options.Add(options._json);
        return options;
    }

    /// <summary>For commands whose results have a report.</summary>
    public static ReportOptions AddWithReportTo(Command command)
    {
        ReportOptions options = AddTo(command);
        command.Options.Add(options._report);
        return options;
    }

    /// <summary>Writes the report where one is asked for.</summary>
    public Task WriteAsync(ParseResult parsed, IReadOnlyList<LoadResult> results, CancellationToken ct) =>
        parsed.GetValue(_report) is { } directory && results.Count > 0 ? new ReportWriter(directory).WriteAsync(results, ct) : Task.CompletedTask;

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public TextWriter Progress(ParseResult parsed) => parsed.GetValue(_json) ? TextWriter.Null : Console.Error;
}
