using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>
/// Copies a WebP (RFC 9649) with the chunks that a picture is drawn by. The file's length stands at its start, so what goes leaves as many
/// zeros; of Exif the orientation stays. Exif stays a chunk even when it says nothing: the head, which is written by then, says that there is
/// some.
/// </summary>
public sealed class WebpStripper() : ChunkStripper(FileHeadBytes)
{
    private const int FileHeadBytes = 12; // "RIFF", length, "WEBP"
    private const int HeadBytes = 8; // type, length
    private const int FlagsBytes = HeadBytes + 1;
    private const int FrameBytes = 16; // where it stands, its size, for how long; then its chunks, RFC 9649 2.7.1.1
    private const byte XmpFlag = 0x04; // RFC 9649 2.7, the extended header

    private bool _isOpen;
    private long _left; // of the file, from the next head on
    private long _frameLeft; // the same of the frame that is open, if one is
    private long _behindFrame; // its pad, and what is no chunk
    private long _spare; // bytes behind the last payload that no picture misses

    public override bool IsWhole => _isOpen && !IsBroken && _left == 0 && _frameLeft == 0 && PayloadLeft == 0 && BehindLeft <= _spare;

    /// <summary>RIFF's name of what is to be passed over.</summary>
    private static ReadOnlySpan<byte> Junk => "JUNK"u8;

    private static ReadOnlySpan<byte> Kept => "VP8 VP8LALPHANIMICCP"u8;

    private static ReadOnlySpan<byte> KeptInFrame => "VP8 VP8LALPH"u8;

    private protected override int OnHead(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        if (!_isOpen) return OnFileHead(head, output);
        if (_frameLeft > 0)
        {
            OnHeadInFrame(head, output);
            return 0;
        }

        if (_left < HeadBytes)
        {
            End();
            return 0;
        }

        bool isExtended = head.StartsWith("VP8X"u8) && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) > 0;
        if (isExtended && head.Length < FlagsBytes) return FlagsBytes;
        if (TryTake(ref _left, head, out uint length)) OnChunk(head[..4], length, head, output);
        return 0;
    }

    private protected override void OnHeld(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        Span<byte> stays = output.GetSpan(payload.Length)[..payload.Length];
        stays.Clear();
        if (payload.Length >= ExifOrientation.TiffBytes)
        {
            bool isTurned = ExifOrientation.TryReadTiff(payload, out int orientation)
                || ExifOrientation.TryReadSegment(payload, out orientation); // not by the book, but seen
            ExifOrientation.WriteTiff(isTurned ? orientation : 1).CopyTo(stays);
        }

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

    /// <summary>What of a row of chunks is left behind one of them.</summary>
    private bool TryTake(ref long left, ReadOnlySpan<byte> head, out uint length)
    {
        length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        left -= HeadBytes;
        if (length > left)
        {
            Break();
            return false;
        }

        left -= length;
        _spare = Math.Min(length & 1, left); // some leave out the last pad
        left -= _spare;
        if (left < HeadBytes) (_spare, left) = (_spare + left, 0); // no chunk
        return true;
    }

    private void OnHeadInFrame(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        if (!TryTake(ref _frameLeft, head, out uint length)) return;
        if (_frameLeft == 0) _spare += _behindFrame;

        bool isKept = IsAmong(KeptInFrame, head[..4]);
        output.Write(isKept ? head[..4] : Junk);
        output.Write(head[4..]);
        Follow(length, isKept ? Treatment.Copy : Treatment.Blank, HeadBytes, _spare);
    }

    private void OnFrame(long length, ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        output.Write(head);
        (_frameLeft, _behindFrame) = (length - FrameBytes, _spare);
        if (_frameLeft < HeadBytes) (_spare, _frameLeft) = (_spare + _frameLeft, 0); // it shows nothing
        Follow(FrameBytes, Treatment.Copy, HeadBytes, _frameLeft == 0 ? _spare : 0);
    }

    private void OnChunk(ReadOnlySpan<byte> type, long length, ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        if (head.Length == FlagsBytes)
        {
            output.Write(head[..HeadBytes]);
            output.Write([(byte)(head[HeadBytes] & ~XmpFlag)]);
            Follow(length - 1, Treatment.Copy, HeadBytes, _spare);
        }
        else if (type.SequenceEqual("ANMF"u8) && length >= FrameBytes)
        {
            OnFrame(length, head, output);
        }
        else if (IsAmong(Kept, type))
        {
            output.Write(head);
            Follow(length, Treatment.Copy, HeadBytes, _spare);
        }
        else if (type.SequenceEqual("EXIF"u8))
        {
            long held = Math.Min(length, MostHeldBytes); // the orientation is among the first things in it
            output.Write(head);
            Follow(held, Treatment.Hold, HeadBytes, length - held + _spare);
        }
        else
        {
            output.Write(Junk);
            output.Write(head[4..]);
            Follow(length, Treatment.Blank, HeadBytes, _spare);
        }
    }
}
