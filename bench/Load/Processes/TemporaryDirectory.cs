namespace Chat.Load.Processes;

/// <summary>A directory for one run's data.</summary>
internal static class TemporaryDirectory
{
    /// <summary>Others may pass through but not look: PostgreSQL runs as another user when this one is root.</summary>
    public static string Create(string prefix = "chat-bench-")
    {
        string directory = Directory.CreateTempSubdirectory(prefix).FullName;
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        return directory;
    }
}
