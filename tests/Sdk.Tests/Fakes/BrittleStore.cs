namespace Chat.Sdk.Tests.Fakes;

/// <summary>A store in memory, of an app, that may be full.</summary>
public sealed class BrittleStore : IOutboxStore
{
    private readonly Dictionary<Guid, byte[]> _entries = [];

    public bool IsBroken { get; set; }

    public long PrincipalId { get; set; } = FakeServer.Me;

    public long DamagedBytes { get; set; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Load() => [.. _entries.Values.Select(entry => new ReadOnlyMemory<byte>(entry))];

    public void Save(Guid id, ReadOnlySpan<byte> entry)
    {
        if (IsBroken) throw new IOException("no room on the disk");
        _entries[id] = entry.ToArray();
    }

    public void Remove(Guid id)
    {
        if (IsBroken) throw new IOException("no room on the disk");
        _entries.Remove(id);
    }

    public void Clear() => _entries.Clear();
}
