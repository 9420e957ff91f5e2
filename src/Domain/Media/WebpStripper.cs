using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>
/// Copies a WebP (RFC 9649) with the chunks that a picture is drawn by. The file's length stands at its start, so what goes leaves as many
/// zeros; of Exif the orientation stays.
/// </summary>
public sealed class WebpStripper() : ChunkStripper(FileHeadBytes)
{
    private const int FileHeadBytes = 12; // "RIFF", length, "WEBP"
    private const int HeadBytes = 8; // type, length
    private const int FlagsBytes = HeadBytes + 1;
    private const byte XmpFlag = 0x04; // RFC 9649 2.7, the extended header

    private bool _isOpen;
    private long _left; // of the file, from the next head on

    public override bool IsWhole => _isOpen && !IsBroken && _left == 0 && PayloadLeft == 0;

    private static ReadOnlySpan<byte> Kept => "VP8 VP8LALPHANIMANMFICCP"u8;

    private protected override int OnHead(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        if (!_isOpen) return OnFileHead(head, output);
        if (_left < HeadBytes)
        {
            End();
            return 0;
        }

        ReadOnlySpan<byte> type = head[..4];
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        bool isExtended = type.SequenceEqual("VP8X"u8) && length > 0;
        if (isExtended && head.Length < FlagsBytes) return FlagsBytes;

        long padded = Math.Min((long)length + (length & 1), _left - HeadBytes); // some leave out the last pad
        if (length > padded)
        {
            Break();
            return 0;
        }

        _left -= HeadBytes + padded;
        OnChunk(type, head, padded, output);
        return 0;
    }

    private protected override void OnHeld(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        bool isTurned = ExifOrientation.TryReadTiff(payload, out int orientation)
            || ExifOrientation.TryReadSegment(payload, out orientation); // not by the book, but seen
        byte[] written = ExifOrientation.WriteTiff(isTurned ? orientation : 1);
        Span<byte> stays = output.GetSpan(payload.Length)[..payload.Length];
        stays.Clear();
        if (written.Length <= stays.Length) written.CopyTo(stays);
        output.Advance(payload.Length);
    }

    private int OnFileHead(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        _isOpen = true;
        _left = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) - 4L; // "WEBP" is counted
        output.Write(head); // judged by ContentSniffer
        if (_left < HeadBytes) Break();
        else Follow(0, Treatment.Copy, HeadBytes);
        return 0;
    }

    private void OnChunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> head, long payloadBytes, IBufferWriter<byte> output)
    {
        if (head.Length == FlagsBytes)
        {
            output.Write(head[..HeadBytes]);
            output.Write([(byte)(head[HeadBytes] & ~XmpFlag)]);
            Follow(payloadBytes - 1, Treatment.Copy, HeadBytes);
        }
        else if (IsAmong(Kept, type))
        {
            output.Write(head);
            Follow(payloadBytes, Treatment.Copy, HeadBytes);
        }
        else if (type.SequenceEqual("EXIF"u8) && payloadBytes is > 0 and <= MostHeldBytes)
        {
            output.Write(head);
            Follow(payloadBytes, Treatment.Hold, HeadBytes);
        }
        else
        {
            output.Write("JUNK"u8); // RIFF's name of what is to be passed over
            output.Write(head[4..]);
            Follow(payloadBytes, Treatment.Blank, HeadBytes);
        }
    }
}
