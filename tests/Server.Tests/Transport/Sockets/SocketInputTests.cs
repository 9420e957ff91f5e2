using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Chat.Server.Transport.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Transport.Sockets;

/// <summary>What a reader of a loop's connection may rely on, over real sockets.</summary>
[TestFixture]
[CancelAfter(20_000)]
[Platform("Linux")]
internal sealed class SocketInputTests
{
    private SocketLoop _loop = null!;

    [SetUp]
    public void StartLoop() => _loop = new SocketLoop(0, NullLogger.Instance);

    [TearDown]
    public void StopLoop() => _loop.Dispose();

    [Test]
    public async Task What_is_left_unconsumed_comes_again_with_what_follows([Values] bool isHandedOver, CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver, ct);
        PipeReader input = peer.Connection.Transport.Input;
        await peer.SendAsync("abcdef"u8.ToArray(), ct);

        ReadResult first = await input.ReadAsync(ct);
        input.AdvanceTo(first.Buffer.GetPosition(2), first.Buffer.End);
        await peer.SendAsync("ghi"u8.ToArray(), ct);
        ReadResult second = await input.ReadAsync(ct);

        Assert.That(second.Buffer.ToArray(), Is.EqualTo("cdefghi"u8.ToArray()));
        input.AdvanceTo(second.Buffer.End);
    }

    [Test]
    public async Task What_was_not_examined_comes_again_at_once(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;
        await peer.SendAsync("abcdef"u8.ToArray(), ct);

        ReadResult first = await input.ReadAsync(ct);
        input.AdvanceTo(first.Buffer.GetPosition(2), first.Buffer.GetPosition(3));

        Assert.That(input.TryRead(out ReadResult second));
        Assert.That(second.Buffer.ToArray(), Is.EqualTo("cdef"u8.ToArray()));
        input.AdvanceTo(second.Buffer.Start, second.Buffer.End);
        Assert.That(input.TryRead(out _), Is.False, "all was examined: only more is news");
    }

    [Test]
    public async Task A_reader_that_went_on_elsewhere_keeps_its_bytes_while_the_loop_receives_for_others(CancellationToken ct)
    {
        using LoopPeer kept = await OpenAsync(isHandedOver: true, ct);
        using LoopPeer other = await OpenAsync(isHandedOver: true, ct);
        byte[] mine = new byte[30_000];
        Array.Fill(mine, (byte)1);
        await kept.SendAsync(mine, ct);
        ReadResult held = await kept.Connection.Transport.Input.ReadAsync(ct);
        byte[] before = held.Buffer.ToArray();

        for (byte round = 2; round < 30; round++)
        {
            byte[] theirs = new byte[30_000];
            Array.Fill(theirs, round);
            await other.SendAsync(theirs, ct);
            await ReadExactlyAsync(other.Connection.Transport.Input, theirs.Length, ct);
        }

        Assert.That(before, Is.All.EqualTo(1));
        Assert.That(held.Buffer.ToArray(), Is.EqualTo(before));
        kept.Connection.Transport.Input.AdvanceTo(held.Buffer.End);
    }

    [Test]
    public async Task A_cancelled_pending_read_wakes_and_the_next_one_works(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;

        ValueTask<ReadResult> waiting = input.ReadAsync(ct);
        input.CancelPendingRead();
        ReadResult woken = await waiting;
        input.AdvanceTo(woken.Buffer.End);
        await peer.SendAsync("abc"u8.ToArray(), ct);

        Assert.That(woken.IsCanceled);
        Assert.That(woken.Buffer.IsEmpty);
        Assert.That(await ReadExactlyAsync(input, 3, ct), Is.EqualTo("abc"u8.ToArray()));
    }

    [Test]
    public async Task Cancelling_while_nobody_reads_ends_the_next_read_only(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;

        input.CancelPendingRead();
        ReadResult woken = await input.ReadAsync(ct);
        input.AdvanceTo(woken.Buffer.End);
        await peer.SendAsync("abc"u8.ToArray(), ct);

        Assert.That(woken.IsCanceled);
        Assert.That(await ReadExactlyAsync(input, 3, ct), Is.EqualTo("abc"u8.ToArray()));
    }

    [Test]
    public async Task A_cancelled_token_ends_only_its_own_read(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;
        using CancellationTokenSource impatient = new();

        ValueTask<ReadResult> waiting = input.ReadAsync(impatient.Token);
        await impatient.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await input.ReadAsync(impatient.Token), Throws.InstanceOf<OperationCanceledException>());
        await peer.SendAsync("abc"u8.ToArray(), ct);

        Assert.That(await ReadExactlyAsync(input, 3, ct), Is.EqualTo("abc"u8.ToArray()));
    }

    /// <summary>Bytes come while the read is being set up: the token of a read that has ended must not reach a later one.</summary>
    [Test]
    public async Task A_token_cancelled_after_its_read_ended_leaves_later_reads_alone(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;
        for (int round = 0; round < 2_000; round++)
        {
            using CancellationTokenSource old = new();
            Task sending = Task.Run(() => peer.Client.Send([1]), ct);
            Assert.That(await ReadExactlyAsync(input, 1, old.Token), Is.EqualTo(new byte[] { 1 }));
            await sending;

            ValueTask<ReadResult> next = input.ReadAsync(ct);
            await old.CancelAsync();
            peer.Client.Send([2]);
            ReadResult read = await next;
            Assert.That(read.Buffer.ToArray(), Is.EqualTo(new byte[] { 2 }));
            input.AdvanceTo(read.Buffer.End);
        }
    }

    [Test]
    public async Task Whoever_reads_after_the_connection_was_aborted_learns_it(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;

        peer.Connection.Abort(new ConnectionAbortedException("enough"));

        for (int i = 0; i < 2; i++)
            Assert.That(async () => await input.ReadAsync(ct), Throws.TypeOf<ConnectionAbortedException>().With.Message.EqualTo("enough"));
    }

    [Test]
    public async Task Whoever_writes_to_a_peer_that_is_gone_hears_that_nobody_reads(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeWriter output = peer.Connection.Transport.Output;
        peer.Client.LingerState = new LingerOption(enable: true, seconds: 0); // a reset
        peer.Dispose();

        FlushResult flushed = default;
        while (!flushed.IsCompleted) flushed = await output.WriteAsync(new byte[30_000], ct);

        Assert.That(async () => await peer.Connection.DisposeAsync(), Throws.Nothing);
    }

    [Test]
    public async Task The_peers_end_completes_the_read(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;

        ValueTask<ReadResult> waiting = input.ReadAsync(ct);
        peer.Client.Shutdown(SocketShutdown.Send);
        ReadResult last = await waiting;

        Assert.That(last.IsCompleted);
        Assert.That(last.Buffer.IsEmpty);
    }

    [Test]
    public async Task The_peers_end_right_behind_its_last_bytes_is_told([Values] bool isHandedOver, CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver, ct);
        PipeReader input = peer.Connection.Transport.Input;
        await peer.SendAsync("abc"u8.ToArray(), ct);
        Assert.That(await ReadExactlyAsync(input, 3, ct), Is.EqualTo("abc"u8.ToArray()));

        await peer.SendAsync("def"u8.ToArray(), ct);
        peer.Client.Shutdown(SocketShutdown.Send);

        Assert.That(await ReadExactlyAsync(input, 3, ct), Is.EqualTo("def"u8.ToArray()));
        Assert.That((await input.ReadAsync(ct)).IsCompleted);
    }

    [Test]
    public async Task A_reset_is_an_exception_now_and_for_every_later_read(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;

        ValueTask<ReadResult> waiting = input.ReadAsync(ct);
        peer.Client.LingerState = new LingerOption(true, 0);
        peer.Client.Close();

        Assert.That(async () => await waiting, Throws.InstanceOf<ConnectionResetException>());
        Assert.That(async () => await input.ReadAsync(ct), Throws.InstanceOf<ConnectionResetException>());
    }

    [Test]
    public async Task An_abort_ends_a_waiting_read_with_its_reason(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        CancellationToken closed = peer.Connection.ConnectionClosed;
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration telling = closed.Register(told.SetResult);

        ValueTask<ReadResult> waiting = peer.Connection.Transport.Input.ReadAsync(ct);
        peer.Connection.Abort(new ConnectionAbortedException("enough"));

        Assert.That(async () => await waiting, Throws.InstanceOf<ConnectionAbortedException>().With.Message.EqualTo("enough"));
        await told.Task.WaitAsync(ct);
        Assert.That(await peer.Client.ReceiveAsync(new byte[1], ct), Is.Zero, "the socket is closed");
    }

    [Test]
    [Property("Issue", 4)]
    public async Task An_abort_without_a_reason_ends_a_waiting_read_and_not_the_process(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);

        ValueTask<ReadResult> waiting = peer.Connection.Transport.Input.ReadAsync(ct);
        peer.Connection.Abort(null!); // as Kestrel does it

        Assert.That(async () => await waiting, Throws.InstanceOf<ConnectionAbortedException>());
    }

    [Test]
    public async Task Completing_twice_is_harmless_and_reads_as_the_end(CancellationToken ct)
    {
        using LoopPeer peer = await OpenAsync(isHandedOver: true, ct);
        PipeReader input = peer.Connection.Transport.Input;
        await peer.SendAsync("abc"u8.ToArray(), ct);
        await input.ReadAsync(ct);

        input.Complete();
        input.Complete();
        await peer.Connection.DisposeAsync();
        await peer.Connection.DisposeAsync();

        Assert.That(await peer.Client.ReceiveAsync(new byte[1], ct), Is.Zero);
    }

    [TestCase(11, true)]
    [TestCase(12, false)]
    public async Task Megabytes_arrive_whole_and_in_order_at_a_slow_reader(int seed, bool isHandedOver, CancellationToken ct)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        using LoopPeer peer = await OpenAsync(isHandedOver, ct);
        PipeReader input = peer.Connection.Transport.Input;
        byte[] sent = new byte[6 << 20];
        random.NextBytes(sent);
        Task sending = SendAndEndAsync(peer, sent, ct);

        ArrayBufferWriter<byte> received = new(sent.Length);
        while (true)
        {
            ReadResult read = await input.ReadAsync(ct);
            long take = read.IsCompleted ? read.Buffer.Length : random.NextInt64(read.Buffer.Length + 1);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer.Slice(0, take)) received.Write(piece.Span);
            SequencePosition consumed = read.Buffer.GetPosition(take);
            input.AdvanceTo(consumed, read.Buffer.Length < 100_000 && random.Next(2) == 0 ? read.Buffer.End : consumed);
            if (read.IsCompleted) break;
            if (random.Next(8) == 0) await Task.Yield();
        }

        await sending;
        Assert.That(received.WrittenSpan.SequenceEqual(sent));
    }

    private static async Task SendAndEndAsync(LoopPeer peer, byte[] bytes, CancellationToken ct)
    {
        for (ReadOnlyMemory<byte> rest = bytes; !rest.IsEmpty;) rest = rest[await peer.Client.SendAsync(rest, ct)..];
        peer.Client.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadExactlyAsync(PipeReader input, int count, CancellationToken ct)
    {
        ReadResult read = await input.ReadAtLeastAsync(count, ct);
        byte[] bytes = read.Buffer.Slice(0, count).ToArray();
        input.AdvanceTo(read.Buffer.GetPosition(count));
        return bytes;
    }

    private async Task<LoopPeer> OpenAsync(bool isHandedOver, CancellationToken ct)
    {
        LoopPeer peer = await LoopPeer.OpenAsync(_loop, ct);
        if (isHandedOver) peer.Connection.HandOver(isJudged: true);
        return peer;
    }
}
