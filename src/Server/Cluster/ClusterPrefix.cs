using System.Globalization;
using Chat.Storage.Nodes;

namespace Chat.Server.Cluster;

/// <summary>
/// What stands in front of every key and channel on Redis: <see cref="ClusterOptions.KeyPrefix"/> and the tag of the database, so that
/// clusters which share a Redis and were left at the defaults do not hear each other. Read once before the broker starts; thread-safe.
/// </summary>
internal sealed class ClusterPrefix(ClusterOptions options)
{
    private volatile string? _value;

    /// <exception cref="InvalidOperationException">The tag is not known yet.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The tag of the database has not been read yet.");

    public async Task ReadAsync(DatabaseTagStore store, CancellationToken ct) => Use(await store.ReadAsync(ct));

    public void Use(long tag) => _value = string.Create(CultureInfo.InvariantCulture, $"{options.KeyPrefix}{tag:x}:");
}
