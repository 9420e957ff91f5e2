using System.Globalization;
using System.Text;

namespace Chat.Simulation.Schedules;

/// <summary>A campaign in words: how fast, what happened in it how often, and what failed.</summary>
internal static class Report
{
    public static string Of(CampaignResult result)
    {
        StringBuilder text = new();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{result.Schedules:N0} schedules, {result.Failures.Count} failed, {result.Elapsed.TotalSeconds:F1} s "
                + $"({result.SchedulesPerSecond:F0}/s), {result.Steps / Math.Max(1, result.Schedules)} events each");
        foreach (Happening happening in Enum.GetValues<Happening>())
            text.AppendLine(CultureInfo.InvariantCulture, $"  {happening,-24} {result.Tally[happening],14:N0}");
        foreach (FailedSeed failure in result.Failures)
            text.AppendLine(CultureInfo.InvariantCulture, $"seed {failure.Seed}: {failure.Violation}");
        return text.ToString();
    }
}
