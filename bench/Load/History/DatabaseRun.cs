using Chat.Load.Report;
using Chat.Storage.Managed;

namespace Chat.Load.History;

/// <summary>What the commands have in common that measure on a database of many messages.</summary>
internal static class DatabaseRun
{
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes the data directory, which PostgreSQL may enter: it runs as somebody else when we are root.</summary>
    public static void Prepare(DirectoryInfo directory)
    {
        directory.Create();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(directory.FullName, Passable);
    }

    /// <summary>Prints each result, and the bounds that it misses.</summary>
    /// <returns>The exit code: 1 for a bound that is missed, if they are checked; 2 where it could not be measured.</returns>
    public static async Task<int> ReportAsync(
        IAsyncEnumerable<HistoryResult> results, Func<HistoryResult, IEnumerable<Threshold>> thresholds, bool check)
    {
        bool kept = true;
        try
        {
            await foreach (HistoryResult result in results)
            {
                await Console.Out.WriteLineAsync(result.ToJson());
                foreach (Threshold missed in thresholds(result).Where(threshold => !threshold.IsKept))
                {
                    await Console.Error.WriteLineAsync($"MISSED: {missed}");
                    kept = false;
                }
            }

            return kept || !check ? 0 : 1;
        }
        catch (Exception refused) when (refused is InvalidOperationException or ManagedPostgresException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 2;
        }
    }
}
