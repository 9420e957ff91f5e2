using Chat.Server.Transport.Sockets;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>The descriptors of this process, from <c>/proc</c>; zero where the system has none.</summary>
internal static class Descriptors
{
    private const string Folder = "/proc/self/fd";

    public static int Open => Directory.Exists(Folder) ? Directory.EnumerateFileSystemEntries(Folder).Count() : 0;

    public static int Limit => OperatingSystem.IsLinux() ? LinuxSocket.MaxDescriptors() : 0;
}
