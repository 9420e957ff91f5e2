using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Chat.Server.Transport.Sockets;

/// <summary>The few system calls of a non-blocking TCP socket, without the framework's queues and pinned buffers (ADR 0013).</summary>
/// <remarks>Descriptors are plain numbers: whoever calls makes sure that it was not closed meanwhile, or the number may be another's.</remarks>
internal static unsafe partial class LinuxSocket
{
    public const int WouldBlock = 11; // EAGAIN
    public const int Interrupted = 4; // EINTR
    public const int BadDescriptor = 9; // EBADF
    public const int TooManyInProcess = 24; // EMFILE
    public const int TooManyInSystem = 23; // ENFILE
    public const int OutOfMemory = 12; // ENOMEM
    public const int OutOfBuffers = 105; // ENOBUFS

    private const int NonBlockingCloseOnExec = 0x800 | 0x80000; // SOCK_NONBLOCK | SOCK_CLOEXEC
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL: a send on a dead connection is an error, not a signal
    private const int Tcp = 6;
    private const int NoDelay = 1;
    private const int Inet6 = 10;
    private const int MaxAddressBytes = 28; // sockaddr_in6

    /// <summary>Takes the next connection off a listening socket.</summary>
    /// <returns>Its descriptor, non-blocking and without Nagle's delay; negative: the error, negated.</returns>
    public static int Accept(int listener, out IPEndPoint? remote)
    {
        byte* address = stackalloc byte[MaxAddressBytes];
        int length = MaxAddressBytes;
        int descriptor = accept4(listener, address, &length, NonBlockingCloseOnExec);
        if (descriptor < 0)
        {
            remote = null;
            return -Marshal.GetLastPInvokeError();
        }

        int on = 1;
        _ = setsockopt(descriptor, Tcp, NoDelay, &on, sizeof(int)); // a wish: without it the connection works, only later
        remote = ReadAddress(new ReadOnlySpan<byte>(address, Math.Clamp(length, 0, MaxAddressBytes)));
        return descriptor;
    }

    /// <summary>How many descriptors this process may have open (getrlimit(2)).</summary>
    public static int MaxDescriptors()
    {
        const int OpenFiles = 7; // RLIMIT_NOFILE
        ulong* limit = stackalloc ulong[2];
        return getrlimit(OpenFiles, limit) == 0 && limit[0] < int.MaxValue ? (int)limit[0] : int.MaxValue;
    }

    /// <returns>Bytes received; 0 at the peer's end; negative: the error, negated.</returns>
    public static int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* to = buffer)
        {
            nint received = recv(descriptor, to, buffer.Length, 0);
            return received >= 0 ? (int)received : -Marshal.GetLastPInvokeError();
        }
    }

    /// <returns>Bytes taken by the kernel; negative: the error, negated.</returns>
    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
        {
            nint sent = send(descriptor, from, bytes.Length, NoSignal);
            return sent >= 0 ? (int)sent : -Marshal.GetLastPInvokeError();
        }
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    public static SocketException ToException(int error) => new(ToSocketError(error));

    private static int ToSocketError(int error) => (int)(error switch
    {
        104 => SocketError.ConnectionReset, // ECONNRESET
        32 => SocketError.Shutdown, // EPIPE
        110 => SocketError.TimedOut, // ETIMEDOUT
        113 => SocketError.HostUnreachable, // EHOSTUNREACH
        103 => SocketError.ConnectionAborted, // ECONNABORTED
        _ => SocketError.SocketError,
    });

    private static IPEndPoint? ReadAddress(ReadOnlySpan<byte> address)
    {
        if (address.Length < 16) return null;

        int port = (address[2] << 8) | address[3];
        bool isV6 = BitConverter.ToUInt16(address) == Inet6 && address.Length == MaxAddressBytes;
        return new IPEndPoint(new IPAddress(isV6 ? address.Slice(8, 16) : address.Slice(4, 4)), port);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int descriptor, byte* address, int* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int name, int* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, ulong* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
