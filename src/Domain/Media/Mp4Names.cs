using System.Buffers.Binary;
using System.Collections.Frozen;

namespace Chat.Domain.Media;

/// <summary>What holds boxes, in the order of <see cref="Mp4Names"/>' names of them; the last three are entries of any name.</summary>
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

    /// <summary>A description of samples by a codec that is not known: nor is what it is set by.</summary>
    Strange,
}

/// <summary>
/// Knows by their names the boxes of ISO/IEC 14496-12, of the codecs and of QuickTime by which a film is played, and where each may stand.
/// No state.
/// </summary>
internal static class Mp4Names
{
    private const int UserTextMark = 0xA9; // "©" begins the names of what a person or a device says of a film, in QuickTime

    private static readonly FrozenDictionary<uint, Mp4Place> Rows = Numbers("moovmvextrakedtsmdiaminfgmhddinfdrefstblstsdmooftrafmfrasv3d"u8)
        .Select((name, index) => KeyValuePair.Create(name, (Mp4Place)(index + 1))).ToFrozenDictionary();

    private static readonly FrozenDictionary<uint, Mp4Kind> Kinds = Of(
        (Mp4Kind.Row, [.. Rows.Keys.Except(Numbers("stsddref"u8))]),
        (Mp4Kind.CountedRow, Numbers("stsddref"u8)),
        (Mp4Kind.Times, Numbers("mvhdtkhdmdhd"u8)),
        (Mp4Kind.Vendor, Numbers("damrdevcdqcpdsmvd263"u8)),
        (Mp4Kind.Handler, Numbers("hdlr"u8)),
        (Mp4Kind.Source, Numbers("svhd"u8)),
        (Mp4Kind.Packed, Numbers("cmov"u8)));

    private static readonly FrozenDictionary<uint, Mp4Kind> Medias = Of(
        (Mp4Kind.Picture, Numbers("videauxvpictvmhd"u8)), (Mp4Kind.Sound, Numbers("sounsmhd"u8)));

    private static readonly FrozenSet<uint> Codecs = Numbers(
        // Of pictures:
        "avc1avc2avc3avc4avcphvc1hev1hvt1lhv1lhe1vvc1vvi1evc1av01vp08vp09vp10dvh1dvhedva1dvavdav1mp4vencvs263h263vc-1"u8
        + "jpegmjpamjpbmjp2png raw yuv2yuvs2vuyv210rle smc rpzacvidSVQ1SVQ3apchapcnapcsapcoap4hap4xAVdnAVdhdvc dvcpdvppdv5ndv5p"u8
        // Of sound:
        + "mp4asamrsawbsawpsevcsqcpac-3ec-3ac-4dtscdtsedtshdtsldtsxOpusfLaCalacmlpamha1mha2mhm1mhm2iamfenca"u8
        + "ipcmfpcmsowttwoslpcmin24in32fl32fl64ulawalawima4.mp3QDM2QDMCQclp"u8).ToFrozenSet();

    /// <summary>What tells about people and devices, or may, wherever it stands.</summary>
    private static readonly uint[] Telling = Numbers(
        "uuidudtametanamehdlrilstkeysID32XtraXMP_ExifexifGPS loci"u8
        + "cprtauthtitldscpperfgnrealbmyrrckywdclsfrtngcollmanumodlthmbPICTpnotprftemsgpsshsinf"u8);

    private static readonly FrozenDictionary<uint, Mp4Kind>[] Known = [.. Enum.GetValues<Mp4Place>().Select(Judge)];

    /// <summary>Where the boxes in an opened one stand.</summary>
    public static Mp4Place Inside(Mp4Kind kind, ReadOnlySpan<byte> type)
    {
        uint name = BinaryPrimitives.ReadUInt32BigEndian(type);
        if (kind is not (Mp4Kind.Picture or Mp4Kind.Sound)) return Rows[name];
        if (!Codecs.Contains(name)) return Mp4Place.Strange;
        return kind == Mp4Kind.Picture ? Mp4Place.Picture : Mp4Place.Sound;
    }

    /// <summary>Whether what stands there belongs to one description of samples: without it a player has the others.</summary>
    public static bool IsInDescription(Mp4Place place) => place >= Mp4Place.Sphere;

