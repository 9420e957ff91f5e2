namespace Chat.Sdk.Tests.Fakes;

/// <summary>A folder for one test.</summary>
public sealed class TempFolder : IDisposable
{
    private int _copies;

    public string Path { get; } = Directory.CreateTempSubdirectory("chat-sdk-").FullName;

    /// <summary>What the disk holds of a folder at this moment: all that a process leaves that is killed now.</summary>
    public string Copy(string folder)
    {
        string copy = Directory.CreateDirectory(System.IO.Path.Combine(Path, $"copy-{++_copies}")).FullName;
        foreach (string file in Directory.GetFiles(folder, "*.outbox*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, System.IO.Path.Combine(copy, System.IO.Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
