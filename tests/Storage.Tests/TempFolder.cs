namespace Chat.Storage.Tests;

/// <summary>A folder below /tmp that goes with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder(UnixFileMode mode = (UnixFileMode)0b111_101_101)
    {
        Path = Directory.CreateTempSubdirectory("chat-storage-").FullName;
        File.SetUnixFileMode(Path, mode);
    }

    public string Path { get; }

    public string Below(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
