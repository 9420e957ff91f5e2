namespace Chat.Load.Processes;

/// <summary>Where the things lie that a run starts: this program is run from its build folder inside the source tree.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string ServerProgram => Path.Combine(Root, "src/Server/bin/Release/net10.0/Chat.Server.dll");

    public static string Peers => Path.Combine(Root, "bench/Peers");

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Chat.sln"))) return folder;
        throw new DirectoryNotFoundException($"No Chat.sln lies above '{AppContext.BaseDirectory}': run the load suite from the source tree, with ./chat bench.");
    }
}
