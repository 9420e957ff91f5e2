#if PLANTED_BUGS
namespace Chat.Chaos.PlantedBugs;

/// <summary>
/// Which bug this process has on purpose. Compiled into the server only by <c>-p:PlantedBugs=true</c>, into an output directory of its own:
/// what is shipped holds none of it, and a test looks.
/// </summary>
internal static class PlantedBug
{
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("CHAT_PLANTED_BUG");

    /// <summary>
    /// Time that a bug leaves for its fault: what a slow disk would. Longer than what was sent takes to its reader on a busy machine.
    /// </summary>
    public static TimeSpan SlowDisk { get; } = TimeSpan.FromMilliseconds(250);

    public static bool Is(string name) => Chosen == name;
}
#endif
