using System.Buffers.Binary;
using System.Text;
using Chat.Domain.Cluster;

namespace Chat.Domain.Presence;

/// <summary>
/// What a node says on <see cref="BrokerChannel.Presence"/>: that principals came or went, or only that its list stands at a number. Bytes:
/// format (u8, 1), incarnation (u64), number (u64), length of the node's id (u8), the id in ASCII, then for each change the principal (u64)
/// and when they were last seen in Unix ms (u64, 0: online). All little-endian.
/// </summary>
/// <param name="Number">How many publications with changes the node has made, this one included; by it a receiver sees that it missed
/// one.</param>
internal sealed record PresencePublication(NodeIdentity Node, long Number, IReadOnlyList<PresenceChange> Changes)
{
    /// <summary>Changes in one publication, at most.</summary>
    public const int MaxChanges = 1000;

    private const byte Format = 1;
    private const int ChangeBytes = 16;
    private const int FixedBytes = 1 + sizeof(long) + sizeof(long) + 1;
    private const int MaxNodeIdBytes = 64;

    private static readonly long LastMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public byte[] Write()
    {
        int idBytes = Encoding.ASCII.GetByteCount(Node.Id);
        byte[] bytes = new byte[FixedBytes + idBytes + Changes.Count * ChangeBytes];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Node.Incarnation);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), Number);
        bytes[17] = (byte)idBytes;
        Encoding.ASCII.GetBytes(Node.Id, bytes.AsSpan(FixedBytes));
        Span<byte> rest = bytes.AsSpan(FixedBytes + idBytes);
        foreach (PresenceChange change in Changes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, change.PrincipalId);
            BinaryPrimitives.WriteInt64LittleEndian(rest[sizeof(long)..], change.Online ? 0 : change.At.ToUnixTimeMilliseconds());
            rest = rest[ChangeBytes..];
        }

        return bytes;
    }

    /// <summary>Null for anything that is not ours, not whole or of another version.</summary>
    public static PresencePublication? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedBytes || bytes[0] != Format) return null;

        long incarnation = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        long number = BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]);
        int idBytes = bytes[17];
        if (incarnation <= 0 || number < 0 || idBytes is 0 or > MaxNodeIdBytes || bytes.Length < FixedBytes + idBytes) return null;

        ReadOnlySpan<byte> id = bytes.Slice(FixedBytes, idBytes);
        ReadOnlySpan<byte> rest = bytes[(FixedBytes + idBytes)..];
        if (!Ascii.IsValid(id) || rest.Length % ChangeBytes != 0 || rest.Length / ChangeBytes > MaxChanges) return null;

        PresenceChange[] changes = new PresenceChange[rest.Length / ChangeBytes];
        for (int i = 0; i < changes.Length; i++, rest = rest[ChangeBytes..])
        {
            long principalId = BinaryPrimitives.ReadInt64LittleEndian(rest);
            long lastSeenMs = BinaryPrimitives.ReadInt64LittleEndian(rest[sizeof(long)..]);
            if (principalId <= 0 || lastSeenMs < 0 || lastSeenMs > LastMs) return null;
            changes[i] = new PresenceChange(principalId, lastSeenMs == 0, DateTimeOffset.FromUnixTimeMilliseconds(lastSeenMs));
        }

        return new PresencePublication(new NodeIdentity(Encoding.ASCII.GetString(id), incarnation), number, changes);
    }
}
