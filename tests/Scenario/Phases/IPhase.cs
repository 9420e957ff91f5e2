using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>A part of the day. Another one is a file here and its line in <see cref="Day"/>.</summary>
internal interface IPhase
{
    /// <summary>What happens in it, for people.</summary>
    string Title { get; }

    Task RunAsync(DayStage stage, CancellationToken ct);
}
