using static Chat.Domain.Tests.Media.StrippedFile;

namespace Chat.Domain.Tests.Media;

/// <summary>What stays of the descriptions of samples: what a codec is set by, and no more.</summary>
[Parallelizable]
public sealed class Mp4DescriptionsTests // promises 4.6
{
    private const string Mp4 = "video/mp4";
    private const string MediaHead = "moov/trak/mdia/minf";

    private static readonly byte[] Secret = Latin1("SECRET");
    private static readonly byte[] Nothing = new byte[6];

    [Test]
    public void Of_a_description_of_pictures_goes_what_coded_them_and_every_box_that_is_not_of_the_codec()
    {
        byte[] before = Some(12), size = Some(26), depth = [0, 24, 255, 255];
        byte[][] boxes = [Box("avcC", Secret), Box("colr", Secret), Box("st3d", Secret), Box("hvcC", Secret), Box("av1C", Secret)];
        byte[] sphere = Box("proj", Secret);

        byte[] file = Track("vide", Box("avc1", [before, Latin1("appl"), size, [5], Latin1("H.264"), new byte[26], depth, .. boxes,
            Box("sv3d", Box("svhd", new byte[4], Secret), sphere), Box("sinf", Secret), Box("abcd", Secret), new byte[4]]));
        byte[] expected = Track("vide", Box("avc1", [before, new byte[4], size, new byte[32], depth, .. boxes,
            Box("sv3d", Box("svhd", new byte[4], Nothing), sphere), Box("free", Nothing), Box("free", Nothing), new byte[4]]));

        Assert.That(Latin1(Strip(file, Mp4)!), Is.EqualTo(Latin1(expected)));
    }

    [TestCase(0, 0, 0)]
    [TestCase(0, 1, 16)]
    [TestCase(0, 2, 36)]
    [TestCase(1, 1, 0)]
    public void Of_a_description_of_sound_goes_who_coded_it_and_every_box_that_is_not_of_the_codec(int descriptions, int version, int more)
    {
        byte[] end = Some(12 + more), codec = Box("esds", Secret), wave = Box("wave", Secret);

        byte[] file = Track("soun", Box("mp4a", Some(8), [0, (byte)version, 0, 0], Latin1("appl"), end, wave, codec, Box("abcd", Secret)));
        byte[] expected = Track("soun", Box("mp4a", Some(8), [0, (byte)version, 0, 0], new byte[4], end, wave, codec, Box("free", Nothing)));
        int at = Latin1(file).IndexOf("stsd", StringComparison.Ordinal) + 4;
        file[at] = expected[at] = (byte)descriptions;

        Assert.That(Latin1(Strip(file, Mp4)!), Is.EqualTo(Latin1(expected)));
    }

    [TestCase("vmhd", "jpeg", 78)]
    [TestCase("smhd", "sowt", 28)]
    public void A_track_is_of_pictures_or_sound_by_its_head_too(string head, string entry, int fixedBytes)
    {
        byte[] Of(byte[] other) => In(MediaHead, Box(head), In("stbl/stsd", Box(entry, new byte[fixedBytes], other)));

        Assert.That(Strip(Of(Box("abcd", Secret)), Mp4), Is.EqualTo(Of(Box("free", Nothing))));
    }

    [Test]
    public void Descriptions_of_other_tracks_stay_but_for_the_name_of_a_tape()
    {
        byte[] text = Box("tx3g", Some(38), Box("ftab", Secret)), end = Some(26);

        byte[] file = Track("tmcd", text, Box("tmcd", end, Box("name", Secret)));

        Assert.That(Strip(file, Mp4), Is.EqualTo(Track("tmcd", text, Box("tmcd", end, new byte[14]))));
    }

    [TestCase("vide", "apv1", "apvC", 78)]
    [TestCase("vide", "avs3", "av3c", 78)]
    [TestCase("soun", "apac", "dapa", 28)]
    [TestCase("soun", "made", "up C", 28)]
    [TestCase("vide", "made", "up C", 78)]
    public void A_codec_that_is_not_known_keeps_what_it_is_set_by_and_nothing_that_is_known_to_tell(string handler, string entry, string codec, int fixedBytes)
    {
        string[] telling = ["uuid", "udta", "meta", "name", "free", "skip", "wide", "\u00A9nam", "\u00A9xyz", "loci", "hdlr", "sinf", "XMP_", "thmb", "auth", "cprt"];
        byte[] set = Box(codec, Secret);
        byte[] file = Track(handler, Box(entry, [new byte[fixedBytes], set, .. telling.Select(type => Box(type, Secret)), set]));
        byte[] expected = Track(handler, Box(entry,
            [new byte[fixedBytes], set, .. telling.Select(type => Box(type is "skip" or "wide" ? type : "free", Nothing)), set]));

        Assert.That(Latin1(Strip(file, Mp4)!), Is.EqualTo(Latin1(expected)));
    }

