using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Chat.EndToEnd.Tests;

/// <summary>Code that stands in a README, taken out of it to be run.</summary>
internal static partial class Snippets
{
    public static string Root { get; } = FindRoot();

    /// <summary>The first block of a language, at most 13 lines of it, turned to a server.</summary>
    /// <param name="readme">The file, from the root of the source tree.</param>
    /// <param name="language">As it stands behind the fence.</param>
    /// <param name="url">In the place of the address that the README names.</param>
    public static string Read(string readme, string language, Uri url)
    {
        string text = File.ReadAllText(Path.Combine(Root, readme));
        Match block = Regex.Match(text, $"```{language}\n(.*?)```", RegexOptions.Singleline);
        Assert.That(block.Success, Is.True, $"{readme} has a block of {language}");
        string code = block.Groups[1].Value;
        Assert.That(Lines().Count(code), Is.LessThanOrEqualTo(13), "it is promised to be short");
        return code.Replace("http://127.0.0.1:8080", url.ToString().TrimEnd('/'), StringComparison.Ordinal);
    }

    /// <summary>Runs a program to its end; what it says on both streams.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, string? folder = null, CancellationToken ct = default)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(ct), error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output + await error);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Chat.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("Chat.sln is in no folder above the tests: run them from the source tree.");
    }

    [GeneratedRegex(@"\S.*\n")]
    private static partial Regex Lines();
}
