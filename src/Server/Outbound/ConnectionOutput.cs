using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Chat.Domain.Fanout;
using Chat.Server.Transport;

namespace Chat.Server.Outbound;

/// <summary>
/// One connection's way out. Replies and direct pushes queue here as bytes (many acks, one send); pushes of chats are read from their
/// rings when the pump gets to them. Only one send is under way at any time.
/// </summary>
/// <remarks>
/// Everything that leaves goes through here, control frames and the handshake's answer included, so writes never interleave. With a
/// socket the remainder of a send that would block is awaited on that same socket, not written to Kestrel's pipe: the pipe's flush ends
/// before the kernel has the bytes, and the next direct send could overtake them (ADR 0007).
/// <see cref="TryWrite"/>, <see cref="Wake"/>, <see cref="CompleteAfterPending"/> are thread-safe; the drains belong to the pump.
/// </remarks>
internal sealed class ConnectionOutput(Socket? socket, PipeWriter pipe, OutboundPump pump, OutboundOptions options, TimeProvider time)
    : IConnectionOutput
{
    private const int SliceBytes = 16 << 10;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _queued = [];
    private int _queuedBytes;
    private bool _scheduled;
    private bool _sending;
    private bool _completing;
    private bool _failed;
    private long _stalledSince;
    private List<Subscription>? _parked;
    private TaskCompletionSource? _room;
    private bool _isOverBudget;

    /// <summary>Completes when everything queued before <see cref="CompleteAfterPending"/> was handed to the kernel, or the connection failed.</summary>
    public Task Drained => _drained.Task;

    /// <summary>The peer has not taken a byte for longer than allowed, or its queue is over its budget.</summary>
    public bool IsSlow
    {
        get
        {
            lock (_gate)
                return _isOverBudget || (_sending && time.GetElapsedTime(_stalledSince) > options.MaxStall);
        }
    }

    /// <summary>True while a send waits for the peer: the moment to drop what is ephemeral.</summary>
    public bool IsBehind
    {
        get { lock (_gate) return _sending; }
    }

    public bool TryWrite(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (_failed || _completing) return false;
            if (_queuedBytes > options.MaxQueuedBytes)
            {
                _isOverBudget = true; // something durable was refused: this connection cannot go on
                return false;
            }

            Reserve(bytes.Length);
            bytes.Span.CopyTo(_queued.AsSpan(_queuedBytes));
            _queuedBytes += bytes.Length;
            Schedule();
            return true;
        }
    }

    /// <summary>Waits while more than half of the budget is unsent.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_failed || _queuedBytes <= options.MaxQueuedBytes / 2) return default;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(ct));
        }
    }

    public void Wake(Subscription subscription) => pump.Enqueue(this, subscription);

    public void CompleteAfterPending()
    {
        lock (_gate)
        {
            if (_completing) return;
            _completing = true;
            Schedule();
        }
    }

    /// <summary>Ends the way out at once; nothing more is sent.</summary>
    public void Fail()
    {
        lock (_gate)
        {
            _failed = true;
            _parked = null;
            Release();
            _room?.TrySetResult();
        }

        _drained.TrySetResult();
    }

    internal void DrainQueue()
    {
        byte[] bytes;
        int length;
        lock (_gate)
        {
            _scheduled = false;
            if (_failed || _sending) return; // the end of the send under way schedules again
            (bytes, length) = (_queued, _queuedBytes);
            (_queued, _queuedBytes) = ([], 0);
            _room?.TrySetResult();
            _room = null;
            if (length == 0)
            {
                if (_completing) _drained.TrySetResult();
                return;
            }
        }

        Send(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
        lock (_gate)
        {
            if (_completing && !_sending) Schedule();
        }
    }

    internal void DrainSubscription(Subscription subscription, GatherBuffer buffer)
    {
        lock (_gate)
        {
            if (_failed || _completing) return;
            if (_sending)
            {
                (_parked ??= []).Add(subscription);
                return;
            }
        }

        switch (subscription.Read(buffer, out long to))
        {
            case SubscriptionRead.Bytes:
                Send(buffer.Bytes);
                if (subscription.Advance(to)) subscription.Wake();
                break;
            case SubscriptionRead.Gap:
                TryWrite(GapPushes.Encode(subscription));
                break;
            case SubscriptionRead.Empty:
                break;
        }
    }

    /// <summary>Sends on the socket what it takes; the rest is awaited while <see cref="_sending"/> keeps everyone else away.</summary>
    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (socket is null)
        {
            StartWaiting(SendRestAsync(CopyOf(bytes), bytes.Length));
            return;
        }

        int sent = 0;
        SocketError error = SocketError.Success;
        try
        {
            sent = socket.Send(bytes, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.Shutdown; // the connection ended while this send was on its way
        }

        if (error == SocketError.WouldBlock) sent = 0;
        else if (error != SocketError.Success)
        {
            Fail();
            return;
        }

        if (sent == bytes.Length) return;
        StartWaiting(SendRestAsync(CopyOf(bytes[sent..]), bytes.Length - sent));
    }

    private static byte[] CopyOf(ReadOnlySpan<byte> bytes)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(copy);
        return copy;
    }

    private void StartWaiting(Task<bool> rest)
    {
        lock (_gate)
        {
            _sending = true;
            _stalledSince = time.GetTimestamp();
        }

        _ = FinishAsync(rest);
    }

    private async Task FinishAsync(Task<bool> rest)
    {
        if (!await rest)
        {
            Fail();
            return;
        }

        List<Subscription>? parked;
        lock (_gate)
        {
            _sending = false;
            (parked, _parked) = (_parked, null);
            if (_queuedBytes > 0 || _completing) Schedule();
        }

        if (parked is null) return;
        foreach (Subscription subscription in parked) pump.Enqueue(this, subscription);
    }

    /// <summary>Sends in slices, each of which counts as progress: a slow peer that does take bytes is not a stalled one.</summary>
    private async Task<bool> SendRestAsync(byte[] rest, int length)
    {
        if (socket is not null) await Task.Yield(); // the pump's thread goes on to the other connections
        try
        {
            for (int sent = 0; sent < length;)
            {
                ReadOnlyMemory<byte> slice = rest.AsMemory(sent, Math.Min(SliceBytes, length - sent));
                if (!await SendSliceAsync(slice)) return false;
                sent += slice.Length;
                lock (_gate) _stalledSince = time.GetTimestamp();
            }

            return true;
        }
        catch (Exception ended) when (ended is SocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rest);
        }
    }

    private async ValueTask<bool> SendSliceAsync(ReadOnlyMemory<byte> slice)
    {
        if (socket is null) return !(await pipe.WriteAsync(slice)).IsCompleted;
        return await socket.SendAsync(slice, SocketFlags.None) == slice.Length; // completes when all of it is out
    }

    private void Schedule()
    {
        if (_scheduled || _sending || _failed) return;
        _scheduled = true;
        pump.Enqueue(this, null);
    }

    private void Reserve(int more)
    {
        if (_queued.Length - _queuedBytes >= more) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_queuedBytes + more, 512));
        _queued.AsSpan(0, _queuedBytes).CopyTo(larger);
        if (_queued.Length > 0) ArrayPool<byte>.Shared.Return(_queued);
        _queued = larger;
    }

    private void Release()
    {
        if (_queued.Length > 0) ArrayPool<byte>.Shared.Return(_queued);
        (_queued, _queuedBytes) = ([], 0);
    }
}