    [TestCase("vide", "avc1", 78)]
    [TestCase("soun", "mp4a", 28)]
    public void A_codec_that_is_known_keeps_only_what_is_known_to_be_its_own(string handler, string entry, int fixedBytes)
    {
        byte[] Of(string type, byte[] content) => Track(handler, Box(entry, new byte[fixedBytes], Box(type, content)));

        Assert.That(Strip(Of("up C", Secret), Mp4), Is.EqualTo(Of("free", Nothing)));
    }

    [TestCase(1, 2)]
    [TestCase(2, 4)]
    [TestCase(4, 16)]
    [TestCase(8, 256)]
    [TestCase(33, 2)]
    [TestCase(40, 256)]
    public void The_colours_of_pictures_that_have_few_stay_and_what_stands_behind_them_is_judged(int depth, int colours)
    {
        byte[] Of(params byte[][] behind) => Track("vide", Box("smc ",
            [new byte[74], [0, (byte)depth, 0, 0], [0, 0, 0, 0, 0x80, 0, .. BigEndian(colours - 1)[2..]], Some(8 * colours), .. behind]));

        Assert.That(Strip(Of(), Mp4), Is.EqualTo(Of()));
        Assert.That(Strip(Of(Box("gama", Secret), Box("udta", Secret)), Mp4), Is.EqualTo(Of(Box("gama", Secret), Box("free", Nothing))));
    }

    [TestCase(3, 0, "of that depth there are none")]
    [TestCase(5, 0, "of that depth there are none")]
    [TestCase(16, 0, "of that depth there are none")]
    [TestCase(24, 0, "of that depth there are none")]
    [TestCase(37, 0, "of that depth there are none")]
    [TestCase(8, 1, "the usual ones")]
    [TestCase(40, -1, "the usual ones")]
    public void Pictures_without_colours_of_their_own_have_boxes_there(int depth, int table, string why)
    {
        byte[] Of(byte[] box) => Track("vide", Box("jpeg", new byte[74], BigEndian((depth << 16) | (table & 0xFFFF)), Box("gama", Secret), box));

        Assert.That(Strip(Of(Box("udta", Secret)), Mp4), Is.EqualTo(Of(Box("free", Nothing))), why);
    }

    [TestCase(257, 8)]
    [TestCase(3, 1)]
    [TestCase(256, 8)]
    public void Colours_that_are_more_than_there_can_be_are_none(int colours, int depth)
    {
        byte[] Of(byte[] rest) => Track("vide", Box("smc ", new byte[74], [0, (byte)depth, 0, 0], rest));
        byte[] table = [0, 0, 0, 0, 0x80, 0, .. BigEndian(colours - 1)[2..], .. Some((8 * colours) - (colours == 256 ? 1 : 0))];

        Assert.That(Strip(Of(table), Mp4), Is.EqualTo(Of(Box("free", new byte[table.Length - 8]))));
    }

    [Test]
    public void Who_made_a_telephones_coder_goes() =>
        Assert.That(
            Strip(Track("soun", Box("samr", new byte[28], Box("damr", Latin1("NOKI"), [1, 2, 3, 4, 5]))), Mp4),
            Is.EqualTo(Track("soun", Box("samr", new byte[28], Box("damr", new byte[4], [1, 2, 3, 4, 5])))));

    [TestCase("vide", "avc1", 78)]
    [TestCase("soun", "mp4a", 28)]
    [TestCase("vide", "abcd", 78)]
    public void What_is_no_box_in_a_description_of_samples_ends_it_there(string handler, string entry, int fixedBytes)
    {
        foreach (string start in new[] { "00000013" + "61766343", "7FFFFFFF" + "61626364", "00000001" + "61626364", "00000001" + "61626364" + "FFFFFFFFFFFFFFFF" })
        {
            byte[] junk = Convert.FromHexString(start), rest = [.. junk, .. Secret[..(18 - junk.Length > 6 ? 6 : 2)]], codec = Box("esds", Secret);
            byte[] Of(byte[] end) => Track(handler, Box(entry, new byte[fixedBytes], codec, end), Box(entry, new byte[fixedBytes], codec));

            Assert.That(Strip(Of(rest), Mp4), Is.EqualTo(Of(Box("free", new byte[rest.Length - 8]))), start);
        }
    }

    [Test]
    public void What_is_no_box_in_the_shape_of_a_spherical_film_ends_it_there()
    {
        byte[] Of(byte[] end) => Track("vide", Box("avc1", new byte[78], Box("sv3d", Box("proj", Secret), end), Box("avcC", Secret)));

        Assert.That(Strip(Of([0, 0, 0, 99, .. Secret]), Mp4), Is.EqualTo(Of(Box("free", new byte[2]))));
    }

    /// <summary>A film with one track of that kind.</summary>
    private static byte[] Track(string handler, params byte[][] descriptions) =>
        In("moov/trak/mdia", Box("hdlr", new byte[8], Latin1(handler), new byte[13]), In("minf/stbl/stsd", descriptions));
}
