namespace Chat.Server.Outbound;

/// <summary>Scratch memory of one pump: what leaves for one connection in one send, when it comes from more than one place.</summary>
/// <remarks>Owned by one pump. The span of <see cref="Bytes"/> dies at the next change.</remarks>
internal sealed class SendBuffer
{
    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Append(ReadOnlySpan<byte> more)
    {
        if (_length + more.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more.Length));
        more.CopyTo(_bytes.AsSpan(_length));
        _length += more.Length;
    }
}
