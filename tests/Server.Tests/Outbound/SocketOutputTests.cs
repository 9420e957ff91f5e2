using System.Net.Sockets;
using Chat.Server.Outbound;
using Chat.Server.Tests.Transport.Sockets;
using Chat.Server.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Outbound;

/// <summary>The way out straight on a socket, with a real peer that reads when it likes.</summary>
[TestFixture]
[CancelAfter(20_000)]
[Platform("Linux")]
internal sealed class SocketOutputTests
{
    private static readonly OutboundOptions Options = new() { MaxQueuedBytes = 16 << 20 };

    private SocketLoop _loop = null!;
    private OutboundPump _pump = null!;

    [SetUp]
    public void StartLoop()
    {
        _loop = new SocketLoop(0, NullLogger.Instance);
        _pump = new OutboundPump(_loop.Wake, new OutboundPace(), TimeProvider.System, NullLogger.Instance);
        _loop.Work = _pump;
    }

    [TearDown]
    public void StopLoop() => _loop.Dispose();

    [Test]
    public async Task A_peer_that_stops_reading_and_then_reads_gets_all_in_order([Values(1, 2, 3)] int seed, CancellationToken ct)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        using LoopPeer peer = await LoopPeer.OpenAsync(_loop, ct, bufferBytes: 16 << 10);
        SocketOutput output = new(peer.Connection, _pump, Options, TimeProvider.System);
        Random random = new(seed);
        byte[] sent = new byte[8 << 20];
        random.NextBytes(sent);

        await WriteAsync(output, sent, random, ct);
        while (!output.IsBehind) await YieldAsync(ct);
        output.CompleteAfterPending();
        Task drained = output.Drained;
        Assert.That(drained.IsCompleted, Is.False);
        byte[] received = new byte[sent.Length];
        for (int at = 0; at < received.Length;) at += await peer.Client.ReceiveAsync(received.AsMemory(at, Math.Min(random.Next(1, 50_000), received.Length - at)), ct);

        await drained.WaitAsync(ct);
        Assert.That(received.AsSpan().SequenceEqual(sent));
    }

    [Test]
    public async Task A_peer_that_goes_while_a_send_waits_for_it_ends_the_output([Values] bool isClosedHere, CancellationToken ct)
    {
        using LoopPeer peer = await LoopPeer.OpenAsync(_loop, ct, bufferBytes: 16 << 10);
        SocketOutput output = new(peer.Connection, _pump, Options, TimeProvider.System);
        await WriteAsync(output, new byte[8 << 20], new Random(1), ct);
        while (!output.IsBehind) await YieldAsync(ct);

        if (isClosedHere)
        {
            await peer.Connection.DisposeAsync();
        }
        else
        {
            peer.Client.LingerState = new LingerOption(true, 0);
            peer.Client.Close();
        }

        await output.Drained.WaitAsync(ct);
        Assert.That(output.TryWrite("more"u8), Is.False);
    }

    private static async Task WriteAsync(SocketOutput output, byte[] bytes, Random random, CancellationToken ct)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int count = Math.Min(random.Next(1, 30_000), bytes.Length - at);
            Assert.That(output.TryWrite(bytes.AsSpan(at, count)));
            at += count;
            if (random.Next(10) == 0) await YieldAsync(ct);
        }
    }

    private static async Task YieldAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await Task.Yield();
    }
}
