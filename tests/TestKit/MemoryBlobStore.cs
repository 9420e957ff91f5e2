using System.Collections.Concurrent;
using Chat.Domain.Media;

namespace Chat.TestKit;

/// <summary>A blob store in memory that keeps the port's rules, and can be told to fail.</summary>
public sealed class MemoryBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<BlobName, byte[]> _blobs = new();

    /// <summary>Names that are stored now.</summary>
    public IReadOnlyCollection<BlobName> Names => [.. _blobs.Keys];

    /// <summary>What the next calls throw; null for nothing.</summary>
    public Exception? Fault { get; set; }

    public async Task<long?> StoreAsync(BlobName name, Stream content, long maxBytes, CancellationToken ct)
    {
        if (Fault is { } fault) throw fault;

        using MemoryStream copy = new();
        await content.CopyToAsync(copy, ct);
        if (copy.Length > maxBytes) return null;
        if (!_blobs.TryAdd(name, copy.ToArray())) throw new IOException($"{name} is taken.");
        return copy.Length;
    }

    public Task<Stream?> FindAsync(BlobName name, CancellationToken ct) =>
        Fault is { } fault
            ? Task.FromException<Stream?>(fault)
            : Task.FromResult<Stream?>(_blobs.TryGetValue(name, out byte[]? bytes) ? new MemoryStream(bytes, writable: false) : null);

    public Task DeleteAsync(BlobName name, CancellationToken ct)
    {
        if (Fault is { } fault) return Task.FromException(fault);

        _blobs.TryRemove(name, out _);
        return Task.CompletedTask;
    }
}
