using System.Buffers;

namespace Chat.Server.Transport;

/// <summary>Gathers the payload of one message from many pieces in pooled memory that grows with what has arrived, not with what was
/// declared.</summary>
/// <remarks>Connection loop only. <see cref="Written"/> is valid until <see cref="Release"/>.</remarks>
internal struct MessageBuffer
{
    private const int SmallestBytes = 4096;

    private byte[]? _array;

    public int Length { get; private set; }

    public readonly ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>Room for exactly <paramref name="bytes"/> more, counted as written.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="maxBytes">Largest length this message may reach; the caller has checked that it will not be exceeded.</param>
    public Span<byte> Append(int bytes, int maxBytes)
    {
        int needed = Length + bytes;
        if (_array is null || _array.Length < needed) Grow(needed, maxBytes);
        Span<byte> room = _array.AsSpan(Length, bytes);
        Length = needed;
        return room;
    }

    /// <summary>Gives the memory back and starts anew.</summary>
    public void Release()
    {
        if (_array is not null) ArrayPool<byte>.Shared.Return(_array);
        (_array, Length) = (null, 0);
    }

    private void Grow(int needed, int maxBytes)
    {
        long doubled = Math.Min(Math.Max(2L * Length, SmallestBytes), maxBytes);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, doubled));
        if (_array is not null)
        {
            _array.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
