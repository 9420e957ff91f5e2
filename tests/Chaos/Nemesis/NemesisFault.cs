namespace Chat.Chaos.Nemesis;

/// <summary>One thing that can be broken and healed again.</summary>
/// <param name="Name">For the history and the log.</param>
/// <param name="Target">What it takes: two faults of one target never run at once.</param>
/// <param name="BreakAndHealAsync">Breaks it, waits for the given time, and heals it, also when it is cancelled meanwhile.</param>
internal sealed record NemesisFault(string Name, string Target, Func<TimeSpan, CancellationToken, Task> BreakAndHealAsync);
