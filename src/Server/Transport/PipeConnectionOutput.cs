using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport;

/// <summary>Sends through a pipe: for TLS, for upgrades inside an HTTP connection, for memory. One flush under way at any time.</summary>
/// <remarks>Thread-safe. Bytes are queued by reference; the loop that writes them runs on the pool and only while there are some.</remarks>
/// <param name="pipe">Belongs to this object alone; whoever owns the connection completes it.</param>
/// <param name="maxQueuedBytes">Once so many wait, no more are taken; the last write may go over it.</param>
public sealed class PipeConnectionOutput(PipeWriter pipe, int maxQueuedBytes) : IConnectionOutput, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<ReadOnlyMemory<byte>> _queue = [];
    private List<ReadOnlyMemory<byte>> _spare = [];
    private TaskCompletionSource? _roomWaiter;
    private long _queuedBytes;
    private bool _isFlushing;
    private bool _isCompleting;
    private bool _isBroken;

    public Task Drained => _drained.Task;

    public bool TryWrite(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (_isBroken || _isCompleting || _queuedBytes >= maxQueuedBytes) return false;
            _queue.Add(bytes);
            _queuedBytes += bytes.Length;
            StartFlushing();
            return true;
        }
    }

    /// <summary>Waits until less than half of the bound is queued, then queues. For one waiter at a time, the connection's loop.</summary>
    /// <returns>False when the output is completed or broken.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_isBroken || _isCompleting) return false;
                if (_queuedBytes < (maxQueuedBytes + 1) / 2) break;
                _roomWaiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _roomWaiter.Task;
            }

            await room.WaitAsync(ct);
        }

        return TryWrite(bytes);
    }

    public void CompleteAfterPending()
    {
        lock (_gate)
        {
            if (_isCompleting) return;
            _isCompleting = true;
            StartFlushing();
        }
    }

    /// <summary>The flushing loop's start; for the thread pool.</summary>
    void IThreadPoolWorkItem.Execute() => _ = FlushQueueAsync();

    private void StartFlushing()
    {
        if (_isFlushing || _isBroken) return;
        _isFlushing = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task FlushQueueAsync()
    {
        while (TryTake(out List<ReadOnlyMemory<byte>> batch))
        {
            long sent = 0;
            foreach (ReadOnlyMemory<byte> bytes in batch) sent += bytes.Length;
            bool isOpen = await TryFlushAsync(batch);
            batch.Clear();
            End(sent, isOpen, batch);
        }
    }

    // Taking and going idle are one step, so that a write either is in the batch or starts a new loop.
    private bool TryTake(out List<ReadOnlyMemory<byte>> batch)
    {
        lock (_gate)
        {
            batch = _queue;
            if (_queue.Count > 0)
            {
                _queue = _spare;
                return true;
            }

            _isFlushing = false;
            if (_isCompleting) _drained.TrySetResult();
            return false;
        }
    }

    private async Task<bool> TryFlushAsync(List<ReadOnlyMemory<byte>> batch)
    {
        try
        {
            foreach (ReadOnlyMemory<byte> bytes in batch)
            {
                FlushResult flushed = bytes.Length > 16_384 ? await pipe.WriteAsync(bytes) : Copy(bytes);
                if (flushed.IsCompleted || flushed.IsCanceled) return false;
            }

            FlushResult last = await pipe.FlushAsync();
            return !last.IsCompleted && !last.IsCanceled;
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or InvalidOperationException
            or OperationCanceledException or ConnectionAbortedException)
        {
            return false; // the connection ended below us; its own loop sees and reports it
        }
    }

    private FlushResult Copy(ReadOnlyMemory<byte> bytes)
    {
        bytes.Span.CopyTo(pipe.GetSpan(bytes.Length));
        pipe.Advance(bytes.Length);
        return default;
    }

    private void End(long sent, bool isOpen, List<ReadOnlyMemory<byte>> batch)
    {
        lock (_gate)
        {
            _spare = batch;
            _queuedBytes -= sent;
            if (!isOpen)
            {
                (_isBroken, _queuedBytes) = (true, 0);
                _queue.Clear();
                _drained.TrySetResult();
            }

            if (_roomWaiter is null || _queuedBytes >= (maxQueuedBytes + 1) / 2) return;
            _roomWaiter.TrySetResult();
            _roomWaiter = null;
        }
    }
}

/// <summary>Gives every connection a <see cref="PipeConnectionOutput"/> on its transport.</summary>
public sealed class PipeConnectionOutputFactory(WebSocketOptions options) : IConnectionOutputFactory
{
    public IConnectionOutput Create(ConnectionContext connection) =>
        new PipeConnectionOutput(connection.Transport.Output, options.MaxQueuedBytes);
}
