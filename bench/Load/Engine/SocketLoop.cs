using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Chat.Load.Engine;

/// <summary>
/// All connections of a run on one thread: non-blocking sockets behind one epoll, one receive buffer for all, nothing allocated a frame. The
/// generator shares its cores with what it measures, so what it costs is what it hides. Not thread-safe.
/// </summary>
internal sealed unsafe class SocketLoop : IDisposable
{
    private const int ReceiveBytes = 512 * 1_024; // more than the largest message of a server, 262,148 bytes (protocol-spec.md §2.4)
    private const int MaxMessageBytes = 16 << 20; // in fragments
    private const int MaxEvents = 1_024;
    private const int ConnectionsAnAddress = 10_000; // well below the ports that one source address has to one destination

    private readonly byte* _receive = (byte*)NativeMemory.Alloc(ReceiveBytes);
    private readonly byte* _events = (byte*)NativeMemory.Alloc((nuint)(MaxEvents * Libc.EpollEventBytes));
    private readonly LoadConnection[] _connections;
    private readonly IConnectionSink _sink;
    private readonly IReadOnlyList<IPEndPoint> _servers;
    private readonly int _epoll;
    private bool _hasFineWait = true;

    /// <param name="servers">IPv4; each connection says which is its own.</param>
    /// <param name="connections">Each at the place of its index.</param>
    /// <param name="sink">Called from <see cref="Poll"/> and <see cref="Send"/> only.</param>
    public SocketLoop(IReadOnlyList<IPEndPoint> servers, LoadConnection[] connections, IConnectionSink sink)
    {
        (_servers, _connections, _sink) = (servers, connections, sink);
        _epoll = Libc.EpollCreate(Libc.EpollCloseOnExec);
        if (_epoll < 0) throw new IOException($"epoll is not to be had: {Reason()}.");
    }

    /// <summary>Connections on their way to <see cref="ConnectionState.Open"/>.</summary>
    public int Opening { get; private set; }

    /// <summary>Pings of the server that were answered.</summary>
    public long Pongs { get; private set; }

    /// <summary>Begins to connect. It ends in <see cref="IConnectionSink.OnOpen"/> or <see cref="IConnectionSink.OnClosed"/>.</summary>
    /// <exception cref="IOException">No socket, or no port, is to be had.</exception>
    public void Open(LoadConnection connection)
    {
        int descriptor = Libc.Socket(Libc.AddressFamilyInternet, Libc.StreamNonBlockingCloseOnExec, 0);
        if (descriptor < 0) throw new IOException($"Connection {connection.Index} has no socket: {Reason()}.");

        connection.Descriptor = descriptor;
        connection.CarryBytes = connection.BacklogBytes = 0;
        int one = 1;
        _ = Libc.SetOption(descriptor, Libc.LevelTcp, Libc.TcpNoDelay, &one, sizeof(int)); // can only make it slower
        if (connection.HasSmallBuffers) MakeSmall(descriptor);
        IPEndPoint to = _servers[connection.Server];
        if (_connections.Length > ConnectionsAnAddress && IPAddress.IsLoopback(to.Address)) BindSource(connection);

        Libc.SocketAddress server = Address(to.Address, to.Port);
        int connected = Libc.Connect(descriptor, &server, (uint)sizeof(Libc.SocketAddress));
        if (connected != 0 && Marshal.GetLastPInvokeError() != Libc.InProgress)
        {
            string why = Reason();
            _ = Libc.Close(descriptor);
            connection.Descriptor = -1;
            throw new IOException($"Connection {connection.Index} cannot be opened to {to}: {why}.");
        }

        connection.State = ConnectionState.Connecting;
        Opening++;
        Watch(connection);
    }

