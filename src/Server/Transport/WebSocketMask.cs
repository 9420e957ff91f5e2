using System.Numerics;
using System.Runtime.InteropServices;

namespace Chat.Server.Transport;

/// <summary>Removes (or lays on) the client's mask, RFC 6455 §5.3.</summary>
internal static class WebSocketMask
{
    /// <summary>Writes <paramref name="source"/> xor <paramref name="key"/> to <paramref name="destination"/>; the two may be the same
    /// memory.</summary>
    /// <param name="source">Masked bytes.</param>
    /// <param name="destination">At least as long.</param>
    /// <param name="key">The four key bytes read as a little-endian integer, turned to where <paramref name="source"/> begins.</param>
    /// <returns>The key turned to where <paramref name="source"/> ends, for the bytes after it.</returns>
    public static uint Apply(ReadOnlySpan<byte> source, Span<byte> destination, uint key)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated && source.Length >= Vector<byte>.Count)
        {
            Vector<byte> wide = Vector.AsVectorByte(new Vector<uint>(key));
            for (; i <= source.Length - Vector<byte>.Count; i += Vector<byte>.Count)
                (new Vector<byte>(source[i..]) ^ wide).CopyTo(destination[i..]);
        }

        // The vector's width is a multiple of four, so the key still starts at its first byte.
        ReadOnlySpan<byte> keyBytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
        for (; i < source.Length; i++) destination[i] = (byte)(source[i] ^ keyBytes[i & 3]);
        return BitOperations.RotateRight(key, (source.Length & 3) * 8);
    }
}
