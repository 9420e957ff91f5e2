using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>
/// Copies an MP4 or QuickTime file (ISO/IEC 14496-12) with blanks in place of what describes it: user data and metadata of film and tracks,
/// boxes of programs, free space, and when it was made. Samples are found by their offset in the file, so no byte moves. Tracks that are
/// metadata themselves (the places along a ride) stay.
/// </summary>
public sealed class Mp4Stripper() : ChunkStripper(HeadBytes)
{
    private const int HeadBytes = 8; // length, type
    private const int LongHeadBytes = 16; // the same with a length of 64 bits
    private const int MostDepth = 3; // film, track, media

    private readonly long[] _left = new long[MostDepth + 1]; // bytes of each open box that are not given to a box in it; of the file: any
    private int _depth;
    private bool _isInFile; // the box stands in no other

    /// <summary>A film that breaks off in its samples can still be seen; one that breaks off in its description cannot.</summary>
    public override bool IsWhole => !IsBroken && _depth == 0 && (PayloadLeft == 0 || _isInFile);

    private protected override int OnHead(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        if (!TryReadLength(head, out int headBytes, out long length)) return headBytes;
        if (length < headBytes || (_depth > 0 && length > _left[_depth]))
        {
            Break();
            return 0;
        }

        ReadOnlySpan<byte> type = head[4..HeadBytes];
        int timesAt = headBytes + 4; // behind version and flags
        if (IsAmong("mvhdtkhdmdhd"u8, type) && length >= timesAt)
        {
            if (head.Length < timesAt) return timesAt;

            int times = head[headBytes] == 1 ? 16 : 8; // created and changed, 8.2.2
            if (head.Length < timesAt + times && length >= timesAt + times) return timesAt + times;
        }

        Open(type, head, headBytes, length, output);
        return 0;
    }

    /// <summary>False when more of the head is needed: as many bytes as <paramref name="headBytes"/> says.</summary>
    private static bool TryReadLength(ReadOnlySpan<byte> head, out int headBytes, out long length)
    {
        length = BinaryPrimitives.ReadUInt32BigEndian(head);
        headBytes = length == 1 ? LongHeadBytes : HeadBytes;
        if (head.Length < headBytes) return false;

        if (length == 1) length = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(head[HeadBytes..]), long.MaxValue);
        else if (length == 0) length = long.MaxValue; // to the end of the file, 4.2
        return true;
    }

    private void Open(ReadOnlySpan<byte> type, ReadOnlySpan<byte> head, int headBytes, long length, IBufferWriter<byte> output)
    {
        _isInFile = _depth == 0;
        if (!_isInFile) _left[_depth] -= length;
        bool isOpened = IsAmong("moovtrakmdia"u8, type) && _depth < MostDepth;
        bool isBlanked = IsAmong("udtametauuidfreeskip"u8, type);
        Span<byte> written = output.GetSpan(head.Length)[..head.Length];
        head.CopyTo(written);
        if (isBlanked) "free"u8.CopyTo(written[4..]);
        if (head.Length > headBytes) written[(headBytes + 4)..].Clear(); // the times
        output.Advance(head.Length);

        long payload = isOpened ? 0 : length - head.Length;
        if (isOpened) (_isInFile, _left[++_depth]) = (false, length - head.Length);
        for (; _depth > 0 && _left[_depth] < HeadBytes; _depth--) payload += _left[_depth]; // less than a head: QuickTime ends some with a zero
        Follow(payload, isBlanked ? Treatment.Blank : Treatment.Copy, HeadBytes);
    }
}
