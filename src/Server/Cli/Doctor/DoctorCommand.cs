using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Server.Cli.Doctor;

/// <summary><c>doctor</c>: looks at everything a server needs and says what is wrong and how to mend it. Exit code 1 when there is a fault.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Check settings, database, disk, limits, port and page; explain what is wrong.");
        SettingOptions options = SettingOptions.AddWithAddressTo(command);
        Option<bool> json = new("--json") { Description = "Print one JSON document." };
        Option<bool> production = new("--production") { Description = "Judge for production instead of development." };
        command.Options.Add(json);
        command.Options.Add(production);
        command.SetAction(async (parsed, ct) =>
        {
            List<Finding> findings = await Checks.RunAsync(options.Overrides(parsed), isDevelopment: !parsed.GetValue(production), ct);
            await Console.Out.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(findings, DoctorJson.Default.ListFinding)
                : Readable(findings));
            return findings.Exists(finding => finding.Verdict == Verdict.Fault) ? 1 : 0;
        });
        return command;
    }

    private static string Readable(List<Finding> findings)
    {
        IEnumerable<string> lines = findings.Select(finding =>
        {
            string mark = finding.Verdict switch { Verdict.Good => "ok     ", Verdict.Warning => "warning", _ => "FAULT  " };
            string remedy = finding.Remedy.Length == 0 ? "" : Environment.NewLine + new string(' ', 10) + "→ " + finding.Remedy;
            return $"  {mark} {finding.Check}: {finding.Found}{remedy}";
        });
        return string.Join(Environment.NewLine, lines);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(List<Finding>))]
internal sealed partial class DoctorJson : JsonSerializerContext;
