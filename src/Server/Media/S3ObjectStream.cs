using Amazon.S3;
using Amazon.S3.Model;
using Chat.Domain.Media;

namespace Chat.Server.Media;

/// <summary>Reads an object from any place: asks for it from there on when the first byte is wanted. One reader.</summary>
internal sealed class S3ObjectStream(IAmazonS3 client, string bucket, string key, long length) : ReadOnlyStream
{
    private GetObjectResponse? _open;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            if (value == _position) return;

            _open?.Dispose(); // the rest of it is not wanted
            (_open, _position) = (null, value);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty) return 0;

        _open ??= await OpenAsync(cancellationToken);
        int read = await _open.ResponseStream.ReadAsync(buffer, cancellationToken);
        if (read == 0) throw new EndOfStreamException($"The object {key} broke off after {_position} of {length} bytes.");

        _position += read;
        return read;
    }

    private async Task<GetObjectResponse> OpenAsync(CancellationToken ct)
    {
        try
        {
            return await client.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(_position, length - 1) }, ct);
        }
        catch (Exception fault) when (S3BlobStore.IsOfService(fault))
        {
            throw S3BlobStore.Unavailable(fault);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _open?.Dispose();
        base.Dispose(disposing);
    }
}
