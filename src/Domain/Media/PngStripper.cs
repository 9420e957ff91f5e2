using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>
/// Copies a PNG (ISO/IEC 15948) with the chunks that a picture is drawn by, its colours and its animation; without texts, times, Exif but
/// for the orientation, chunks of programs, and what stands behind the picture's end.
/// </summary>
public sealed class PngStripper() : ChunkStripper(SignatureBytes)
{
    private const int SignatureBytes = 8;
    private const int HeadBytes = 8; // length, type
    private const int ChecksumBytes = 4;

    private bool _signatureSeen;
    private bool _endSeen;
    private bool _orientationKept;

    public override bool IsWhole => _endSeen && PayloadLeft == 0;

    /// <summary>Of the chunks that a reader may pass over, those that change what is seen: colours, transparency, size of a dot, animation.</summary>
    private static ReadOnlySpan<byte> Kept => "tRNScHRMgAMAiCCPsBITsRGBcICPmDCVcLLIbKGDpHYshISTsPLTacTLfcTLfdAT"u8;

    private protected override int OnHead(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        if (_endSeen) End();
        else if (_signatureSeen) OnChunk(BinaryPrimitives.ReadUInt32BigEndian(head), head[4..], head, output);
        else
        {
            _signatureSeen = true;
            output.Write(head); // judged by ContentSniffer
            Follow(0, Treatment.Copy, HeadBytes);
        }

        return 0;
    }

    private protected override void OnHeld(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        if (_orientationKept || !ExifOrientation.TryReadTiff(payload[..^ChecksumBytes], out int orientation)) return;

        _orientationKept = true;
        byte[] chunk = [0, 0, 0, 0, .. "eXIf"u8, .. ExifOrientation.WriteTiff(orientation), 0, 0, 0, 0];
        Span<byte> checkedPart = chunk.AsSpan(4..^ChecksumBytes); // the type too, 5.3
        BinaryPrimitives.WriteInt32BigEndian(chunk, checkedPart.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^ChecksumBytes..), Checksum(checkedPart));
        output.Write(chunk);
    }

    private void OnChunk(uint length, ReadOnlySpan<byte> type, ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        if (length > int.MaxValue) // 5.3
        {
            Break();
            return;
        }

        _endSeen = type.SequenceEqual("IEND"u8);
        bool isKept = IsKept(type);
        bool isExif = type.SequenceEqual("eXIf"u8) && length <= MostHeldBytes;
        if (isKept) output.Write(head);
        Follow(length + ChecksumBytes, isKept ? Treatment.Copy : isExif ? Treatment.Hold : Treatment.Drop, HeadBytes);
    }

    /// <summary>Without a chunk whose first letter is a capital one there is no picture, 5.4.</summary>
    private static bool IsKept(ReadOnlySpan<byte> type) => type[0] is >= (byte)'A' and <= (byte)'Z' || IsAmong(Kept, type);

    /// <summary>CRC-32, annex D; bit by bit, for the few bytes that are written here.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            checksum ^= value;
            for (int bit = 0; bit < 8; bit++) checksum = (checksum >> 1) ^ ((checksum & 1) * 0xEDB88320);
        }

        return ~checksum;
    }
}
