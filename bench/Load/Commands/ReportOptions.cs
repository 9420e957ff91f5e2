using System.CommandLine;

using Chat.Load.Report;

namespace Chat.Load.Commands;

/// <summary>Where results go besides their line on the standard output.</summary>
internal sealed class ReportOptions
{
    private readonly Option<bool> _json = new("--json") { Description = "Only the lines of JSON, no progress." };

    public static ReportOptions AddTo(Command command)
    {
        var options = new ReportOptions();
        command.Options.Add(options._json);
        return options;
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public TextWriter Progress(ParseResult parsed) => parsed.GetValue(_json) ? TextWriter.Null : Console.Error;
}
