using System.Globalization;

using Chat.Load.Engine;

namespace Chat.Chaos.Cluster;

/// <summary>Signals that this suite sends, by process id, and what the kernel tells of a process.</summary>
internal static class Signals
{
    public const int Quit = 3;
    public const int Kill = 9;
    public const int User1 = 10;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal; a process that is gone is no fault.</summary>
    public static void Send(int processId, int signal) => _ = Libc.Kill(processId, signal);

    /// <summary>The processes whose parent is this one.</summary>
    public static IReadOnlyList<int> ChildrenOf(int processId)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{processId}/children");
        try
        {
            return [.. File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Descriptors that it has open; 0 when it is gone.</summary>
    public static int OpenFiles(int processId)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd");
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Count();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
