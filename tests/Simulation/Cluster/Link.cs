using System.Buffers;
using Chat.Sdk.Transport;
using Chat.Server.Outbound;
using Chat.Simulation.Scheduling;
using Chat.Simulation.Schedules;

namespace Chat.Simulation.Cluster;

/// <summary>
/// One TCP connection between a client and a node: bytes arrive late, in order, in pieces; it may be cut with either end told at once, late
/// or never, and the client may stop reading.
/// </summary>
internal sealed class Link
{
    private readonly Scheduler _scheduler;
    private readonly double _latencyMs;
    private long _lastToServer;
    private long _lastToClient;

    public Link(Scheduler scheduler, SimulatedProcess client, SimulatedProcess node)
    {
        (_scheduler, ClientProcess, NodeProcess) = (scheduler, client, node);
        _latencyMs = scheduler.Random.Chance(10)
            ? scheduler.Random.Between(10, 80).TotalMilliseconds
            : scheduler.Random.Between(0.1, 3).TotalMilliseconds;
        ClientEnd = new LinkClientEnd(this);
    }

    public SimulatedProcess ClientProcess { get; }

    public SimulatedProcess NodeProcess { get; }

    public LinkClientEnd ClientEnd { get; }

    public Action<byte[]>? OnServerMessage { get; set; }

    public Action? OnServerLost { get; set; }

    public bool IsCut { get; private set; }

    /// <summary>The client takes no bytes off its socket: the server's send stalls when the buffers are full.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Set by the server's end: goes on with what stalled.</summary>
    public Action? OnUnstalled { get; set; }

    public void ToServer(byte[] message)
    {
        if (IsCut) return;
        _scheduler.After(InOrder(ref _lastToServer), NodeProcess, () =>
        {
            if (!IsCut) OnServerMessage?.Invoke(message);
        });
    }

    public void ToClient(byte[] bytes)
    {
        if (IsCut) return;
        _scheduler.After(InOrder(ref _lastToClient), ClientProcess, () =>
        {
            if (!IsCut) ClientEnd.OnBytes(bytes);
        });
    }

    /// <summary>A close frame: behind everything that was sent.</summary>
    public void CloseFromServer(int code, string reason)
    {
        if (IsCut) return;
        _scheduler.After(InOrder(ref _lastToClient), ClientProcess, () =>
        {
            if (IsCut) return;
            ClientEnd.OnClose(code, reason);
            Cut(clientHearsAfter: null, serverHearsAfter: TimeSpan.FromMilliseconds(_latencyMs));
        });
    }

    /// <summary>Ends it; bytes under way are lost.</summary>
    /// <param name="clientHearsAfter">When the client's socket fails; null: never by itself.</param>
    /// <param name="serverHearsAfter">When the node's socket fails; null: never by itself.</param>
    public void Cut(TimeSpan? clientHearsAfter, TimeSpan? serverHearsAfter)
    {
        if (IsCut) return;
        IsCut = true;
        if (clientHearsAfter is { } client) _scheduler.After(client, ClientProcess, ClientEnd.OnLost);
        if (serverHearsAfter is { } server) _scheduler.After(server, NodeProcess, () => OnServerLost?.Invoke());
    }

    private TimeSpan InOrder(ref long last)
    {
        long at = _scheduler.Now + TimeSpan.FromMilliseconds(_latencyMs * (0.5 + _scheduler.Random.Fraction())).Ticks;
        last = Math.Max(last + 1, at);
        return TimeSpan.FromTicks(last - _scheduler.Now);
    }
}

/// <summary>The SDK's end: cuts WebSocket messages out of the stream of bytes.</summary>
internal sealed class LinkClientEnd(Link link) : ITransportConnection
{
    private readonly Queue<TransportMessage> _arrived = new();
    private TaskCompletionSource<TransportMessage>? _waiting;
    private byte[] _partial = [];
    private bool _isLost;

