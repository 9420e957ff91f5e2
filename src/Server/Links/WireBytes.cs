using Chat.Domain.Media;

namespace Chat.Server.Links;

/// <summary>What comes over the wire below a decompressor, which may take any number of bytes and give none.</summary>
/// <param name="maxBytes">One more is a fault of who sends it.</param>
internal sealed class WireBytes(Stream wire, int maxBytes) : ReadOnlyStream
{
    private int _taken;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await wire.ReadAsync(buffer, cancellationToken);
        _taken += read;
        return _taken <= maxBytes ? read : throw new InvalidDataException($"More than {maxBytes} compressed bytes.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) wire.Dispose();
        base.Dispose(disposing);
    }
}
