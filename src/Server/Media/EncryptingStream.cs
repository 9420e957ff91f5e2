using Chat.Domain.Media;

namespace Chat.Server.Media;

/// <summary>Gives what it reads from another stream encrypted. Holds two segments. Does not close the other stream. One reader.</summary>
internal sealed class EncryptingStream(Stream plain, BlobCipher cipher, byte[] header) : ReadOnlyStream
{
    private readonly byte[] _output = new byte[BlobCipher.SegmentBytes + BlobCipher.TagBytes];
    private byte[] _next = new byte[BlobCipher.SegmentBytes];
    private byte[] _segment = new byte[BlobCipher.SegmentBytes];
    private ReadOnlyMemory<byte> _ready = header;
    private int _nextBytes = -1;
    private long _number;
    private bool _ended;

    /// <summary>Bytes read from the other stream; all of it at the end.</summary>
    public long PlainBytes { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ready.IsEmpty && !await PrepareAsync(cancellationToken)) return 0;

        int given = Math.Min(buffer.Length, _ready.Length);
        _ready[..given].CopyTo(buffer);
        _ready = _ready[given..];
        return given;
    }

    /// <summary>Encrypts the next segment. One is read ahead: whether a segment is the last is known only when nothing follows.</summary>
    private async ValueTask<bool> PrepareAsync(CancellationToken ct)
    {
        if (_ended) return false;

        if (_nextBytes < 0) _nextBytes = await FillAsync(ct);
        (_segment, _next) = (_next, _segment);
        int bytes = _nextBytes;
        _nextBytes = bytes == BlobCipher.SegmentBytes ? await FillAsync(ct) : 0;
        _ended = _nextBytes == 0;
        cipher.Encrypt(_number++, _ended, _segment.AsSpan(0, bytes), _output);
        _ready = _output.AsMemory(0, bytes + BlobCipher.TagBytes);
        return true;
    }

    private async ValueTask<int> FillAsync(CancellationToken ct)
    {
        int read = await plain.ReadAtLeastAsync(_next, _next.Length, throwOnEndOfStream: false, ct);
        PlainBytes += read;
        return read;
    }
}
