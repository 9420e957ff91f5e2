using System.Buffers;
using Chat.Domain.Fanout;
using Chat.Server.Transport;

namespace Chat.Server.Outbound;

/// <summary>
/// One connection's way out. Replies and direct pushes queue here as bytes; pushes of chats are read from their rings when the pump gets
/// to them; both leave together, many frames in one send. Only one send is under way at any time.
/// </summary>
/// <remarks>
/// Everything that leaves goes through here, control frames and the handshake's answer included, so writes never interleave.
/// Writing, <see cref="Wake"/>, <see cref="CompleteAfterPending"/> and <see cref="Fail"/> are thread-safe;
/// <see cref="Drain"/> belongs to the pump. How bytes get on the wire is a subclass's business.
/// </remarks>
internal abstract class ConnectionOutput(OutboundPump pump, OutboundOptions options, TimeProvider time) : IConnectionOutput
{
    /// <summary>Bytes gathered from several chats before they are sent.</summary>
    private const int FullBatchBytes = 256 << 10;

    private readonly Lock _gate = new();
    private byte[] _queued = [];
    private int _queuedBytes;
    private Subscription? _firstReady;
    private Subscription? _lastReady;
    private State _state;
    private long _stalledSince;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _room;

    [Flags]
    private enum State : byte
    {
        None = 0,
        Scheduled = 1,
        Sending = 2,
        Completing = 4,
        Failed = 8,
        Drained = 16,
        OverBudget = 32,
        Resting = 64,
    }

    /// <summary>Completes when everything queued before <see cref="CompleteAfterPending"/> was handed to the kernel, or the connection failed.</summary>
    public Task Drained
    {
        get
        {
            lock (_gate)
            {
                if (Is(State.Drained | State.Failed)) return Task.CompletedTask;
                return (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>The peer has not taken a byte for longer than allowed, or its queue is over its budget.</summary>
    public bool IsSlow
    {
        get
        {
            lock (_gate)
                return Is(State.OverBudget) || (Is(State.Sending) && time.GetElapsedTime(_stalledSince) > options.MaxStall);
        }
    }

    /// <summary>More is unsent than the budget allows: the one reason for being slow; the other is time.</summary>
    public bool IsOverBudget
    {
        get { lock (_gate) return Is(State.OverBudget); }
    }

    /// <summary>When the pump served this output last; 0 when nobody rests. Pump only.</summary>
    internal long ServedAt { get; set; }

    /// <summary>Bytes of replies and direct pushes that have not left.</summary>
    public int QueuedBytes => Volatile.Read(ref _queuedBytes);

    /// <summary>True while a send waits for the peer: the moment to drop what is ephemeral.</summary>
    public bool IsBehind
    {
        get { lock (_gate) return Is(State.Sending); }
    }

    /// <summary>More than half of the budget is unsent: time to wait for room.</summary>
    public bool IsFull => Volatile.Read(ref _queuedBytes) > options.MaxQueuedBytes / 2;

    public bool TryWrite(ReadOnlyMemory<byte> bytes) => TryWrite(bytes.Span);

    /// <summary>Queues a copy of the bytes.</summary>
    /// <returns>False when the output is, or once was, over its budget, completed or broken; then nothing was queued.</returns>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (Is(State.Failed | State.Completing | State.OverBudget)) return false;
            if (_queuedBytes > options.MaxQueuedBytes)
            {
                _state |= State.OverBudget; // something durable was refused: what came behind it would hide the hole
                return false;
            }

            Reserve(bytes.Length);
            bytes.CopyTo(_queued.AsSpan(_queuedBytes));
            _queuedBytes += bytes.Length;
            Schedule();
            if (IsFull) CutRestShort();
            return true;
        }
    }

    /// <summary>Waits while more than half of the budget is unsent.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (Is(State.Failed) || !IsFull) return default;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(ct));
        }
    }

    /// <summary>Notes a subscription that has something to send. It is in no output's list now.</summary>
    public void Wake(Subscription subscription)
    {
        lock (_gate)
        {
            if (Is(State.Failed)) return;
            if (_lastReady is null) _firstReady = subscription;
            else _lastReady.NextReady = subscription;
            _lastReady = subscription;
            Schedule();
        }
    }

    public void CompleteAfterPending()
    {
        lock (_gate)
        {
            if (Is(State.Completing)) return;
            _state |= State.Completing;
            Schedule();
            CutRestShort();
        }
    }

    /// <summary>
    /// Leaves the output for later, unless it cannot wait: what is full would be cut as slow though its peer reads, and a goodbye holds up
    /// whoever drains. It may become so while it rests; then it is scheduled again at once. Pump only.
    /// </summary>
    internal bool TryRest()
    {
        lock (_gate)
        {
            if (IsFull || Is(State.Completing)) return false;
            _state |= State.Resting;
            return true;
        }
    }

    /// <summary>False when the rest was cut short. Pump only.</summary>
    internal bool TryEndRest()
    {
        lock (_gate)
        {
            bool rests = Is(State.Resting);
            _state &= ~State.Resting;
            return rests;
        }
    }

