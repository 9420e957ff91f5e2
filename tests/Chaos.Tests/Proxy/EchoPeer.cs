using System.Net;
using System.Net.Sockets;

namespace Chat.Chaos.Tests.Proxy;

/// <summary>A server on loopback that sends back what it gets, and a client's end of connections to wherever the test says.</summary>
internal sealed class EchoPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _running;

    public EchoPeer()
    {
        _listener.Start();
        _running = RunAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public static async Task<Socket> ConnectAsync(int port, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, ct);
        return socket;
    }

    /// <summary>Reads exactly so many bytes, or fewer when the stream ends.</summary>
    public static async Task<byte[]> ReadAsync(Socket socket, int count, CancellationToken ct)
    {
        byte[] buffer = new byte[count];
        int read = 0, more;
        while (read < count && (more = await socket.ReceiveAsync(buffer.AsMemory(read), ct)) > 0) read += more;
        return buffer[..read];
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true) _ = EchoAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return; // the test is over
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            byte[] buffer = new byte[4_096];
            try
            {
                int read;
                while ((read = await socket.ReceiveAsync(buffer)) > 0) await socket.SendAsync(buffer.AsMemory(0, read));
            }
            catch (SocketException)
            {
                return; // reset: what some tests do
            }
        }
    }
}
