namespace Chat.Protocol.Tests.Support;

/// <summary>Files that the build puts beside the test assembly.</summary>
internal static class Files
{
    public static string Spec => File.ReadAllText(Path("protocol-spec.md"));

    public static string Path(params string[] parts) => System.IO.Path.Combine([AppContext.BaseDirectory, .. parts]);

    /// <summary>Names of a vectors folder's files without their last extension, e.g. <c>send_message.reply</c>.</summary>
    public static IEnumerable<string> VectorNames(string folder) =>
        Directory.EnumerateFiles(Path("vectors", folder), "*.json")
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);
}
