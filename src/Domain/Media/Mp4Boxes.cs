using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>What becomes of a box.</summary>
internal enum Mp4Kind : byte
{
    /// <summary>Is not known where it stands: its name and all of it go.</summary>
    Unknown,

    /// <summary>Free space: what was left in it goes.</summary>
    Space,

    /// <summary>Stays as it is.</summary>
    Whole,

    /// <summary>Holds boxes, and nothing before them.</summary>
    Row,

    /// <summary>Holds boxes behind their count.</summary>
    CountedRow,

    /// <summary>Begins with when it was made and changed, 8.2.2.</summary>
    Times,

    /// <summary>Says what a track is, and in words what made it, 8.4.3.</summary>
    Handler,

    /// <summary>Says where samples are, which may be a file on the maker's disk, 8.7.2.</summary>
    Reference,

    /// <summary>Describes pictures, 12.1.3: what coded them has its name in it. Behind it follow boxes.</summary>
    Picture,

    /// <summary>Describes sound, 12.2.3. Behind it follow boxes.</summary>
    Sound,

    /// <summary>Describes a track of time codes, of QuickTime: behind it may stand the name of the tape.</summary>
    TimeCode,

    /// <summary>How a codec of 3GPP (TS 26.244) is set, behind the name of who made the coder.</summary>
    Vendor,

    /// <summary>Says what marked a film as spherical (Spherical Video V2, svhd).</summary>
    Source,

    /// <summary>A whole description, compressed: nothing in it can be judged.</summary>
    Packed,
}

/// <summary>
/// Knows how the boxes of ISO/IEC 14496-12, of the codecs and of QuickTime are built, and what of them tells about the maker. No state.
/// </summary>
internal static class Mp4Boxes
{
    /// <summary>As many first bytes of a payload as are ever asked for.</summary>
    public const int MostFixedBytes = 78;

    private const int MadeByAt = 12; // of a description's payload: who made the coder, in QuickTime
    private const int CoderNameAt = 42;
    private const int CoderNameBytes = 32;
    private const int SoundBytes = 28;
    private const int ColoursAt = 76; // the number of a table of colours, which is 0 when it follows
    private const int GreyBit = 0x20;
    private const int BytesOfColour = 8;

    /// <summary>What the track's descriptions of samples are, as far as this box tells.</summary>
    /// <param name="payload">Its fixed bytes.</param>
    /// <param name="before">What the boxes before told.</param>
    public static Mp4Kind EntriesOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload, Mp4Kind before)
    {
        if (type.SequenceEqual("trak"u8)) return Mp4Kind.Whole;

        ReadOnlySpan<byte> media = type.SequenceEqual("hdlr"u8) && payload.Length == 12 ? payload[8..] : type;
        return Mp4Names.MediaOf(media) ?? before;
    }

    /// <summary>How many first bytes of the payload are needed to judge it; with more of them in hand it may be more.</summary>
    /// <param name="payload">What is there.</param>
    /// <param name="isPlain">The descriptions are of version 0, where those of sound are QuickTime's: longer in their versions 1 and 2.</param>
    public static int FixedBytes(Mp4Kind kind, ReadOnlySpan<byte> payload, bool isPlain) => kind switch
    {
        Mp4Kind.CountedRow => 8,
        Mp4Kind.Times => payload.Length < 4 ? 4 : payload[0] == 1 ? 20 : 12,
        Mp4Kind.Handler => 12,
        Mp4Kind.Reference or Mp4Kind.Vendor or Mp4Kind.Source => 4,
        Mp4Kind.Picture => MostFixedBytes,
        Mp4Kind.Sound when payload.Length >= SoundBytes && isPlain => BinaryPrimitives.ReadUInt16BigEndian(payload[8..]) switch
        {
            1 => SoundBytes + 16,
            2 => SoundBytes + 36,
            _ => SoundBytes,
        },
        Mp4Kind.Sound => SoundBytes,
        Mp4Kind.TimeCode => 26,
        _ => 0,
    };

    /// <summary>Takes out of the fixed bytes what tells about the maker.</summary>
    public static void Clear(Mp4Kind kind, Span<byte> payload)
    {
        if (kind == Mp4Kind.Times) Clear(payload, 4, 16);
        if (kind == Mp4Kind.Vendor) Clear(payload, 0, 4);
        if (kind is Mp4Kind.Picture or Mp4Kind.Sound) Clear(payload, MadeByAt, 4);
        if (kind == Mp4Kind.Picture) Clear(payload, CoderNameAt, CoderNameBytes);
    }

    /// <summary>Whether boxes follow the fixed bytes.</summary>
    public static bool IsOpened(Mp4Kind kind) => kind is Mp4Kind.Row or Mp4Kind.CountedRow or Mp4Kind.Picture or Mp4Kind.Sound;

    /// <summary>Whether what follows the fixed bytes stays.</summary>
    public static bool IsCopied(Mp4Kind kind) => kind is Mp4Kind.Whole or Mp4Kind.Times or Mp4Kind.Vendor;

    /// <summary>How many colours a table can have that QuickTime puts between the fixed bytes of such pictures and the boxes; 0 of
    /// pictures that have none of their own. It is the same of grey ones, whose depth is 32 more.</summary>
    public static int MostColours(Mp4Kind kind, ReadOnlySpan<byte> payload) =>
        kind == Mp4Kind.Picture && payload.Length == MostFixedBytes && payload[74] == 0 && (payload[75] & ~GreyBit) is 1 or 2 or 4 or 8
        && payload[ColoursAt..].IndexOfAnyExcept((byte)0) < 0
            ? 1 << (payload[75] & ~GreyBit) : 0;

    /// <summary>Bytes behind the head of a table of colours: its seed, its flags, how many they are less one.</summary>
    /// <returns>0 when it is none.</returns>
    public static int ColourBytes(ReadOnlySpan<byte> head, int mostColours)
    {
        int colours = BinaryPrimitives.ReadUInt16BigEndian(head[6..]) + 1;
        return colours <= mostColours ? colours * BytesOfColour : 0;
    }

    private static void Clear(Span<byte> payload, int start, int count)
    {
        if (start < payload.Length) payload.Slice(start, Math.Min(count, payload.Length - start)).Clear();
    }
}
