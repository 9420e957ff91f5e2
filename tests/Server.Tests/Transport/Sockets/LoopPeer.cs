using System.Net;
using System.Net.Sockets;
using Chat.Server.Transport.Sockets;

namespace Chat.Server.Tests.Transport.Sockets;

/// <summary>Both ends of one loopback connection: a plain socket, and ours on a loop.</summary>
internal sealed class LoopPeer : IDisposable
{
    private LoopPeer(Socket client, SocketConnection connection) => (Client, Connection) = (client, connection);

    public Socket Client { get; }

    public SocketConnection Connection { get; }

    public static async Task<LoopPeer> OpenAsync(SocketLoop loop, CancellationToken ct, int bufferBytes = 0)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (bufferBytes > 0) listener.SendBufferSize = bufferBytes; // what is accepted takes it over
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (bufferBytes > 0) client.ReceiveBufferSize = bufferBytes;
        await client.ConnectAsync(listener.LocalEndPoint!, ct);
        int descriptor = LinuxSocket.Accept((int)listener.SafeHandle.DangerousGetHandle(), out IPEndPoint? remote);
        Assert.That(descriptor, Is.GreaterThan(0));

        SocketConnection connection = new(descriptor, listener.LocalEndPoint, remote, loop);
        loop.Post(connection, SocketLoop.LoopAction.Adopt);
        return new LoopPeer(client, connection);
    }

    public Task SendAsync(byte[] bytes, CancellationToken ct) => Client.SendAsync(bytes, ct).AsTask();

    public void Dispose() => Client.Dispose();
}
