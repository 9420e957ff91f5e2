using Chat.Domain.Media;

namespace Chat.Server.Media;

/// <summary>Reads an encrypted blob from any place: decrypts the segments that are asked for, and gives nothing of one that was altered.
/// Closes the other stream. One reader.</summary>
internal sealed class DecryptingStream : ReadOnlyStream
{
    private readonly Stream _encrypted;
    private readonly BlobCipher _cipher;
    private readonly byte[] _input = new byte[BlobCipher.SegmentBytes + BlobCipher.TagBytes];
    private readonly byte[] _plain = new byte[BlobCipher.SegmentBytes];
    private readonly long _length;
    private readonly long _lastSegment;
    private long _held = -1;
    private long _position;

    private DecryptingStream(Stream encrypted, BlobCipher cipher)
    {
        (_encrypted, _cipher) = (encrypted, cipher);
        _length = BlobCipher.PlainLength(encrypted.Length);
        _lastSegment = Math.Max(0, (_length - 1) / BlobCipher.SegmentBytes);
    }

    public override bool CanSeek => true;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <param name="encrypted">Seekable, at its first byte.</param>
    /// <exception cref="InvalidDataException">It was not encrypted by us, or was cut off.</exception>
    public static async Task<DecryptingStream> OpenAsync(ReadOnlyMemory<byte> key, BlobName name, Stream encrypted, CancellationToken ct)
    {
        byte[] header = new byte[BlobCipher.HeaderBytes];
        int read = await encrypted.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, ct);
        return new DecryptingStream(encrypted, BlobCipher.Open(key.Span, name, header.AsSpan(0, read)));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= _length || buffer.IsEmpty) return 0;

        long segment = _position / BlobCipher.SegmentBytes;
        if (segment != _held) await DecryptAsync(segment, cancellationToken);

        int start = (int)(_position % BlobCipher.SegmentBytes);
        int given = Math.Min(buffer.Length, BytesOf(segment) - start);
        _plain.AsMemory(start, given).CopyTo(buffer);
        _position += given;
        return given;
    }

    public override async ValueTask DisposeAsync()
    {
        _cipher.Dispose();
        await _encrypted.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cipher.Dispose();
            _encrypted.Dispose();
        }

        base.Dispose(disposing);
    }

    private int BytesOf(long segment) => (int)Math.Min(BlobCipher.SegmentBytes, _length - (segment * BlobCipher.SegmentBytes));

    private async ValueTask DecryptAsync(long segment, CancellationToken ct)
    {
        _held = -1;
        long at = BlobCipher.HeaderBytes + (segment * (BlobCipher.SegmentBytes + BlobCipher.TagBytes));
        if (_encrypted.Position != at) _encrypted.Position = at;
        Memory<byte> input = _input.AsMemory(0, BytesOf(segment) + BlobCipher.TagBytes);
        await _encrypted.ReadExactlyAsync(input, ct);
        _cipher.Decrypt(segment, segment == _lastSegment, input.Span, _plain);
        _held = segment;
    }
}