    /// <summary>Ends the way out at once; nothing more is sent.</summary>
    public void Fail()
    {
        lock (_gate)
        {
            _state |= State.Failed;
            (_firstReady, _lastReady) = (null, null);
            Release();
            _room?.TrySetResult();
            _drained?.TrySetResult();
        }
    }

    /// <summary>Sends what is queued and what the rings hold for this connection. Pump only.</summary>
    internal void Drain()
    {
        byte[] queued;
        int queuedBytes;
        Subscription? ready;
        lock (_gate)
        {
            _state &= ~State.Scheduled;
            if (Is(State.Failed | State.Sending)) return; // the end of the send under way schedules again
            (queued, queuedBytes, ready) = (_queued, _queuedBytes, _firstReady);
            (_queued, _queuedBytes, _firstReady, _lastReady) = ([], 0, null, null);
            _room?.TrySetResult();
            _room = null;
            if (Is(State.Completing)) ready = null; // the goodbye is the last thing
        }

        if (ready is not null) SendBatch(queued.AsSpan(0, queuedBytes), ready);
        else if (queuedBytes > 0) Send(queued.AsSpan(0, queuedBytes));
        if (queued.Length > 0) ArrayPool<byte>.Shared.Return(queued);
        NoteIfDrained();
    }

    /// <summary>Sends as much as goes at once.</summary>
    /// <returns>Bytes on their way, or −1: the connection is broken.</returns>
    protected abstract int SendNow(ReadOnlySpan<byte> bytes);

    /// <summary>Sends the rest when the peer takes it, then calls <see cref="EndSend"/>; meanwhile nothing else is sent.</summary>
    /// <param name="rest">Pooled; the callee gives it back.</param>
    protected abstract void SendLater(byte[] rest, int length);

    /// <summary>The peer took some bytes: a slow peer that does take bytes is not a stalled one.</summary>
    protected void NoteProgress() => Volatile.Write(ref _stalledSince, time.GetTimestamp());

    /// <summary>The rest is sent, or never will be.</summary>
    protected void EndSend(bool isSent)
    {
        if (!isSent)
        {
            Fail();
            return;
        }

        lock (_gate)
        {
            _state &= ~State.Sending;
            if (_queuedBytes > 0 || _firstReady is not null || Is(State.Completing)) Schedule();
        }
    }

    private bool Is(State any) => (_state & any) != 0;

    private void SendBatch(ReadOnlySpan<byte> queued, Subscription first)
    {
        SendBuffer batch = pump.Batch;
        GatherBuffer gathered = pump.Gathered;
        batch.Clear();
        batch.Append(queued);
        Subscription? next = first;
        while (next is { } subscription)
        {
            (next, subscription.NextReady) = (subscription.NextReady, null);
            SubscriptionRead read = subscription.Read(gathered, out long to);
            if (read == SubscriptionRead.Gap) batch.Append(GapPushes.Encode(subscription));
            if (read != SubscriptionRead.Bytes) continue;

            bool isSent = next is null && batch.Bytes.IsEmpty; // the usual case: one chat spoke, straight from what all its members share
            if (isSent) Send(gathered.Bytes);
            else batch.Append(gathered.Bytes);
            // A rest stays in front: whoever left a chat and is back in it has the earlier events first.
            if (subscription.Advance(to) && subscription.TrySchedule()) (subscription.NextReady, next) = (next, subscription);
            if (next is null || (!isSent && batch.Bytes.Length < FullBatchBytes)) continue;

            if (!isSent) Send(batch.Bytes);
            PutBack(next);
            return;
        }

        if (!batch.Bytes.IsEmpty) Send(batch.Bytes);
    }

    /// <summary>What was taken off the list waits in front for the peer, or for the turns of other connections.</summary>
    private void PutBack(Subscription first)
    {
        lock (_gate)
        {
            if (Is(State.Failed)) return;
            Subscription last = first;
            while (last.NextReady is { } next) last = next;
            last.NextReady = _firstReady;
            _lastReady ??= last;
            _firstReady = first;
            Schedule();
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        int sent = SendNow(bytes);
        if (sent == bytes.Length) return;
        if (sent < 0)
        {
            Fail();
            return;
        }

        byte[] rest = ArrayPool<byte>.Shared.Rent(bytes.Length - sent);
        bytes[sent..].CopyTo(rest);
        lock (_gate)
        {
            _state |= State.Sending;
            _stalledSince = time.GetTimestamp();
        }

        SendLater(rest, bytes.Length - sent);
    }

    private void NoteIfDrained()
    {
        lock (_gate)
        {
            if (!Is(State.Completing) || Is(State.Sending) || _queuedBytes > 0) return;
            _state |= State.Drained;
            _drained?.TrySetResult();
        }
    }

    private void Schedule()
    {
        if (Is(State.Scheduled | State.Sending | State.Failed)) return;
        _state |= State.Scheduled;
        pump.Enqueue(this);
    }

    private void CutRestShort()
    {
        if (!Is(State.Resting)) return;
        _state &= ~State.Resting; // what the pump keeps for later is of no use then
        pump.Enqueue(this);
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