    /// <summary>Sends whole WebSocket frames at once; what the socket does not take is kept and sent when it does.</summary>
    public void Send(LoadConnection connection, ReadOnlySpan<byte> bytes)
    {
        if (connection.State == ConnectionState.Closed) return;

        if (connection.BacklogBytes == 0)
        {
            int sent = SendNow(connection, bytes);
            if (sent == bytes.Length || sent < 0) return;

            bytes = bytes[sent..];
        }

        int needed = connection.BacklogBytes + bytes.Length;
        if (connection.Backlog.Length < needed)
        {
            byte[] larger = new byte[Math.Max(needed, connection.Backlog.Length * 2)];
            connection.Backlog.AsSpan(0, connection.BacklogBytes).CopyTo(larger);
            connection.Backlog = larger;
        }

        bytes.CopyTo(connection.Backlog.AsSpan(connection.BacklogBytes));
        connection.BacklogBytes = needed;
    }

    /// <summary>Handles what has happened, waiting at most this long for the first of it.</summary>
    /// <param name="nanoseconds">Zero or less does not wait.</param>
    public void Poll(long nanoseconds)
    {
        int count = Wait(Math.Max(0, nanoseconds));
        for (int i = 0; i < count; i++)
        {
            byte* occurred = _events + (i * Libc.EpollEventBytes);
            uint flags = *(uint*)occurred;
            LoadConnection connection = _connections[*(int*)(occurred + Libc.EpollDataAt)];
            if ((flags & Libc.EpollOut) != 0 && (connection.BacklogBytes > 0 || connection.State == ConnectionState.Connecting)) OnWritable(connection);
            bool isEnding = (flags & (Libc.EpollReadEnded | Libc.EpollFailed)) != 0;
            if (connection.State > ConnectionState.Connecting && (isEnding || (flags & Libc.EpollIn) != 0)) OnReadable(connection, isEnding);
        }
    }

    /// <summary>Ends a connection from this side, without a word to its sink.</summary>
    public void Close(LoadConnection connection)
    {
        if (connection.State == ConnectionState.Closed) return;
        if (connection.State != ConnectionState.Open) Opening--;

        connection.State = ConnectionState.Closed;
        connection.IsReady = false;
        _ = Libc.Close(connection.Descriptor); // leaves the epoll by itself
        connection.Descriptor = -1;
    }

    public void Dispose()
    {
        foreach (LoadConnection connection in _connections) Close(connection);
        _ = Libc.Close(_epoll);
        NativeMemory.Free(_receive);
        NativeMemory.Free(_events);
    }

    private int Wait(long nanoseconds)
    {
        int count;
        if (_hasFineWait)
        {
            Libc.TimeSpecification time = new() { Seconds = nanoseconds / Clock.Second, Nanoseconds = nanoseconds % Clock.Second };
            count = Libc.EpollWaitFinely(_epoll, _events, MaxEvents, &time, null);
            if (count >= 0) return count;

            _hasFineWait = Marshal.GetLastPInvokeError() != Libc.NoSuchCall; // before Linux 5.11
            if (_hasFineWait && Marshal.GetLastPInvokeError() != Libc.Interrupted) throw new IOException($"epoll failed: {Reason()}.");
            return 0;
        }

        count = Libc.EpollWait(_epoll, _events, MaxEvents, (int)Math.Min(int.MaxValue, (nanoseconds + 999_999) / 1_000_000));
        if (count < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted) throw new IOException($"epoll failed: {Reason()}.");
        return Math.Max(0, count);
    }

