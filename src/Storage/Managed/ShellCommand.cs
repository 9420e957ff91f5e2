using System.Diagnostics;

namespace Chat.Storage.Managed;

internal readonly record struct ShellResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs a small program to its end and keeps what it said.</summary>
internal static class ShellCommand
{
    /// <summary>Exit code for a program that could not be started at all, as a shell has it.</summary>
    public const int NotFound = 127;

    public static async Task<ShellResult> RunAsync(IReadOnlyList<string> command, CancellationToken ct)
    {
        using var process = new Process { StartInfo = CreateStartInfo(command) };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return new ShellResult(NotFound, $"{command[0]}: {exception.Message}");
        }

        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(ct);
        Task<string> errors = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new ShellResult(process.ExitCode, (await output + await errors).Trim());
    }

    /// <summary>All three streams redirected, and none of the PG… variables that would change what PostgreSQL's programs do.</summary>
    public static ProcessStartInfo CreateStartInfo(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(SearchPath.Find(command[0]) ?? command[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        for (int i = 1; i < command.Count; i++)
            start.ArgumentList.Add(command[i]);
        foreach (string name in start.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
