using System.Buffers.Binary;

namespace Chat.Server.Cluster;

/// <summary>What a node puts in front of what it publishes.</summary>
internal enum PublicationKind : byte
{
    /// <summary>A payload for the topic's receiver.</summary>
    Payload = 1,

    /// <summary>A node asks whether it hears itself: the payload is a number. No other node cares.</summary>
    Probe = 2,
}

/// <summary>
/// The ten bytes in front of every publication: format (u8, 1), kind (u8), incarnation of the node that published (u64, little-endian). By
/// them a node skips its own publications and formats that it does not know.
/// </summary>
internal readonly record struct PublicationHeader(PublicationKind Kind, long Incarnation)
{
    public const int Bytes = 10;

    private const byte Format = 1;

    /// <summary>A publication in one array.</summary>
    public byte[] InFrontOf(ReadOnlySpan<byte> payload)
    {
        byte[] publication = new byte[Bytes + payload.Length];
        (publication[0], publication[1]) = (Format, (byte)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(publication.AsSpan(2), Incarnation);
        payload.CopyTo(publication.AsSpan(Bytes));
        return publication;
    }

    /// <summary>False for anything that is not ours or of a later version; the channel is open to everyone who may use Redis.</summary>
    public static bool TryRead(ReadOnlySpan<byte> publication, out PublicationHeader header)
    {
        header = default;
        if (publication.Length < Bytes || publication[0] != Format) return false;

        header = new PublicationHeader((PublicationKind)publication[1], BinaryPrimitives.ReadInt64LittleEndian(publication[2..]));
        return header.Kind is PublicationKind.Payload or PublicationKind.Probe;
    }
}
