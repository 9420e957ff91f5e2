using System.Buffers;

namespace Chat.Domain.Media;

/// <summary>
/// The bytes of a file as they are to be stored, while they come: its head is read ahead to be judged, what tells about its maker goes
/// on the way. Holds a piece of 64 KiB and what a stripper holds, whatever the size of the file. Does not close what it reads from. One reader.
/// </summary>
internal sealed class IncomingFile : ReadOnlyStream
{
    private const int PieceBytes = 64 * 1024;

    private readonly Stream _source;
    private readonly byte[] _head = new byte[ContentSniffer.HeadBytes];
    private readonly ArrayBufferWriter<byte> _stripped = new();
    private IMetadataStripper? _stripper;
    private byte[] _piece = [];
    private int _headBytes;
    private int _headAt;
    private int _strippedAt;

    private IncomingFile(Stream source) => _source = source;

    /// <summary>Its first bytes; fewer than <see cref="ContentSniffer.HeadBytes"/> only of a file that is shorter.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headBytes);

    /// <summary>Bytes that were read from the source; all of the file once this has been read to its end.</summary>
    public long BytesRead { get; private set; }

    /// <summary>False of a file that broke off, or is not of its type behind its head, where it is stripped. Asked at the end.</summary>
    public bool IsWhole => _stripper is null or { IsWhole: true };

    /// <summary>Pixels as they were told behind the head; 0 where the head tells them.</summary>
    public long Pixels => _stripper?.Pixels ?? 0;

    public static async Task<IncomingFile> OpenAsync(Stream source, CancellationToken ct)
    {
        IncomingFile file = new(source);
        file._headBytes = await source.ReadAtLeastAsync(file._head, file._head.Length, throwOnEndOfStream: false, ct);
        file.BytesRead = file._headBytes;
        return file;
    }

    /// <summary>What is read from now on is stripped. Before the first byte is read.</summary>
    public void Strip(IMetadataStripper stripper) => (_stripper, _piece) = (stripper, new byte[PieceBytes]);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_stripper is null || buffer.IsEmpty) return await ReadSourceAsync(buffer, cancellationToken);

        while (_strippedAt == _stripped.WrittenCount)
        {
            _stripped.ResetWrittenCount();
            _strippedAt = 0;
            int read = await ReadSourceAsync(_piece, cancellationToken);
            if (read == 0) return 0;

            _stripper.Write(_piece.AsSpan(0, read), _stripped);
        }

        int given = Math.Min(buffer.Length, _stripped.WrittenCount - _strippedAt);
        _stripped.WrittenMemory.Slice(_strippedAt, given).CopyTo(buffer);
        _strippedAt += given;
        return given;
    }

    private async ValueTask<int> ReadSourceAsync(Memory<byte> buffer, CancellationToken ct)
    {
        int given = Math.Min(buffer.Length, _headBytes - _headAt);
        if (given > 0)
        {
            _head.AsMemory(_headAt, given).CopyTo(buffer);
            _headAt += given;
            return given;
        }

        int read = await _source.ReadAsync(buffer, ct);
        BytesRead += read;
        return read;
    }
}
