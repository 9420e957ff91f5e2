using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Chat.Chaos.Proxy;

/// <summary>
/// One direction of a proxied connection: what is read is sent on when its time has come. An end of the stream is passed on in its turn, so
/// that a half-closed connection stays half-closed.
/// </summary>
internal sealed class ProxyFlow(Socket from, Socket to, Func<LinkConditions> conditions, IFlowFilter? filter)
{
    private const int PieceBytes = 1 << 16;
    private const int MaxWaitingPieces = 1_024; // with long delays many small pieces are on their way
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly Random _random = new(PieceBytes); // jitter only: no verdict depends on it
    private readonly Channel<Piece> _pieces = Channel.CreateBounded<Piece>(
        new BoundedChannelOptions(MaxWaitingPieces) { SingleReader = true, SingleWriter = true });

    private long _passed;

    /// <summary>Runs until the stream ended in order (true) or the connection is to be reset (false).</summary>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        Task reading = ReadAsync(ct);
        bool inOrder = await WriteAsync(ct);
        if (inOrder) await reading;
        return inOrder;
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                byte[] buffer = new byte[PieceBytes];
                int read = await from.ReceiveAsync(buffer, SocketFlags.None, ct);
                if (read == 0) break;
                long due = Stopwatch.GetTimestamp() + (long)(conditions().DrawDelay(_random).TotalSeconds * Stopwatch.Frequency);
                await _pieces.Writer.WriteAsync(new Piece(buffer.AsMemory(0, read), due), ct);
            }

            _pieces.Writer.TryComplete();
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _pieces.Writer.TryComplete(ended);
        }
    }

    private async Task<bool> WriteAsync(CancellationToken ct)
    {
        try
        {
            await foreach (Piece piece in _pieces.Reader.ReadAllAsync(ct))
            {
                await WaitForAsync(piece.Due, ct);
                if (!await PassAsync(piece.Bytes, ct)) return false;
            }

            to.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (Exception ended) when (
            ended is SocketException or ObjectDisposedException or OperationCanceledException or ChannelClosedException)
        {
            return false;
        }
    }

    private async Task WaitForAsync(long due, CancellationToken ct)
    {
        TimeSpan early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (early > TimeSpan.Zero) await Task.Delay(early, TimeProvider.System, ct);
        while (conditions().IsStalled) await Task.Delay(Look, TimeProvider.System, ct);
    }

    private async Task<bool> PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (filter is not null && !filter.TryPass(bytes, out bytes)) return false;
        while (bytes.Length > 0)
        {
            LinkConditions now = conditions();
            long room = now.CutAfterBytes > 0 ? now.CutAfterBytes - _passed : long.MaxValue;
            if (room <= 0) return false;
            int piece = (int)Math.Min(
                Math.Min(bytes.Length, room), now.BytesPerSecond > 0 ? Math.Max(1, now.BytesPerSecond / 50) : int.MaxValue);
            int sent = await to.SendAsync(bytes[..piece], SocketFlags.None, ct);
            _passed += sent;
            bytes = bytes[sent..];
            if (now.BytesPerSecond > 0) await Task.Delay(TimeSpan.FromSeconds((double)sent / now.BytesPerSecond), TimeProvider.System, ct);
        }

        return true;
    }

    /// <param name="Bytes">Its own; never changed.</param>
    /// <param name="Due">Timestamp before which it is not sent on.</param>
    private readonly record struct Piece(ReadOnlyMemory<byte> Bytes, long Due);
}
