using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport.Sockets;

/// <summary>
/// A socket's incoming bytes as a pipe that holds memory only while there are bytes: it is received into the loop's own scratch, and what
/// the reader does not take at once is copied aside.
/// </summary>
/// <remarks>
/// One reader. <see cref="CancelPendingRead"/> is thread-safe. The reader continues on the loop's thread until
/// <see cref="ContinueOnPool"/>.
/// </remarks>
internal sealed class SocketInput(SocketConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    private const int SmallestBytes = 512;
    private const int PooledBytes = 16 << 10;

    /// <summary>Bytes one reader may leave unconsumed; a longer wait for more would fill memory for a peer that never ends its sentence.</summary>
    private const int MostBytes = 2 << 20;

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<ReadResult> _core;
    private CancellationTokenRegistration _cancellation;
    private byte[]? _bytes;
    private int _start;
    private int _end;
    private int _examined;
    private bool _isScratch;
    private bool _isPooled;
    private bool _isWaiting;
    private bool _isReading;
    private bool _isCanceled;
    private bool _isAtEnd;
    private bool _isEnding; // loop thread
    private bool _mayHaveMore = true; // edge-triggered: what came before the first read was told already
    private Exception? _fault;

    /// <summary>From now on the reader continues on the thread pool: for readers that may block.</summary>
    public void ContinueOnPool() => _core.RunContinuationsAsynchronously = true;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        bool isToReceive;
        short token;
        lock (_gate)
        {
            if (_isReading || _isWaiting) throw new InvalidOperationException("The last read of this connection was not ended: call AdvanceTo first.");
            if (_fault is not null) return ValueTask.FromException<ReadResult>(_fault);
            if (TryTake(out ReadResult ready)) return new ValueTask<ReadResult>(ready);
            if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReadResult>(cancellationToken);

            _core.Reset();
            token = _core.Version;
            (_isWaiting, isToReceive) = (true, _mayHaveMore);
        }

        if (cancellationToken.CanBeCanceled) EndWith(cancellationToken);
        if (isToReceive) connection.ScheduleReceive();
        return new ValueTask<ReadResult>(this, token);
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
        {
            if (_isReading || _isWaiting) throw new InvalidOperationException("The last read of this connection was not ended: call AdvanceTo first.");
            return TryTake(out result);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            if (!_isReading) throw new InvalidOperationException("There is no read to end.");
            _isReading = false;
            if (_bytes is null || consumed.GetObject() != _bytes) return; // what was read was empty

            int start = Math.Clamp(consumed.GetInteger(), _start, _end);
            _examined = Math.Max(0, Math.Clamp(examined.GetInteger(), _start, _end) - start);
            _start = start;
            if (_start == _end) LetGo();
            else if (!_isPooled) Keep(Math.Max(SmallestBytes, _end - _start));
        }
    }

    public override void CancelPendingRead()
    {
        lock (_gate)
        {
            _isCanceled = true;
            if (!_isWaiting) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static input => input.WakeCanceled(), this, preferLocal: false);
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            LetGo();
            (_isReading, _isAtEnd) = (false, true);
        }
    }

    /// <summary>The peer has ended, maybe behind bytes that are still to be received: this edge is not told again, so the end is looked for. Loop thread.</summary>
    internal void NoteEnding() => _isEnding = true;

    /// <summary>Receives once and hands the bytes to a waiting reader. Loop thread.</summary>
    /// <returns>True when there may be more and somebody waits for it.</returns>
    internal bool Receive(SocketLoop loop)
    {
        ReadResult result = default;
        lock (_gate)
        {
            if (!_isWaiting)
            {
                _mayHaveMore = true; // looked at when the reader comes back
                return false;
            }

            Span<byte> room = Room(loop);
            int received = connection.TryReceive(room);
            _mayHaveMore = received == room.Length || received == -LinuxSocket.Interrupted || (_isEnding && received > 0);
            if (received is -LinuxSocket.WouldBlock or -LinuxSocket.Interrupted)
            {
                if (_start == _end) LetGo();
                return _mayHaveMore;
            }

            if (received > 0) _end += received;
            else NoteEnd(received);
            _isWaiting = false;
            if (_fault is null) TryTake(out result);
            else LetGo();
        }

        Finish(result);
        lock (_gate)
        {
            if (_isScratch)
            {
                _isScratch = false; // still in use by a reader that went on elsewhere
                loop.ReplaceScratch();
            }

            return _mayHaveMore && _isWaiting;
        }
    }

    /// <summary>The connection was closed from this side: who waits for bytes learns it, and whoever asks for some later.</summary>
    internal void Fail(Exception fault)
    {
        lock (_gate) _fault ??= fault;
        EndWait(fault);
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags & ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext);

    /// <summary>Lets a token end the wait that has begun; a wait that is over already must not leave the token a hold on the next one.</summary>
    private void EndWith(CancellationToken token)
    {
        CancellationTokenRegistration registration = token.UnsafeRegister(
            static (input, canceled) => ((SocketInput)input!).EndWait(new OperationCanceledException(canceled)), this);
        lock (_gate)
        {
            if (_isWaiting)
            {
                _cancellation = registration;
                return;
            }
        }

        registration.Dispose();
    }

    private void EndWait(Exception why)
    {
        lock (_gate)
        {
            if (!_isWaiting) return;
            _isWaiting = false;
        }

        _cancellation.Dispose();
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Input._core.SetException(state.Why), (Input: this, Why: why), preferLocal: false);
    }

    private void Finish(in ReadResult result)
    {
        _cancellation.Dispose();
        _cancellation = default;
        if (_fault is { } fault) _core.SetException(fault);
        else _core.SetResult(result);
    }

    private void WakeCanceled()
    {
        ReadResult result;
        lock (_gate)
        {
            if (!_isWaiting || !_isCanceled) return;
            _isWaiting = false;
            TryTake(out result);
        }

        Finish(result);
    }

    /// <summary>What the reader can have now. Caller holds the gate.</summary>
    private bool TryTake(out ReadResult result)
    {
        bool isNew = _end - _start > _examined;
        if (!isNew && !_isCanceled && !_isAtEnd)
        {
            result = default;
            return false;
        }

        ReadOnlySequence<byte> buffer = _bytes is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_bytes, _start, _end - _start);
        result = new ReadResult(buffer, _isCanceled, _isAtEnd);
        (_isCanceled, _isReading) = (false, true);
        return true;
    }

    private void NoteEnd(int received)
    {
        _isAtEnd = true;
        if (received < 0) _fault ??= new ConnectionResetException("The connection was reset.", LinuxSocket.ToException(-received));
    }

    /// <summary>Where to receive: the loop's scratch, or behind the bytes that are kept. Caller holds the gate.</summary>
    private Span<byte> Room(SocketLoop loop)
    {
        if (_bytes is null && _core.RunContinuationsAsynchronously)
        {
            // Read on another thread, so the loop's scratch would have to be left to it each time.
            (_bytes, _isScratch, _isPooled, _start, _end, _examined) = (ArrayPool<byte>.Shared.Rent(PooledBytes), false, true, 0, 0, 0);
            return _bytes;
        }

        if (_bytes is null)
        {
            (_bytes, _isScratch, _isPooled, _start, _end, _examined) = (loop.Scratch, true, false, 0, 0, 0);
            return _bytes;
        }

        if (_end == _bytes.Length) Grow();
        return _bytes.AsSpan(_end);
    }

    private void Grow()
    {
        int length = _end - _start;
        if (length >= MostBytes) throw new InvalidOperationException($"A reader left {length} bytes of a connection unread.");
        Keep(Math.Max(SmallestBytes, length * 2));
    }

    /// <summary>Moves what is unread into memory of its own. Caller holds the gate.</summary>
    private void Keep(int bytes)
    {
        int length = _end - _start;
        byte[] kept = ArrayPool<byte>.Shared.Rent(bytes);
        _bytes.AsSpan(_start, length).CopyTo(kept);
        int examined = _examined;
        LetGo();
        (_bytes, _isPooled, _start, _end, _examined) = (kept, true, 0, length, examined);
    }

    private void LetGo()
    {
        if (_isPooled) ArrayPool<byte>.Shared.Return(_bytes!);
        (_bytes, _isScratch, _isPooled, _start, _end, _examined) = (null, false, false, 0, 0, 0);
    }
}
