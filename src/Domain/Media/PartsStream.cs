using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>Reads the parts of an upload as the one file that they are. Has one of them open at a time. One reader.</summary>
internal sealed class PartsStream(IBlobStore store, IReadOnlyList<ChunkRow> parts) : ReadOnlyStream
{
    private Stream? _open;
    private int _next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_open is null)
            {
                if (_next == parts.Count) return 0;

                _open = await store.FindAsync(new BlobName(parts[_next].ObjectId), cancellationToken)
                    ?? throw new IOException($"The part {parts[_next].ObjectId} of an upload is not in the blob store.");
                _next++;
            }

            int read = await _open.ReadAsync(buffer, cancellationToken);
            if (read > 0 || buffer.IsEmpty) return read;

            await _open.DisposeAsync();
            _open = null;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null) await _open.DisposeAsync();
        await base.DisposeAsync();
    }
}
