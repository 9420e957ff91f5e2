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

/// <summary>What holds boxes, in the order of <see cref="Mp4Boxes"/>' names of them; the last two are entries of any name.</summary>
internal enum Mp4Place : byte
{
    File,
    Movie,
    Extends,
    Track,
    Edits,
    Media,
    MediaHead,
    GenericHead,
    Location,
    References,
    Samples,
    Descriptions,
    Fragment,
    TrackFragment,
    Access,
    Sphere,
    Picture,
    Sound,
}

/// <summary>
/// Knows the boxes of ISO/IEC 14496-12, of the codecs and of QuickTime by which a film is played, where each may stand, and what of them
/// tells about the maker. No state.
/// </summary>
internal static class Mp4Boxes
{
    /// <summary>As many first bytes of a payload as are ever asked for.</summary>
    public const int MostFixedBytes = 78;

    private const int MadeByAt = 12; // of a description's payload: who made the coder, in QuickTime
    private const int CoderNameAt = 42;
    private const int CoderNameBytes = 32;
    private const int SoundBytes = 28;

    private static ReadOnlySpan<byte> Rows => "moovmvextrakedtsmdiaminfgmhddinfdrefstblstsdmooftrafmfrasv3d"u8;

    /// <summary>Where the boxes in an opened one stand.</summary>
    public static Mp4Place Inside(Mp4Kind kind, ReadOnlySpan<byte> type) => kind switch
    {
        Mp4Kind.Picture => Mp4Place.Picture,
        Mp4Kind.Sound => Mp4Place.Sound,
        _ => (Mp4Place)(ChunkStripper.IndexAmong(Rows, type) + 1),
    };

    /// <summary>What becomes of a box.</summary>
    /// <param name="entries">Of its track, as <see cref="EntriesOf"/> found them.</param>
    public static Mp4Kind KindOf(Mp4Place place, ReadOnlySpan<byte> type, Mp4Kind entries)
    {
        if (place == Mp4Place.References) return Mp4Kind.Reference;
        if (place == Mp4Place.Descriptions)
            return entries == Mp4Kind.Whole && type.SequenceEqual("tmcd"u8) ? Mp4Kind.TimeCode : entries;
        if (ChunkStripper.IsAmong("freeskipwide"u8, type)) return Mp4Kind.Space;
        if (!ChunkStripper.IsAmong(KnownIn(place), type)) return Mp4Kind.Unknown;
        if (ChunkStripper.IsAmong("stsddref"u8, type)) return Mp4Kind.CountedRow;
        if (ChunkStripper.IsAmong(Rows, type)) return Mp4Kind.Row;
        if (ChunkStripper.IsAmong("mvhdtkhdmdhd"u8, type)) return Mp4Kind.Times;
        if (ChunkStripper.IsAmong("damrdevcdqcpdsmvd263"u8, type)) return Mp4Kind.Vendor;
        if (type.SequenceEqual("hdlr"u8)) return Mp4Kind.Handler;
        if (type.SequenceEqual("svhd"u8)) return Mp4Kind.Source;
        return type.SequenceEqual("cmov"u8) ? Mp4Kind.Packed : Mp4Kind.Whole;
    }

    /// <summary>What the track's descriptions of samples are, as far as this box tells.</summary>
    /// <param name="payload">Its fixed bytes.</param>
    /// <param name="before">What the boxes before told.</param>
    public static Mp4Kind EntriesOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload, Mp4Kind before)
    {
        if (type.SequenceEqual("trak"u8)) return Mp4Kind.Whole;

        ReadOnlySpan<byte> media = type.SequenceEqual("hdlr"u8) && payload.Length == 12 ? payload[8..] : type;
        if (ChunkStripper.IsAmong("videauxvpictvmhd"u8, media)) return Mp4Kind.Picture;
        return ChunkStripper.IsAmong("sounsmhd"u8, media) ? Mp4Kind.Sound : before;
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
    public static bool IsOpened(Mp4Kind kind, ReadOnlySpan<byte> payload) =>
        kind is Mp4Kind.Row or Mp4Kind.CountedRow or Mp4Kind.Sound || (kind == Mp4Kind.Picture && !HasPalette(payload));

    /// <summary>Whether what follows the fixed bytes stays.</summary>
    public static bool IsCopied(Mp4Kind kind) =>
        kind is Mp4Kind.Whole or Mp4Kind.Times or Mp4Kind.Vendor or Mp4Kind.Picture;

    private static ReadOnlySpan<byte> KnownIn(Mp4Place place) => place switch
    {
        Mp4Place.File => "ftypmoovmdatimdamoofmfrasidxssixstyppdin"u8,
        Mp4Place.Movie => "mvhdtrakmvexiodsctabclipcmov"u8,
        Mp4Place.Extends => "mehdtrexlevatrep"u8,
        Mp4Place.Track => "tkhdedtsmdiatreftrgrtaptclipmatt"u8,
        Mp4Place.Edits => "elst"u8,
        Mp4Place.Media => "mdhdhdlrminfelng"u8,
        Mp4Place.MediaHead => "vmhdsmhdhmhdnmhdsthdgmhdhdlrdinfstbl"u8,
        Mp4Place.GenericHead => "gmintexttmcd"u8,
        Mp4Place.Location => "dref"u8,
        Mp4Place.Samples => "stsdsttscttsstssstpsstshstscstszstz2stcoco64cslgsdtpsbgpsgpdcsgpsubssaizsaiostdppadb"u8,
        Mp4Place.Fragment => "mfhdtraf"u8,
        Mp4Place.TrackFragment => "tfhdtruntfdtsbgpsgpdcsgpsubssaizsaiosenc"u8,
        Mp4Place.Access => "tframfro"u8,
        Mp4Place.Sphere => "svhdproj"u8,
        Mp4Place.Picture =>
            // How it is coded:
            "avcCsvcCmvcChvcClhvCvvcCevcCav1CvpcCdvcCdvvCdvwCavcEhvcEesdsd263dvc1glblSMI jp2hjp2pjp2xjsuborfomjqtmjhtACLRAPRGARESADHR"u8
            // How it is shown: shape, colour, light, for two eyes, around; and how much comes a second.
            + "pasptaptclapfielgamacolrmdcvcllicclvamveSmDmCoLLst3dsv3dstvivexuhfovccstauxibtrt"u8,
        Mp4Place.Sound =>
            "esdswaveframendaalacdac3dec3dac4ddtsudtsdmlpdOpsdfLadamrdevcdqcpdsmvmhaCmhaPpcmCiacbglblwfexchanchnlsratSA3DSANDbtrt"u8,
        _ => default,
    };

    /// <summary>Of QuickTime: the colours of pictures with up to 256 of them stand there.</summary>
    private static bool HasPalette(ReadOnlySpan<byte> payload) =>
        payload.Length == MostFixedBytes && (payload[75] & 0x1F) is > 0 and <= 8 && payload[76..].IndexOfAnyExcept((byte)0) < 0;

    private static void Clear(Span<byte> payload, int start, int count)
    {
        if (start < payload.Length) payload.Slice(start, Math.Min(count, payload.Length - start)).Clear();
    }
}
