using System.Globalization;

using Chat.Load.Processes;
using Chat.Storage.Managed;

namespace Chat.Chaos.Cluster;

/// <summary>
/// A build of an older state of the source, beside the one under test: of the last release's tag, or, while there is none, of the parent
/// commit under another version number. Kept below .tools, by commit.
/// </summary>
internal static class OldServer
{
    private const string OldVersion = "0.0.1";

    /// <returns>Its program.</returns>
    /// <exception cref="NotSupportedException">There is no older state here; the message says why.</exception>
    public static async Task<(string Program, string Commit)> BuildAsync(CancellationToken ct)
    {
        ShellResult tag = await GitAsync(["describe", "--tags", "--abbrev=0"], ct);
        ShellResult commit = await GitAsync(["rev-parse", "--short=12", tag.Succeeded ? tag.Output : "HEAD~1"], ct);
        if (!commit.Succeeded) throw new NotSupportedException($"the older state of the source cannot be found: {commit.Output}");

        string folder = Path.Combine(Repository.Root, ".tools", "chaos", commit.Output);
        string program = Path.Combine(folder, "src/Server/bin/Release/net10.0/Chat.Server.dll");
        if (File.Exists(program)) return (program, commit.Output);

        Directory.CreateDirectory(folder);
        ShellResult unpacked = await ShellCommand.RunAsync(
            ["sh", "-c", "git -C \"$1\" archive \"$2\" | tar -x -C \"$3\"", "sh", Repository.Root, commit.Output, folder], ct);
        if (!unpacked.Succeeded) throw new NotSupportedException($"the older state of the source cannot be unpacked: {unpacked.Output}");
        await ChildProcess.RunAsync(
            "dotnet",
            [
                "build", Path.Combine(folder, "src/Server/Server.csproj"), "-c", "Release", "--nologo", "-v", "quiet",
                string.Create(CultureInfo.InvariantCulture, $"-p:Version={OldVersion}")
            ],
            folder, ct);
        return (program, commit.Output);
    }

    private static Task<ShellResult> GitAsync(IReadOnlyList<string> arguments, CancellationToken ct) =>
        ShellCommand.RunAsync(["git", "-C", Repository.Root, .. arguments], ct);
}
