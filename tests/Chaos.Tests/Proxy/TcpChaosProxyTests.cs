using System.Diagnostics;
using System.Net.Sockets;
using Chat.Chaos.Proxy;

namespace Chat.Chaos.Tests.Proxy;

[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TcpChaosProxyTests : IAsyncDisposable
{
    private static readonly byte[] Hello = "hello, world"u8.ToArray();

    private readonly EchoPeer _server = new();
    private readonly TcpChaosProxy _proxy;

    public TcpChaosProxyTests() => _proxy = new TcpChaosProxy(_server.EndPoint);

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test, CancelAfter(20_000)]
    public async Task A_good_link_passes_bytes_both_ways(CancellationToken ct)
    {
        using Socket client = await EchoPeer.ConnectAsync(_proxy.Port, ct);

        await client.SendAsync(Hello, ct);

        Assert.That(await EchoPeer.ReadAsync(client, Hello.Length, ct), Is.EqualTo(Hello));
        Assert.That(_proxy.Accepted, Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_slow_link_keeps_bytes_for_its_delay_and_their_order(CancellationToken ct)
    {
        _proxy.BothWays = new LinkConditions { Delay = TimeSpan.FromMilliseconds(100), Jitter = TimeSpan.FromMilliseconds(50) };
        using Socket client = await EchoPeer.ConnectAsync(_proxy.Port, ct);
        long began = Stopwatch.GetTimestamp();

        byte[] sent = [.. Enumerable.Range(0, 50).Select(n => (byte)n)];
        foreach (byte one in sent) await client.SendAsync(new[] { one }, ct);

        Assert.That(await EchoPeer.ReadAsync(client, sent.Length, ct), Is.EqualTo(sent));
        Assert.That(Stopwatch.GetElapsedTime(began), Is.GreaterThan(TimeSpan.FromMilliseconds(99)), "twice 50 to 150 ms");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_narrow_link_passes_so_many_bytes_a_second(CancellationToken ct)
    {
        _proxy.ToServer = new LinkConditions { BytesPerSecond = 20_000 };
        using Socket client = await EchoPeer.ConnectAsync(_proxy.Port, ct);
        long began = Stopwatch.GetTimestamp();

        await client.SendAsync(new byte[10_000], ct);
        byte[] back = await EchoPeer.ReadAsync(client, 10_000, ct);

        Assert.That(back, Has.Length.EqualTo(10_000));
        Assert.That(Stopwatch.GetElapsedTime(began), Is.GreaterThan(TimeSpan.FromMilliseconds(450)));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_stalled_link_loses_nothing_and_goes_on_when_it_is_healed(CancellationToken ct)
    {
        using Socket client = await EchoPeer.ConnectAsync(_proxy.Port, ct);
        _proxy.ToClient = new LinkConditions { IsStalled = true };

        await client.SendAsync(Hello, ct);
        Task<byte[]> reading = EchoPeer.ReadAsync(client, Hello.Length, ct);
        Task first = await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System, ct));
        _proxy.Heal();

        Assert.That(first, Is.Not.SameAs(reading), "nothing came while it was stalled");
        Assert.That(await reading, Is.EqualTo(Hello));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_link_that_is_cut_after_bytes_passes_just_those_and_resets(CancellationToken ct)
    {
        _proxy.ToClient = new LinkConditions { CutAfterBytes = 5 };
        using Socket client = await EchoPeer.ConnectAsync(_proxy.Port, ct);

        await client.SendAsync(Hello, ct);
        byte[] got = new byte[5];
        int read = await client.ReceiveAsync(got, ct);

        Assert.That(got[..read], Is.EqualTo(Hello[..read]));
        Assert.That(
            async () => { while (await client.ReceiveAsync(got, ct) > 0) { } },
            Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_reset_reaches_every_open_connection(CancellationToken ct)
    {
        using Socket one = await EchoPeer.ConnectAsync(_proxy.Port, ct), two = await EchoPeer.ConnectAsync(_proxy.Port, ct);
        foreach (Socket client in (Socket[])[one, two])
        {
            await client.SendAsync(Hello, ct);
            await EchoPeer.ReadAsync(client, Hello.Length, ct);
        }

        _proxy.ResetAll();

        foreach (Socket client in (Socket[])[one, two])
            Assert.That(async () => await client.ReceiveAsync(new byte[1], ct), Throws.TypeOf<SocketException>());
    }

    [Test, CancelAfter(20_000)]
    public async Task A_half_closed_client_sees_the_end_and_may_still_send(CancellationToken ct)
    {
        using Socket client = await EchoPeer.ConnectAsync(_proxy.Port, ct);
        await client.SendAsync(Hello, ct);
        await EchoPeer.ReadAsync(client, Hello.Length, ct);

        _proxy.HalfCloseAll();

        Assert.That(await client.ReceiveAsync(new byte[1], ct), Is.Zero);
        Assert.That(async () => await client.SendAsync(Hello, ct), Throws.Nothing);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_refusing_link_keeps_who_is_there_and_takes_nobody_until_it_is_healed(CancellationToken ct)
    {
        using Socket client = await EchoPeer.ConnectAsync(_proxy.Port, ct);
        await client.SendAsync(Hello, ct);
        await EchoPeer.ReadAsync(client, Hello.Length, ct);

        await _proxy.RefuseAsync();

        Assert.That(async () => await EchoPeer.ConnectAsync(_proxy.Port, ct), Throws.TypeOf<SocketException>());
        await client.SendAsync(Hello, ct);
        Assert.That(await EchoPeer.ReadAsync(client, Hello.Length, ct), Is.EqualTo(Hello));
        _proxy.Heal();
        using Socket again = await EchoPeer.ConnectAsync(_proxy.Port, ct);
        Assert.That(again.Connected, Is.True);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_server_that_is_not_there_is_felt_as_a_reset(CancellationToken ct)
    {
        _proxy.Target = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1);

        Assert.That(ConnectAndReadAsync, Throws.TypeOf<SocketException>());

        async Task ConnectAndReadAsync() // the reset may come before the connection is known to be there
        {
            using Socket client = await EchoPeer.ConnectAsync(_proxy.Port, ct);
            while (await client.ReceiveAsync(new byte[1], ct) > 0)
            {
            }
        }
    }
}
