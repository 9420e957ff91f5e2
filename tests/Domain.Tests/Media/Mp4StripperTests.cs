using static Chat.Domain.Tests.Media.StrippedFile;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class Mp4StripperTests // promises 4.6
{
    private const string Mp4 = "video/mp4";
    private const string MediaHead = "moov/trak/mdia/minf";
    private const string Samples = MediaHead + "/stbl";

    private static readonly byte[] Secret = Latin1("SECRET");
    private static readonly byte[] Nothing = new byte[6];

    /// <summary>Without it there is no film.</summary>
    private static readonly byte[] Film = Box("moov");

    [TestCase("", "ftyp mdat imda sidx ssix styp pdin")]
    [TestCase("moov", "iods ctab clip")]
    [TestCase("moov/mvex", "mehd trex leva trep")]
    [TestCase("moov/trak", "tref trgr tapt clip matt")]
    [TestCase("moov/trak/edts", "elst")]
    [TestCase("moov/trak/mdia", "elng")]
    [TestCase(MediaHead, "vmhd smhd hmhd nmhd sthd")]
    [TestCase(MediaHead + "/gmhd", "gmin text tmcd")]
    [TestCase(MediaHead + "/dinf", "")]
    [TestCase(Samples, "stts ctts stss stps stsh stsc stsz stz2 stco co64 cslg sdtp sbgp sgpd csgp subs saiz saio stdp padb")]
    [TestCase("moof", "mfhd")]
    [TestCase("moof/traf", "tfhd trun tfdt sbgp sgpd csgp subs saiz saio senc")]
    [TestCase("mfra", "tfra mfro")]
    public void Boxes_that_are_known_where_they_stand_stay_and_all_others_go(string path, string known)
    {
        byte[][] kept = [.. known.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(type => Box(type, Secret))];
        string[] others = ["abcd", "udta", "meta", "uuid", "prft", "emsg", "pssh", "pnot", "PICT", "\0\0\0\0", "skip", "free", "mvhe"];

        byte[] file = [.. Film, .. In(path, [.. kept, .. others.Select(type => Box(type, Secret)), .. kept])];
        byte[] expected = [.. Film, .. In(path, [.. kept, .. others.Select(type => Box(type is "skip" ? type : "free", Nothing)), .. kept])];

        Assert.That(Latin1(Strip(file, Mp4)!), Is.EqualTo(Latin1(expected)));
    }

    [TestCase("mvhd", "moov/trak/mdia")]
    [TestCase("trak", "")]
    [TestCase("stsd", "moov")]
    [TestCase("tfhd", "moov/trak")]
    [TestCase("moov", "moov")]
    public void A_box_that_stands_elsewhere_than_it_should_goes(string type, string path) =>
        AssertStripped([.. Film, .. In(path, Box(type, Secret))], [.. Film, .. In(path, Box("free", Nothing))]);

    [TestCase("moov", "mvhd")]
    [TestCase("moov/trak", "tkhd")]
    [TestCase("moov/trak/mdia", "mdhd")]
    public void When_a_film_was_made_goes(string path, string type)
    {
        byte[] behind = Some(20);

        byte[] file = [.. In(path, Box(type, [0, 0, 0, 3], Some(8), behind)), .. In(path, Box(type, [1, 0, 0, 3], Some(16), behind)), .. In(path, Box(type, [1, 0, 0, 3], Some(5)))];
        byte[] expected = [.. In(path, Box(type, [0, 0, 0, 3], new byte[8], behind)), .. In(path, Box(type, [1, 0, 0, 3], new byte[16], behind)), .. In(path, Box(type, [1, 0, 0, 3], new byte[5]))];

        Assert.That(Strip(file, Mp4), Is.EqualTo(expected));
    }

    [TestCase("moov/trak/mdia", "mhlrvide", "appl", "\u0010Core Media Video")]
    [TestCase("moov/trak/mdia", "\0\0\0\0soun", "\0\0\0\0", "SoundHandle of a maker\0")]
    [TestCase(MediaHead, "dhlrurl ", "appl", "\u0017Core Media Data Handler")]
    public void The_name_of_what_made_a_track_goes(string path, string kept, string maker, string name)
    {
        byte[] file = In(path, Box("hdlr", new byte[4], Latin1(kept), Latin1(maker), new byte[8], Latin1(name)));

        Assert.That(Strip(file, Mp4), Is.EqualTo(In(path, Box("hdlr", new byte[4], Latin1(kept), new byte[12], new byte[name.Length]))));
    }

    [TestCase("url ")]
    [TestCase("alis")]
    [TestCase("abcd")]
    public void Where_samples_once_lay_goes(string type)
    {
        byte[] Of(byte[] place) => In(MediaHead + "/dinf/dref", Box(type, [0, 0, 0, 1], place), Box("url ", [0, 0, 0, 1]));

        Assert.That(Strip(Of(Latin1("/home/SECRET/film.mov")), Mp4), Is.EqualTo(Of(new byte[21])), "their count holds");
    }

    [Test]
    public void The_mark_of_a_spherical_film_goes_with_what_it_says_of_the_program()
    {
        byte[] mark = Convert.FromHexString("FFCC8263F8554A938814587A02521FDD");
        byte[] xml = Latin1("<GSpherical:StitchingSoftware>SECRET</GSpherical:StitchingSoftware>");

        byte[] stripped = Strip(In("moov/trak", Box("uuid", mark, xml)), Mp4)!;

        Assert.That(stripped, Is.EqualTo(In("moov/trak", Box("free", new byte[mark.Length + xml.Length]))));
    }

    [Test]
    public void Without_a_description_there_is_no_film()
    {
        byte[] samples = [.. Box("ftyp", Secret), .. Box("mdat", Secret)];

        Assert.That(Strip(samples, Mp4), Is.Null);
        Assert.That(Strip([.. samples, .. Box("free", Film)], Mp4), Is.Null);
        Assert.That(Strip([.. samples, .. Box("moov", Box("cmov", Secret))], Mp4), Is.Null, "compressed: it cannot be judged");
        Assert.That(Strip([.. samples, .. Film], Mp4), Is.Not.Null);
        Assert.That(Strip([.. Box("styp", Secret), .. Box("moof"), .. Box("mdat", Secret)], Mp4), Is.Not.Null);
    }

    [Test]
    public void A_film_cut_in_its_description_is_refused_and_one_cut_in_its_samples_is_not()
    {
        byte[] file = Read("voice.m4a");
        int description = Latin1(file).IndexOf("moov", StringComparison.Ordinal), samples = Latin1(file).IndexOf("mdat", StringComparison.Ordinal);
        int end = description - 4 + Bytes(file, description - 4);

        for (int length = 0; length < end; length++) Assert.That(Strip(file[..length], "audio/mp4"), Is.Null, $"cut after {length} bytes");
        Assert.That(Strip(file[..end], "audio/mp4"), Is.Not.Null);
        Assert.That(Strip(file[..(samples + 20)], "audio/mp4"), Is.Not.Null);
    }

    [Test]
    public void A_film_cut_in_its_fragments_is_taken()
    {
        byte[] file = Read("fragments.mp4");
        int fragment = Latin1(file).IndexOf("moof", StringComparison.Ordinal);

        for (int length = fragment - 4; length < file.Length; length++)
            Assert.That(Strip(file[..length], Mp4), Is.Not.Null, $"cut after {length} bytes");
    }

    [Test]
    public void A_description_may_be_as_long_as_the_file()
    {
        byte[] Of(byte[] box) => [.. Box("mdat", Secret), 0, 0, 0, 0, .. Latin1("moov"), .. Box("trak", Box("tkhd", new byte[20])), .. box];

        Assert.That(Strip(Of(Box("udta", Secret)), Mp4), Is.EqualTo(Of(Box("free", Nothing))));
        Assert.That(Strip(Of([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]), Mp4), Is.EqualTo(Of([0, 0, 0, 0, .. Latin1("free"), 0, 0, 0, 0])));
        Assert.That(Strip(Of([0, 0, 0, 0]), Mp4), Is.EqualTo(Of([])), "QuickTime's end of a row");
        Assert.That(Strip(Of([0, 0, 0, 0, 1, 2, 3]), Mp4), Is.EqualTo(Of([])), "and what is no box behind it");
        Assert.That(Strip(Of([0, 0, 0]), Mp4), Is.Null, "cut in a length");
        Assert.That(Strip(Of(Box("trak", Secret)[..^1]), Mp4), Is.Null, "cut in a box");
        Assert.That(Strip(Of([0, 0, 0, 9]), Mp4), Is.Null, "cut in a head");
    }

    [TestCase("00000002")]
    [TestCase("00000007")]
    [TestCase("00000000")]
    public void What_is_no_box_behind_the_last_one_goes(string start)
    {
        byte[] junk = [.. Convert.FromHexString(start), .. Latin1("SECRET, and what follows is no box either"), .. Box("mdat", Secret)];

        AssertStripped([.. Film, .. junk], [.. Film, 0, 0, 0, 0, .. Latin1("free"), .. new byte[junk.Length - 8]]);
    }

    [TestCase("00000002")]
    [TestCase("00000007")]
    [TestCase("00000000")]
    public void What_is_no_box_within_another_ends_there(string start)
    {
        byte[] junk = [.. Convert.FromHexString(start), .. Latin1("SECRET")], next = Box("trak", Box("tref", Secret));

        byte[] file = Box("moov", Box("trak", Box("tref", Secret), junk), next);

        Assert.That(Strip(file, Mp4), Is.EqualTo(Box("moov", Box("trak", Box("tref", Secret), Box("free", new byte[2])), next)));
    }

    [TestCase(1)]
    [TestCase(7)]
    public void What_is_too_short_for_a_box_goes(int bytes)
    {
        byte[] Of(byte[] rest) => Box("moov", Box("trak", Box("tref", Secret), rest), Box("iods", Secret));

        Assert.That(Strip(Of(Secret.Append((byte)'!').ToArray()[^bytes..]), Mp4), Is.EqualTo(Of(new byte[bytes])));
        Assert.That(Strip([.. Film, .. Some(bytes)], Mp4), Is.EqualTo(Film));
    }

    [TestCase("longer than the one it is in", "00000010" + "6D6F6F76" + "00000009" + "7472616B" + "0000000000")]
    [TestCase("64 bits of length that say less", "00000001" + "6D6F6F76" + "000000000000000F")]
    [TestCase("64 bits of length that say more than there is", "00000020" + "6D6F6F76" + "00000001" + "7472616B" + "FFFFFFFFFFFFFFFF" + "0000000000000000")]
    public void A_box_whose_length_lies_is_refused(string what, string hex) =>
        Assert.That(Strip([.. Film, .. Convert.FromHexString(hex)], Mp4), Is.Null, what);

    [TestCase("a box to the end of the file", "00000000" + "75647461" + "534543524554", "00000000" + "66726565" + "000000000000")]
    [TestCase("a length of 64 bits", "00000001" + "75647461" + "0000000000000012" + "5345", "00000001" + "66726565" + "0000000000000012" + "0000")]
    [TestCase("a zero that ends a box", "00000014" + "6D6F6F76" + "00000008" + "696F6473" + "00000000", "00000014" + "6D6F6F76" + "00000008" + "696F6473" + "00000000")]
    [TestCase("boxes behind an empty one", "00000008" + "6D6F6F76" + "0000000A" + "75756964" + "5345", "00000008" + "6D6F6F76" + "0000000A" + "66726565" + "0000")]
    [TestCase("a time in a head too short for it", "00000014" + "6D6F6F76" + "0000000C" + "6D766864" + "00000000", "00000014" + "6D6F6F76" + "0000000C" + "6D766864" + "00000000")]
    [TestCase("a description too short for one", "0000000E" + "6D6F6F66" + "616263646566", "0000000E" + "6D6F6F66" + "000000000000")]
    public void Boxes_are_judged_one_by_one(string what, string hex, string expected) =>
        AssertStripped([.. Film, .. Convert.FromHexString(hex)], [.. Film, .. Convert.FromHexString(expected)], what);

    private static void AssertStripped(byte[] file, byte[] expected, string what = "") => Assert.That(Strip(file, Mp4), Is.EqualTo(expected), what);
}