    public async ValueTask<TransportMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_arrived.TryDequeue(out TransportMessage ready)) return ready;
        if (_isLost) throw new IOException("The connection was reset.");

        TaskCompletionSource<TransportMessage> next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting = next;
        using CancellationTokenRegistration cancelling = cancellationToken.UnsafeRegister(
            _ => next.TrySetCanceled(cancellationToken), null);
        return await next.Task;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isLost) throw new IOException("The connection was reset.");
        link.ToServer(message.ToArray());
        return default;
    }

    public ValueTask CloseAsync(int code, string reason, CancellationToken cancellationToken)
    {
        link.Cut(clientHearsAfter: TimeSpan.FromMilliseconds(1), serverHearsAfter: TimeSpan.FromMilliseconds(1));
        return default;
    }

    public ValueTask DisposeAsync()
    {
        link.Cut(clientHearsAfter: null, serverHearsAfter: TimeSpan.FromMilliseconds(2));
        return default;
    }

    public void OnBytes(byte[] bytes)
    {
        byte[] all = _partial.Length == 0 ? bytes : [.. _partial, .. bytes];
        int at = 0;
        while (WebSocketFrames.TryCut(all, ref at, out ReadOnlyMemory<byte> payload)) Arrive(new TransportMessage(payload));
        _partial = at == all.Length ? [] : all[at..];
    }

    public void OnClose(int code, string reason) => Arrive(new TransportMessage(default, code, reason));

    public void OnLost()
    {
        _isLost = true;
        _waiting?.TrySetException(new IOException("The connection was reset."));
        _waiting = null;
    }

    private void Arrive(TransportMessage message)
    {
        if (_waiting is { } waiting)
        {
            _waiting = null;
            if (waiting.TrySetResult(message)) return;
        }

        _arrived.Enqueue(message);
    }
}

/// <summary>The server's WebSocket frames (RFC 6455 §5.2): final, binary, unmasked.</summary>
internal static class WebSocketFrames
{
    /// <summary>Cuts the payload of the next whole frame; nothing moves when there is none.</summary>
    public static bool TryCut(byte[] bytes, ref int at, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (bytes.Length - at < 2) return false;
        int header = bytes[at + 1] switch { < 126 => 2, 126 => 4, _ => 10 };
        if (bytes.Length - at < header) return false;
        int length = header switch
        {
            2 => bytes[at + 1],
            4 => System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2)),
            _ => (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at + 2)),
        };
        if (bytes.Length - at - header < length) return false;
        payload = bytes.AsMemory(at + header, length);
        at += header + length;
        return true;
    }
}

/// <summary>The node's end: the server's real <see cref="ConnectionOutput"/> over the link.</summary>
internal sealed class LinkOutput : ConnectionOutput
{
    /// <summary>Bytes that the kernels hold for a client that does not read.</summary>
    private const int SocketBufferBytes = 160;

    private readonly Link _link;
    private readonly Scheduler _scheduler;
    private readonly PlantedDefect _defect;
    private (byte[] Bytes, int Length)? _later;

    public LinkOutput(Link link, Scheduler scheduler, OutboundPump pump, OutboundOptions options, TimeProvider time, PlantedDefect defect)
        : base(pump, options, time)
    {
        (_link, _scheduler, _defect) = (link, scheduler, defect);
        link.OnUnstalled = GoOn;
    }

    /// <summary>Told of every byte that leaves, for the judge.</summary>
    public Action<byte[]>? OnSent { get; set; }

    public void CloseInOrder(int code, string reason)
    {
        CompleteAfterPending();
        _ = CloseAsync(code, reason);
    }

    public void Abort() => _link.Cut(clientHearsAfter: TimeSpan.FromMilliseconds(1), serverHearsAfter: TimeSpan.FromMilliseconds(1));

    protected override int SendNow(ReadOnlySpan<byte> bytes)
    {
        if (!_link.IsStalled)
        {
            Leave(bytes);
            return bytes.Length;
        }

        if (_defect == PlantedDefect.DropsWhenBehind) return bytes.Length;
        int taken = Math.Min(bytes.Length, _scheduler.Random.Next(SocketBufferBytes));
        Leave(bytes[..taken]);
        return taken;
    }

    protected override void SendLater(byte[] rest, int length)
    {
        _later = (rest, length);
        if (!_link.IsStalled) GoOn();
    }

    private void Leave(ReadOnlySpan<byte> bytes)
    {
        if (_link.NodeProcess.IsDead || bytes.IsEmpty) return;
        byte[] copy = bytes.ToArray();
        OnSent?.Invoke(copy);
        _link.ToClient(copy);
    }

    private void GoOn() => _scheduler.After(TimeSpan.FromMilliseconds(0.1), _link.NodeProcess, () =>
    {
        if (_later is not { } later || _link.IsStalled) return;
        _later = null;
        Leave(later.Bytes.AsSpan(0, later.Length));
        ArrayPool<byte>.Shared.Return(later.Bytes);
        NoteProgress();
        EndSend(isSent: true);
    });

    private async Task CloseAsync(int code, string reason)
    {
        await Drained;
        _link.CloseFromServer(code, reason);
    }
}
