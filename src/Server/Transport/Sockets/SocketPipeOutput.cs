using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Chat.Server.Transport.Sockets;

/// <summary>A pipe out of a socket, for HTTP and for TLS: what is written is sent by a loop of its own, under the pipe's back-pressure.</summary>
internal sealed class SocketPipeOutput : ISocketSender
{
    private static readonly PipeOptions Options = new(useSynchronizationContext: false);

    private readonly SocketConnection _connection;
    private readonly Pipe _pipe = new(Options);
    private readonly Task _running;
    private TaskCompletionSource? _writable;

    public SocketPipeOutput(SocketConnection connection)
    {
        _connection = connection;
        _running = RunAsync();
    }

    public PipeWriter Writer => _pipe.Writer;

    public void OnWritable() => Interlocked.Exchange(ref _writable, null)?.TrySetResult();

    /// <summary>Takes nothing more, and returns when all has left or cannot.</summary>
    public async Task CompleteAsync()
    {
        await _pipe.Writer.CompleteAsync();
        await _running;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                ReadResult read = await _pipe.Reader.ReadAsync(CancellationToken.None);
                foreach (ReadOnlyMemory<byte> piece in read.Buffer) await SendAsync(piece);
                _pipe.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (Exception ended) when (ended is ConnectionResetException or ConnectionAbortedException)
        {
            // A peer that goes away is no fault of who writes: they hear that nobody reads any more, and from the input why.
        }

        await _pipe.Reader.CompleteAsync();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = _connection.TrySend(bytes.Span);
            if (sent == -LinuxSocket.WouldBlock)
            {
                // Asked again behind the promise, because the room may have come in between; it is told once only.
                TaskCompletionSource writable = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _writable, writable);
                sent = _connection.TrySend(bytes.Span);
                if (sent == -LinuxSocket.WouldBlock)
                {
                    await writable.Task;
                    continue;
                }
            }

            if (sent < 0) throw new ConnectionResetException("The connection was reset.", LinuxSocket.ToException(-sent));
            bytes = bytes[sent..];
        }
    }
}
