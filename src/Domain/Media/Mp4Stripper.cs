using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>
/// Copies an MP4 or QuickTime file (ISO/IEC 14496-12) with blanks in place of all but what it is played by: every box that
/// <see cref="Mp4Names"/> does not know where it stands, free space, when it was made, and the names of devices and programs. Samples are
/// found by their offset in the file, so no byte moves. Tracks that are metadata themselves (the places along a ride) stay.
/// </summary>
public sealed class Mp4Stripper() : ChunkStripper(HeadBytes)
{
    private const int HeadBytes = 8; // length, type
    private const int LongHeadBytes = 16; // the same with a length of 64 bits
    private const int MostDepth = 8; // film, track, media, its head, samples, descriptions, one of them, sphere

    private readonly Mp4Place[] _places = new Mp4Place[MostDepth + 1];
    private readonly long[] _left = new long[MostDepth + 1]; // bytes of each open box that are not given to a box in it; of the file: any
    private int _depth;
    private Mp4Kind _entries;
    private int _mostColours; // of a table that may follow now
    private bool _isPlain; // the descriptions of samples are of version 0
    private bool _isFilm;
    private bool _isDescription; // the last box in no other describes the film
    private bool _isEndless; // and is as long as the file

    /// <summary>A film that breaks off in its samples, or fragments, can still be seen; one that breaks off in its description
    /// cannot.</summary>
    public override bool IsWhole => !IsBroken && _isFilm && (!_isDescription || IsDescribed);

    /// <summary>In a description as long as the file a length of zero is no box, whether more follows or not.</summary>
    private bool IsDescribed => PayloadLeft == 0 && BehindLeft == 0 && (_depth == 0 || (_depth == 1 && _isEndless && HeadSoFar is [] or [0, 0, 0, 0, ..]));

    private protected override int OnHead(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        if (_mostColours > 0 && TakeColours(head, output)) return 0;

        uint said = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (said is > 1 and < HeadBytes || (said == 0 && _depth > 0))
        {
            BlankRest(head.Length, output);
            return 0;
        }

        int headBytes = said == 1 ? LongHeadBytes : HeadBytes;
        bool hasRoom = _depth == 0 || headBytes <= _left[_depth];
        if (head.Length < headBytes && hasRoom) return headBytes;

        long length = said switch
        {
            0 => long.MaxValue, // to the end of the file, 4.2
            1 when !hasRoom => 0,
            1 => (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(head[HeadBytes..]), long.MaxValue),
            _ => said,
        };
        if (length < headBytes || (_depth > 0 && length > _left[_depth]))
        {
            if (Mp4Names.IsInDescription(_places[_depth])) BlankRest(head.Length, output); // players look no further there
            else Break();
            return 0;
        }

        Mp4Kind kind = Mp4Names.KindOf(_places[_depth], head[4..HeadBytes], _entries);
        int judged = headBytes + (int)Math.Min(Mp4Boxes.FixedBytes(kind, head[headBytes..], _isPlain), length - headBytes);
        if (head.Length < judged) return judged;

        if (kind == Mp4Kind.Packed) Break();
        else Take(kind, head, headBytes, length, output);
        return 0;
    }

    private void Take(Mp4Kind kind, ReadOnlySpan<byte> head, int headBytes, long length, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> type = head[4..HeadBytes], judged = head[headBytes..];
        Span<byte> written = output.GetSpan(head.Length)[..head.Length];
        head.CopyTo(written);
        if (kind == Mp4Kind.Unknown) "free"u8.CopyTo(written[4..]);
        Mp4Boxes.Clear(kind, written[headBytes..]);
        output.Advance(head.Length);

        if (_depth == 0) Begin(type, length);
        else _left[_depth] -= length;
        if (kind != Mp4Kind.Unknown) _entries = Mp4Boxes.EntriesOf(type, judged, _entries);
        if (kind == Mp4Kind.CountedRow) _isPlain = judged is [0, ..];

        long payload = length - head.Length;
        if (Mp4Boxes.IsOpened(kind))
        {
            _depth++;
            (_places[_depth], _left[_depth]) = (Mp4Names.Inside(kind, type), payload);
            _mostColours = payload >= HeadBytes ? Mp4Boxes.MostColours(kind, judged) : 0;
            payload = 0;
        }

        Follow(payload, Mp4Boxes.IsCopied(kind) ? Treatment.Copy : Treatment.Blank, HeadBytes, Close());
    }

    /// <summary>The colours of pictures that have few stand in front of the boxes.</summary>
    /// <returns>False when there are none: it is the head of a box.</returns>
    private bool TakeColours(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        int colours = Mp4Boxes.ColourBytes(head, _mostColours);
        _mostColours = 0;
        if (colours == 0 || HeadBytes + colours > _left[_depth]) return false;

        output.Write(head);
        _left[_depth] -= HeadBytes + colours;
        Follow(colours, Treatment.Copy, HeadBytes, Close());
        return true;
    }

    /// <summary>A box that stands in no other.</summary>
    private void Begin(ReadOnlySpan<byte> type, long length)
    {
        _isDescription = type.SequenceEqual("moov"u8);
        _isEndless = length == long.MaxValue;
        _isFilm |= _isDescription || type.SequenceEqual("moof"u8);
    }

    /// <summary>What is no box ends what it stands in; as free space it is passed over.</summary>
    /// <param name="taken">Bytes of it that are there.</param>
    private void BlankRest(int taken, IBufferWriter<byte> output)
    {
        bool isEndless = _depth == 0 || (_depth == 1 && _isEndless);
        long rest = _depth == 0 ? long.MaxValue : _left[_depth];
        if (!isEndless && rest > uint.MaxValue)
        {
            Break();
            return;
        }

        Span<byte> written = output.GetSpan(taken)[..taken];
        written.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(written, isEndless ? 0 : (uint)rest);
        "free"u8.CopyTo(written[4..]);
        output.Advance(taken);

        if (isEndless) _isDescription = false; // nothing of it is missing
        _left[_depth] = 0;
        Follow(rest - taken, Treatment.Blank, HeadBytes, Close());
    }

    /// <summary>Ends the boxes in which no further one has room: QuickTime ends some with a zero of four bytes.</summary>
    /// <returns>Bytes that are left of them.</returns>
    private long Close()
    {
        long left = 0;
        for (; _depth > 0 && _left[_depth] < HeadBytes; _depth--) left += _left[_depth];
        return left;
    }
}
