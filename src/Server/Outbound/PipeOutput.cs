using System.Buffers;
using System.IO.Pipelines;

namespace Chat.Server.Outbound;

/// <summary>Sends through a pipe: where TLS, the HTTP server or a test stands between us and the socket.</summary>
internal sealed class PipeOutput(PipeWriter pipe, OutboundPump pump, OutboundOptions options, TimeProvider time)
    : ConnectionOutput(pump, options, time)
{
    /// <summary>Each slice that the pipe takes counts as progress.</summary>
    private const int SliceBytes = 16 << 10;

    protected override int SendNow(ReadOnlySpan<byte> bytes) => 0; // a pipe has to be asked whether there is room

    protected override void SendLater(byte[] rest, int length) => _ = SendAsync(rest, length);

    private async Task SendAsync(byte[] rest, int length)
    {
        bool isSent = false;
        try
        {
            isSent = await TrySendAsync(rest.AsMemory(0, length));
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            isSent = false; // the connection ended under the write
        }

        ArrayPool<byte>.Shared.Return(rest);
        EndSend(isSent);
    }

    private async ValueTask<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlyMemory<byte> slice = bytes[..Math.Min(SliceBytes, bytes.Length)];
            FlushResult flushed = await pipe.WriteAsync(slice);
            if (flushed.IsCompleted || flushed.IsCanceled) return false;
            NoteProgress();
            bytes = bytes[slice.Length..];
        }

        return true;
    }
}
