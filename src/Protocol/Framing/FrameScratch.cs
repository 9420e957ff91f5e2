using System.Buffers;

namespace Chat.Protocol.Framing;

/// <summary>A growing buffer that a thread encodes into while the exact size is not known. Used by the thread that rented it only.</summary>
internal sealed class FrameScratch : IBufferWriter<byte>
{
    private const int FirstBytes = 4_096;
    private const int KeptBytes = 524_288; // holds the largest frame of a server; anything larger is not kept

    [ThreadStatic]
    private static FrameScratch? _ofThread;

    private byte[] _bytes = new byte[FirstBytes];
    private int _used;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _used);

    /// <summary>Takes the thread's scratch with <paramref name="reserved"/> bytes of undefined content in front.</summary>
    public static FrameScratch Rent(int reserved)
    {
        FrameScratch scratch = _ofThread ?? new FrameScratch();
        _ofThread = null; // a frame that encodes another while it is written gets a second one
        scratch._used = reserved;
        return scratch;
    }

    public static void Return(FrameScratch scratch)
    {
        if (scratch._bytes.Length <= KeptBytes) _ofThread = scratch;
    }

    public Span<byte> Reserved(int bytes) => _bytes.AsSpan(0, bytes);

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(_used);
    }

    private void Grow(int sizeHint)
    {
        int needed = _used + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
    }
}