    /// <summary>What becomes of a box.</summary>
    /// <param name="entries">Of its track, as <see cref="Mp4Boxes.EntriesOf"/> found them.</param>
    public static Mp4Kind KindOf(Mp4Place place, ReadOnlySpan<byte> type, Mp4Kind entries)
    {
        if (place == Mp4Place.References) return Mp4Kind.Reference;
        if (place == Mp4Place.Descriptions)
            return entries == Mp4Kind.Whole && type.SequenceEqual("tmcd"u8) ? Mp4Kind.TimeCode : entries;
        if (Known[(int)place].TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(type), out Mp4Kind kind)) return kind;
        return place == Mp4Place.Strange && type[0] != UserTextMark ? Mp4Kind.Whole : Mp4Kind.Unknown;
    }

    /// <summary>What a track holds, by its handler's type or the head of its media; null when that does not tell.</summary>
    public static Mp4Kind? MediaOf(ReadOnlySpan<byte> type) =>
        Medias.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(type), out Mp4Kind kind) ? kind : null;

    private static FrozenDictionary<uint, Mp4Kind> Judge(Mp4Place place)
    {
        bool isStrange = place == Mp4Place.Strange;
        uint[] known = isStrange ? [.. In(Mp4Place.Picture), .. In(Mp4Place.Sound)] : In(place);
        ILookup<Mp4Kind, uint> named = known.Distinct().ToLookup(name => Kinds.GetValueOrDefault(name, Mp4Kind.Whole));
        return Of(
            [(Mp4Kind.Space, Numbers("freeskipwide"u8)), (Mp4Kind.Unknown, isStrange ? Telling : []), .. named.Select(of => (of.Key, of.ToArray()))]);
    }

    private static uint[] In(Mp4Place place) => place switch
    {
        Mp4Place.File => Numbers("ftypmoovmdatimdamoofmfrasidxssixstyppdin"u8),
        Mp4Place.Movie => Numbers("mvhdtrakmvexiodsctabclipcmov"u8),
        Mp4Place.Extends => Numbers("mehdtrexlevatrep"u8),
        Mp4Place.Track => Numbers("tkhdedtsmdiatreftrgrtaptclipmatt"u8),
        Mp4Place.Edits => Numbers("elst"u8),
        Mp4Place.Media => Numbers("mdhdhdlrminfelng"u8),
        Mp4Place.MediaHead => Numbers("vmhdsmhdhmhdnmhdsthdgmhdhdlrdinfstbl"u8),
        Mp4Place.GenericHead => Numbers("gmintexttmcd"u8),
        Mp4Place.Location => Numbers("dref"u8),
        Mp4Place.Samples => Numbers("stsdsttscttsstssstpsstshstscstszstz2stcoco64cslgsdtpsbgpsgpdcsgpsubssaizsaiostdppadb"u8),
        Mp4Place.Fragment => Numbers("mfhdtraf"u8),
        Mp4Place.TrackFragment => Numbers("tfhdtruntfdtsbgpsgpdcsgpsubssaizsaiosenc"u8),
        Mp4Place.Access => Numbers("tframfro"u8),
        Mp4Place.Sphere => Numbers("svhdproj"u8),
        Mp4Place.Picture => Numbers(
            // How it is coded:
            "avcCsvcCmvcChvcClhvCvvcCevcCav1CvpcCdvcCdvvCdvwCavcEhvcEesdsd263dvc1glblSMI jp2hjp2pjp2xjsuborfomjqtmjhtACLRAPRGARESADHR"u8
            + "apvCav3c"u8
            // How it is shown: shape, colour, light, for two eyes, around; and how much comes a second.
            + "pasptaptclapfielgamacolrmdcvcllicclvamveSmDmCoLLst3dsv3dstvivexuhfovccstauxibtrt"u8),
        Mp4Place.Sound => Numbers(
            "esdswaveframendaalacdac3dec3dac4ddtsudtsdmlpdOpsdfLadamrdevcdqcpdsmvmhaCmhaPpcmCiacbdapaglblwfexchanchnlsratSA3DSANDbtrt"u8),
        _ => [],
    };

    private static FrozenDictionary<uint, Mp4Kind> Of(params (Mp4Kind Kind, uint[] Names)[] named) =>
        named.SelectMany(one => one.Names.Select(name => KeyValuePair.Create(name, one.Kind))).ToFrozenDictionary();

    /// <summary>Names that stand in a row, of four bytes each, as numbers.</summary>
    private static uint[] Numbers(ReadOnlySpan<byte> names)
    {
        uint[] numbers = new uint[names.Length / sizeof(uint)];
        for (int index = 0; index < numbers.Length; index++) numbers[index] = BinaryPrimitives.ReadUInt32BigEndian(names[(index * sizeof(uint))..]);
        return numbers;
    }
}
