namespace Chat.Architecture.Tests;

/// <summary>The source tree that this test project was built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Tracked kinds of source below the given folders, without what builds leave behind.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)).Where(IsSource);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsSource(string path)
    {
        string[] parts = Relative(path).Split('/');
        return !parts.Any(part => part is "bin" or "obj" or "node_modules" or "dist" or ".data" or ".tools" or "artifacts" or "test-results");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Chat.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("Chat.sln is in no folder above the tests: run them from the source tree.");
    }
}
