using Chat.Protocol.Framing;

namespace Chat.Fuzz.Engine;

/// <summary>Inputs kept in the tree: the beginnings that are mutated, and every input that once failed, under a name that says
// why.</summary>
internal static class Corpus
{
    public static IReadOnlyList<string> Files(string target)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "corpus", target);
        if (!Directory.Exists(folder)) return [];
        string[] files = Directory.GetFiles(folder, "*.bin");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    public static IReadOnlyList<byte[]> Read(string target) => [.. Files(target).Select(File.ReadAllBytes)];

    /// <summary>Bodies of the golden frames that every client is tested with, <c>tests/vectors</c>.</summary>
    public static IEnumerable<byte[]> FrameBodies() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "vectors"), "*.bin", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .Where(frame => frame.Length > FrameReader.HeaderBytes)
            .Select(frame => frame[FrameReader.HeaderBytes..]);
}