    private void OnWritable(LoadConnection connection)
    {
        if (connection.State == ConnectionState.Connecting)
        {
            int error = 0;
            uint bytes = sizeof(int);
            _ = Libc.GetOption(connection.Descriptor, Libc.LevelSocket, Libc.SocketError, &error, &bytes);
            if (error != 0)
            {
                End(connection, Marshal.GetPInvokeErrorMessage(error));
                return;
            }

            connection.State = ConnectionState.Upgrading;
            Send(connection, Encoding.ASCII.GetBytes(
                $"GET {_sink.PathOf(connection)} HTTP/1.1\r\nHost: {_servers[connection.Server]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
            return;
        }

        int sent = SendNow(connection, connection.Backlog.AsSpan(0, connection.BacklogBytes));
        if (sent < 0) return;

        connection.BacklogBytes -= sent;
        connection.Backlog.AsSpan(sent, connection.BacklogBytes).CopyTo(connection.Backlog);
    }

    /// <returns>Bytes taken, all unless the socket refuses more; −1 when the connection has ended.</returns>
    private int SendNow(LoadConnection connection, ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        fixed (byte* first = bytes)
        {
            while (taken < bytes.Length)
            {
                nint sent = Libc.Send(connection.Descriptor, first + taken, (nuint)(bytes.Length - taken), Libc.NoSignal);
                if (sent >= 0)
                {
                    taken += (int)sent;
                    continue;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == Libc.Again) return taken;
                if (error == Libc.Interrupted) continue;

                End(connection, Marshal.GetPInvokeErrorMessage(error));
                return -1;
            }
        }

        return taken;
    }

    // The end of a connection has no event of its own when it came with the last bytes: then it is read up to.
    private void OnReadable(LoadConnection connection, bool isEnding)
    {
        int have = connection.CarryBytes;
        if (have > 0) connection.Carry.AsSpan(0, have).CopyTo(new Span<byte>(_receive, ReceiveBytes));
        connection.CarryBytes = 0;
        while (true)
        {
            int room = ReceiveBytes - have;
            nint read = Libc.Receive(connection.Descriptor, _receive + have, (nuint)room, 0);
            if (read <= 0)
            {
                int error = read < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (error == Libc.Interrupted) continue;
                if (error == Libc.Again) break;

                End(connection, read == 0 ? "the other side ended the connection" : Reason());
                return;
            }

            have += (int)read;
            int used = Take(connection, new ReadOnlySpan<byte>(_receive, have), Clock.Now);
            if (connection.State == ConnectionState.Closed) return;

            have -= used;
            if (have > 0 && used > 0) Buffer.MemoryCopy(_receive + used, _receive, ReceiveBytes, have);
            if (read < room && !isEnding) break;
        }

        if (have == 0) return;
        if (connection.Carry.Length < have) connection.Carry = new byte[Math.Max(have, connection.Carry.Length * 2)];
        new ReadOnlySpan<byte>(_receive, have).CopyTo(connection.Carry);
        connection.CarryBytes = have;
    }

    /// <returns>Bytes consumed; the rest is the front of a frame.</returns>
    private int Take(LoadConnection connection, ReadOnlySpan<byte> input, long now)
    {
        int at = 0;
        if (connection.State == ConnectionState.Upgrading)
        {
            int end = input.IndexOf("\r\n\r\n"u8);
            if (end < 0) return 0;
            if (!input.StartsWith("HTTP/1.1 101"u8))
            {
                End(connection, $"the upgrade was refused: {Encoding.ASCII.GetString(input[..Math.Min(end, 200)])}");
                return 0;
            }

            at = end + 4;
            connection.State = ConnectionState.Open;
            Opening--;
            _sink.OnOpen(connection);
        }

        while (connection.State == ConnectionState.Open
            && WebSocketFrame.TryCut(input[at..], out WebSocketFrame frame, out int frameBytes))
        {
            at += frameBytes;
            switch (frame.Opcode)
            {
                case WebSocketFrame.Binary or WebSocketFrame.Text when frame.IsFinal:
                    _sink.OnMessage(connection, frame.Payload, now);
                    break;
                case WebSocketFrame.Binary or WebSocketFrame.Text or WebSocketFrame.Continuation:
                    TakeFragment(connection, frame, now);
                    break;
                case WebSocketFrame.Ping:
                    SendPong(connection, frame.Payload);
                    break;
                case WebSocketFrame.Close:
                    End(connection, frame.DescribeClose());
                    break;
                default:
                    End(connection, $"a WebSocket frame of opcode {frame.Opcode}, which is not known");
                    break;
            }
        }

        return at;
    }

    // Our server never sends fragments, SignalR does when it falls behind: rare enough for a copy.
    private void TakeFragment(LoadConnection connection, WebSocketFrame frame, long now)
    {
        if (frame.Opcode != WebSocketFrame.Continuation) connection.FragmentBytes = 0;
        int have = connection.FragmentBytes;
        int needed = have + frame.Payload.Length;
        if (needed > MaxMessageBytes)
        {
            End(connection, $"a message of more than {MaxMessageBytes} bytes");
            return;
        }

        if (connection.Fragments.Length < needed)
        {
            byte[] larger = new byte[Math.Max(needed, connection.Fragments.Length * 2)];
            connection.Fragments.AsSpan(0, have).CopyTo(larger);
            connection.Fragments = larger;
        }

        frame.Payload.CopyTo(connection.Fragments.AsSpan(have));
        connection.FragmentBytes = needed;
        if (frame.IsFinal) _sink.OnMessage(connection, connection.Fragments.AsSpan(0, needed), now);
    }

    private void SendPong(LoadConnection connection, ReadOnlySpan<byte> payload)
    {
        Span<byte> pong = stackalloc byte[ClientFrame.MaxControlBytes];
        if (payload.Length + ClientFrame.MaxHeaderBytes > pong.Length) End(connection, "a ping that is longer than RFC 6455 allows");
        else Send(connection, pong[..ClientFrame.WritePong(pong, payload)]);
        Pongs++;
    }

    private void End(LoadConnection connection, string why)
    {
        if (connection.State == ConnectionState.Closed) return;

        Close(connection);
        _sink.OnClosed(connection, why);
    }

    // Edge-triggered: the kernel then does not look at each socket a second time after its event (in a room of 1,000 its polling went from 10
    // to 8 % of the generator's time), and the set never changes. In return a socket is read until a read falls short, and written until it refuses (epoll(7)).
    private void Watch(LoadConnection connection)
    {
        byte* change = stackalloc byte[16];
        *(uint*)change = Libc.EpollIn | Libc.EpollOut | Libc.EpollReadEnded | Libc.EpollEdge;
        *(long*)(change + Libc.EpollDataAt) = connection.Index;
        if (Libc.EpollControl(_epoll, Libc.EpollAdd, connection.Descriptor, change) != 0)
            throw new IOException($"Connection {connection.Index} cannot be watched: {Reason()}.");
    }

    // Both are wishes: without them the buffers only fill later.
    private static void MakeSmall(int descriptor)
    {
        int buffer = 4_096, segment = 1_400;
        _ = Libc.SetOption(descriptor, Libc.LevelSocket, Libc.SocketReceiveBuffer, &buffer, sizeof(int));
        _ = Libc.SetOption(descriptor, Libc.LevelTcp, Libc.TcpMaxSegment, &segment, sizeof(int));
    }

    // A port is only chosen at connect, where the same one serves for two destinations.
    private void BindSource(LoadConnection connection)
    {
        int one = 1;
        _ = Libc.SetOption(connection.Descriptor, Libc.LevelIp, Libc.IpBindAddressNoPort, &one, sizeof(int)); // fewer ports without
        IPAddress source = new([127, 0, 0, (byte)(1 + (connection.Index / ConnectionsAnAddress))]);
        Libc.SocketAddress address = Address(source, 0);
        if (Libc.Bind(connection.Descriptor, &address, (uint)sizeof(Libc.SocketAddress)) != 0)
            throw new IOException($"Connection {connection.Index} cannot come from {source}: {Reason()}.");
    }

    private static Libc.SocketAddress Address(IPAddress address, int port) => new()
    {
        Family = Libc.AddressFamilyInternet,
        Port = (ushort)IPAddress.HostToNetworkOrder((short)port),
        Address = BitConverter.ToUInt32(address.GetAddressBytes()),
    };

    private static string Reason() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}
