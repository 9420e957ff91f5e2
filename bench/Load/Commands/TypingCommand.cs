using System.CommandLine;

using Chat.Load.Report;
using Chat.Load.Scenarios;
using Chat.Load.Traffic;

namespace Chat.Load.Commands;

/// <summary><c>typing</c>: ephemeral pushes in chats of any number and size.</summary>
internal static class TypingCommand
{
    public static Command Create()
    {
        Command command = new("typing", "Ephemeral pushes in chats of one size: set_typing of one member, typing for the others.");
        SimulationOptions simulation = SimulationOptions.AddTo(command, hasPayload: false);
        TargetOptions target = TargetOptions.AddTo(command);
        ReportOptions report = ReportOptions.AddWithReportTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            List<string> faults = [.. target.Validate(parsed)];
            if (simulation.Read(parsed, faults) is not { } wanted) return await Outcome.RefuseAsync(faults);

            wanted = wanted with { PayloadBytes = Marker.Bytes };
            TextWriter progress = report.Progress(parsed);
            LoadResult result = await target.UseAsync(parsed, progress, found => new ChatScenario(found, wanted, progress).RunTypingAsync(ct), ct);
            await report.WriteAsync(parsed, [result], ct);
            return await Outcome.PrintAsync(result);
        });
        return command;
    }
}
