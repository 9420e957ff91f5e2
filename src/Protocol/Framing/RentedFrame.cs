namespace Chat.Protocol.Framing;

/// <summary>An encoded frame in memory that belongs to the calling thread. Use the bytes and dispose, before anything else is encoded.</summary>
public readonly ref struct RentedFrame
{
    private readonly FrameScratch _scratch;
    private readonly int _start;

    internal RentedFrame(FrameScratch scratch, int start) => (_scratch, _start) = (scratch, start);

    /// <summary>The frame, WebSocket header and length prefix included. Dies with <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _scratch.Written[_start..];

    /// <summary>Gives the memory back to the thread.</summary>
    public void Dispose() => FrameScratch.Return(_scratch);
}
