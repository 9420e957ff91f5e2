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
    public async Task An_unbound_listener_gives_nobody_and_keeps_no_loop_awake(CancellationToken ct)
    {
        await _listener.UnbindAsync(ct);

        _listener.AcceptSome(); // an event that was under way

        Assert.That(await _listener.AcceptAsync(ct), Is.Null);
        Assert.That(_listener.RetryMilliseconds, Is.Null);
    }
}
