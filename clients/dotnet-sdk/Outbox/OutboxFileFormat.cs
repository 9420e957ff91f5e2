using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Chat.Sdk.Outbox;

/// <summary>
/// The bytes of an outbox on disk. A heading: <c>chat outbox 1\n</c>, 8 random bytes (the salt), u16 and whose it is, u32 checksum. Then
/// records: u32 length of the body, u32 checksum, body; the body is u8 kind, 16 bytes of id, and with <see cref="Put"/> the entry. Integers
/// are little-endian. A record's checksum (CRC-32C) is over salt, place in the file, and body: what a message's text looks like, and what was
/// left behind by a write that failed, is no record. Pure; thread-safe.
/// </summary>
internal static class OutboxFileFormat
{
    /// <summary>The body holds an entry, the last one of its id.</summary>
    public const byte Put = 1;

    /// <summary>The id's entry is no more.</summary>
    public const byte Removed = 2;

    public const int SaltBytes = 8;

    /// <summary>Length and checksum in front of a body.</summary>
    public const int RecordHeaderBytes = 8;

    /// <summary>Kind and id in front of an entry.</summary>
    public const int BodyHeaderBytes = 17;

    /// <summary>As large as an entry may be.</summary>
    public const int MaxEntryBytes = 128 << 10;

    private static ReadOnlySpan<byte> Family => "chat outbox "u8;

    private static ReadOnlySpan<byte> Version => "chat outbox 1\n"u8;

    public static byte[] NewHeading(string owner)
    {
        int ownerBytes = Encoding.UTF8.GetByteCount(owner);
        byte[] heading = new byte[Version.Length + SaltBytes + 2 + ownerBytes + 4];
        Version.CopyTo(heading);
        RandomNumberGenerator.Fill(heading.AsSpan(Version.Length, SaltBytes));
        Span<byte> behind = heading.AsSpan(Version.Length + SaltBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(behind, (ushort)ownerBytes);
        Encoding.UTF8.GetBytes(owner, behind[2..]);
        BinaryPrimitives.WriteUInt32LittleEndian(heading.AsSpan(heading.Length - 4), Checksum(0, heading.AsSpan(0, heading.Length - 4)));
        return heading;
    }

    /// <summary>Reads the heading. False: it is none, or not of this version.</summary>
    /// <param name="file">The file from its start.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="headingBytes">Where the records begin.</param>
    public static bool TryReadHeading(ReadOnlySpan<byte> file, out string owner, out int headingBytes)
    {
        (owner, headingBytes) = ("", 0);
        int front = Version.Length + SaltBytes + 2;
        if (file.Length < front || !file.StartsWith(Version)) return false;

        int ownerBytes = BinaryPrimitives.ReadUInt16LittleEndian(file[(front - 2)..]);
        int end = front + ownerBytes;
        if (file.Length < end + 4 || BinaryPrimitives.ReadUInt32LittleEndian(file[end..]) != Checksum(0, file[..end])) return false;

        (owner, headingBytes) = (Encoding.UTF8.GetString(file.Slice(front, ownerBytes)), end + 4);
        return true;
    }

    public static bool IsOfLaterVersion(ReadOnlySpan<byte> file) => file.StartsWith(Family) && !file.StartsWith(Version);

    public static ReadOnlySpan<byte> Salt(ReadOnlySpan<byte> heading) => heading.Slice(Version.Length, SaltBytes);

    public static byte[] NewRecord(ReadOnlySpan<byte> salt, long place, byte kind, Guid id, ReadOnlySpan<byte> entry)
    {
        byte[] record = new byte[RecordHeaderBytes + BodyHeaderBytes + entry.Length];
        Span<byte> body = record.AsSpan(RecordHeaderBytes);
        body[0] = kind;
        id.TryWriteBytes(body[1..]);
        entry.CopyTo(body[BodyHeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Checksum(salt, place, body));
        return record;
    }

    /// <summary>Reads the record at a place. False: there is none.</summary>
    /// <param name="file">The file from its start.</param>
    /// <param name="salt">Of the file's heading.</param>
    /// <param name="place">Bytes from the file's start.</param>
    /// <param name="body">Kind, id and entry: a slice of the file.</param>
    public static bool TryReadRecord(ReadOnlySpan<byte> file, ReadOnlySpan<byte> salt, int place, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (file.Length - place < RecordHeaderBytes + BodyHeaderBytes) return false;

        ReadOnlySpan<byte> record = file[place..];
        uint bodyBytes = BinaryPrimitives.ReadUInt32LittleEndian(record);
        if (bodyBytes is < BodyHeaderBytes or > BodyHeaderBytes + MaxEntryBytes || bodyBytes > record.Length - RecordHeaderBytes) return false;

        ReadOnlySpan<byte> found = record.Slice(RecordHeaderBytes, (int)bodyBytes);
        if (found[0] is not (Put or Removed)) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != Checksum(salt, place, found)) return false;

        body = found;
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> salt, long place, ReadOnlySpan<byte> body) =>
        Checksum(BitOperations.Crc32C(Checksum(0, salt), (ulong)place), body);

    /// <summary>Inverted at both ends, as usual: zeros in front of something count.</summary>
    private static uint Checksum(uint before, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~before;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
