namespace Chat.Storage.Managed;

/// <summary>Finds programs by their name, as a shell does, and where Debian keeps those of administrators besides.</summary>
public static class SearchPath
{
    /// <summary>The program's file; null when there is none of this name.</summary>
    public static string? Find(string program)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':').Append("/usr/sbin"))
            if (folder.Length > 0 && Path.Combine(folder, program) is { } file && File.Exists(file)) return file;
        return null;
    }

    public static bool Has(string program) => Find(program) is not null;
}
