using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Chat.Server.Transport.Sockets;

/// <summary>What <see cref="Epoll"/> saw on a descriptor (epoll_ctl(2)).</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    Readable = 0x001,
    Writable = 0x004,
    Error = 0x008,
    HangUp = 0x010,
    PeerClosed = 0x2000,

    /// <summary>Tells of changes only: whoever is told must use the descriptor until it would block.</summary>
    EdgeTriggered = 0x8000_0000,
}

/// <summary>Waits for many descriptors at once, and for being woken by another thread (epoll(7), eventfd(2)).</summary>
/// <remarks><see cref="Wait"/> belongs to one thread; <see cref="Add"/>, <see cref="Remove"/> and <see cref="Wake"/> are thread-safe.</remarks>
internal sealed unsafe partial class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int OperationAdd = 1;
    private const int OperationRemove = 2;
    private const int MaxEvents = 512;
    private const long WakeTag = -1;

    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int EventBytes = IsPacked ? 12 : 16;

    private readonly int _descriptor;
    private readonly int _wake;
    private readonly byte* _events;

    public Epoll()
    {
        _descriptor = Check(epoll_create1(CloseOnExec));
        _wake = Check(eventfd(0, CloseOnExec | NonBlocking));
        _events = (byte*)NativeMemory.Alloc((nuint)(MaxEvents * EventBytes));
        Add(_wake, WakeTag, EpollEvents.Readable | EpollEvents.EdgeTriggered);
    }

    /// <param name="tag">Comes back with each event; not negative.</param>
    public void Add(int descriptor, long tag, EpollEvents events)
    {
        byte* record = stackalloc byte[16];
        *(uint*)record = (uint)events;
        *(long*)(record + EventBytes - sizeof(long)) = tag;
        Check(epoll_ctl(_descriptor, OperationAdd, descriptor, record));
    }

    public void Remove(int descriptor)
    {
        byte* record = stackalloc byte[16]; // kernels before 2.6.9 want one
        _ = epoll_ctl(_descriptor, OperationRemove, descriptor, record);
    }

    /// <summary>Waits until something happens, another thread calls <see cref="Wake"/>, or the time is over.</summary>
    /// <param name="milliseconds">0 only looks; −1 waits for ever.</param>
    /// <returns>How many events <see cref="Event"/> can tell.</returns>
    public int Wait(int milliseconds)
    {
        int count = epoll_wait(_descriptor, _events, MaxEvents, milliseconds);
        if (count >= 0) return count;

        int error = Marshal.GetLastPInvokeError();
        return error == LinuxSocket.Interrupted ? 0 : throw new Win32Exception(error, "epoll_wait failed");
    }

    /// <returns>False for the event that <see cref="Wake"/> made; there is nothing to do about it.</returns>
    public bool Event(int index, out long tag, out EpollEvents events)
    {
        byte* record = _events + (index * EventBytes);
        events = (EpollEvents)(*(uint*)record);
        tag = *(long*)(record + EventBytes - sizeof(long));
        return tag != WakeTag;
    }

    /// <summary>Ends the wait under way, or the next one.</summary>
    public void Wake()
    {
        // The counter is never read: edge-triggered, each write is an event of its own, and it cannot overflow within 2^64 wakes.
        ulong one = 1;
        _ = write(_wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        LinuxSocket.Close(_wake);
        LinuxSocket.Close(_descriptor);
        NativeMemory.Free(_events);
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), "A socket loop could not be set up");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* record);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, void* bytes, nint length);
}
