using System.Net;
using System.Net.Sockets;
using Chat.Server.Transport.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Transport.Sockets;

/// <summary>How a listener begins, hands over and ends.</summary>
[TestFixture]
[CancelAfter(20_000)]
[Platform("Linux")]
internal sealed class SocketListenerTests
{
    private SocketLoop _loop = null!;
    private SocketListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _loop = new SocketLoop(0, NullLogger.Instance);
        _listener = new SocketListener(new IPEndPoint(IPAddress.Loopback, 0), [_loop], acceptor: null, NullLogger.Instance);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _listener.DisposeAsync();
        _loop.Dispose();
    }

    [Test]
    public async Task Connections_are_handed_over_with_their_addresses(CancellationToken ct)
    {
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_listener.EndPoint, ct);

        await using ConnectionContext? connection = await _listener.AcceptAsync(ct);

        Assert.That(connection!.RemoteEndPoint, Is.EqualTo(client.LocalEndPoint));
        Assert.That(connection.LocalEndPoint, Is.EqualTo(client.RemoteEndPoint));
    }

    [Test]
    public void An_address_in_use_is_said_so()
    {
        Assert.That(
            () => new SocketListener((IPEndPoint)_listener.EndPoint, [_loop], acceptor: null, NullLogger.Instance),
            Throws.InstanceOf<AddressInUseException>());
    }

    [Test]
    public async Task An_unbound_listener_gives_nobody_and_refuses_who_comes(CancellationToken ct)
    {
        EndPoint at = _listener.EndPoint;
        await _listener.UnbindAsync(ct);
        await _listener.UnbindAsync(ct);

        Assert.That(await _listener.AcceptAsync(ct), Is.Null);
        using Socket late = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(async () => await late.ConnectAsync(at, ct), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task Connections_are_accepted_while_the_loop_is_held_up(CancellationToken ct)
    {
        using ManualResetEventSlim free = new();
        _loop.Work = new HeldWork(free);
        _loop.Wake();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await client.ConnectAsync(_listener.EndPoint, ct);
                await using ConnectionContext? connection = await _listener.AcceptAsync(ct);
                Assert.That(connection!.RemoteEndPoint, Is.EqualTo(client.LocalEndPoint));
            }
        }
        finally
        {
            free.Set();
        }
    }

    private sealed class HeldWork(ManualResetEventSlim free) : ILoopWork
    {
        public bool IsWaiting => false;

        public bool IsShort => false;

        public int LongestWait => -1;

        public void RunSome() => free.Wait();
    }
}
