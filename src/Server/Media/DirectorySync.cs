using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Chat.Server.Media;

/// <summary>Makes names that were added to or taken from a directory survive a loss of power, fsync(2). .NET opens no
/// directories.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnlyDirectory = 0x80000 | 0x10000; // O_CLOEXEC | O_DIRECTORY of x86-64
    private const int ReadOnlyDirectoryArm = 0x80000 | 0x4000; // O_DIRECTORY differs on ARM

    /// <summary>Returns when the directory is on disk. Blocks; throws <see cref="IOException"/> when the system refuses.</summary>
    public static void Sync(string directory)
    {
        bool arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
        using SafeFileHandle handle = Open(directory, arm ? ReadOnlyDirectoryArm : ReadOnlyDirectory);
        if (handle.IsInvalid || Fsync(handle) != 0)
            throw new IOException($"{directory} cannot be synced.", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle handle);
}
