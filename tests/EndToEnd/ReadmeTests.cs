namespace Chat.EndToEnd.Tests;

/// <summary>The code in README.md is taken out of it and run, so that it works when copied.</summary>
[TestFixture]
[Category("e2e")]
internal sealed class ReadmeTests
{
    [Test, CancelAfter(120_000)]
    public async Task The_TypeScript_lines_send_and_receive(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        string folder = Path.Combine(Snippets.Root, "clients", "node_modules", ".readme");
        Directory.CreateDirectory(folder); // here '@chat/sdk' resolves as it does for a user who installed it
        string file = Path.Combine(folder, $"snippet-{Environment.ProcessId}.mjs");
        await File.WriteAllTextAsync(file, Snippets.Read("README.md", "ts", server.Url), ct);

        (int exitCode, string output) = await Snippets.RunAsync("node", [file], ct: ct);

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
        string project = Path.Combine(Snippets.Root, "clients", "dotnet-sdk", "Sdk.csproj");
        await File.WriteAllTextAsync(file, $"#:project {project}\n#:property PublishAot=false\n{Snippets.Read("README.md", "csharp", server.Url)}", ct);

        (int exitCode, string output) = await Snippets.RunAsync("dotnet", ["run", file], ct: ct);

        Directory.Delete(folder, recursive: true);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match(@"stored as #\d+").And.Contain("Hello from twelve lines"));
    }
}
