using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Chat.EndToEnd.Tests;

/// <summary>The code in README.md is taken out of it and run, so that it works when copied.</summary>
[TestFixture]
[Category("e2e")]
internal sealed partial class ReadmeTests
{
    private static readonly string Root = FindRoot();

    [Test, CancelAfter(120_000)]
    public async Task The_TypeScript_lines_send_and_receive(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        string folder = Path.Combine(Root, "clients", "node_modules", ".readme");
        Directory.CreateDirectory(folder); // here '@chat/sdk' resolves as it does for a user who installed it
        string file = Path.Combine(folder, $"snippet-{Environment.ProcessId}.mjs");
        await File.WriteAllTextAsync(file, Snippet("ts", server.Url), ct);

        (int exitCode, string output) = await RunAsync("node", [file], ct);

        File.Delete(file);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match(@"stored as #\d+").And.Contain("Hello from twelve lines"));
    }

    [Test, CancelAfter(180_000)]
    public async Task The_CSharp_lines_send_and_receive(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        string folder = Directory.CreateTempSubdirectory("chat-readme-").FullName;
        string file = Path.Combine(folder, "snippet.cs");
        string project = Path.Combine(Root, "clients", "dotnet-sdk", "Sdk.csproj");
        await File.WriteAllTextAsync(file, $"#:project {project}\n#:property PublishAot=false\n{Snippet("csharp", server.Url)}", ct);

        (int exitCode, string output) = await RunAsync("dotnet", ["run", file], ct);

        Directory.Delete(folder, recursive: true);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match(@"stored as #\d+").And.Contain("Hello from twelve lines"));
    }

    private static string Snippet(string language, Uri url)
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        Match block = Regex.Match(readme, $"```{language}\n(.*?)```", RegexOptions.Singleline);
        Assert.That(block.Success, Is.True, $"README.md has a block of {language}");
        string code = block.Groups[1].Value;
        Assert.That(Lines().Count(code), Is.LessThanOrEqualTo(13), "it is promised to be short");
        return code.Replace("http://127.0.0.1:8080", url.ToString().TrimEnd('/'), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
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
