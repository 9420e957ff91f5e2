using System.Text;
using Chat.Domain.Links;

namespace Chat.Domain.Tests.Links;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PageTextTests
{
    [TestCase(" \n a \t\u00a0 b\r\n", "a b")]
    [TestCase("a\u202Eb\u2066c\u2069\u200Ed\u061C", "abcd", TestName = "what turns the direction is taken away")]
    [TestCase("a\0b\u001bc\u0085d", "abc d", TestName = "controls are taken away, a line's end is a space")]
    [TestCase("a\u200Bb\uFEFFc\uFFFE", "abc", TestName = "so is what has no width, and what is no character")]
    [TestCase("👩‍👩‍👧", "👩‍👩‍👧", TestName = "joiners stay")]
    [TestCase("\u202E \u200B", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void A_line_is_what_is_seen_of_it(string? text, string? line) => Assert.That(PageText.Clean(text, 100), Is.EqualTo(line));

    [Test]
    public void Half_a_character_is_replaced() => Assert.That(PageText.Clean("a\ud800b", 100), Is.EqualTo("a\uFFFDb"));

    [TestCase("aaaaaaaaaaaa", "aaaaaaaaaa")]
    [TestCase("aaaaaaaa👩‍👩‍👧", "aaaaaaaa", TestName = "no character is cut in two")]
    [TestCase("aaaaaaaaae\u0301", "aaaaaaaaa", TestName = "nor one from its accent")]
    [TestCase("aaaaaaaaa bbb", "aaaaaaaaa")]
    public void A_line_is_cut_before_a_character(string text, string line) => Assert.That(PageText.Clean(text, 10), Is.EqualTo(line));

    [Test]
    public void A_character_that_does_not_end_is_nothing() => Assert.That(PageText.Clean("a" + new string('\u0301', 5_000), 10), Is.Null);

    [TestCase("utf-8", null, "ü", "ü")]
    [TestCase("utf-8", "UTF-8", "ü", "ü")]
    [TestCase("utf-8", "\"utf-8\"", "ü", "ü")]
    [TestCase("iso-8859-1", "ISO-8859-1", "ü", "ü")]
    [TestCase("windows-1252", "latin1", "€“", "€“", TestName = "what is called Latin-1 is Windows'")]
    [TestCase("windows-1251", "windows-1251", "Привет", "Привет")]
    [TestCase("shift_jis", "x-sjis", "日本", "日本")]
    [TestCase("gb18030", "gb2312", "中文", "中文")]
    [TestCase("euc-kr", "ks_c_5601-1987", "한국", "한국")]
    [TestCase("utf-8", "utf-7", "+ADw-", "+ADw-", TestName = "UTF-7 is nothing")]
    [TestCase("utf-8", "x-none", "ü", "ü", TestName = "a name that nobody knows is none")]
    [TestCase("utf-16", "utf-16le", "ü", "ü")]
    public void The_Content_Type_says_the_encoding(string encoding, string? told, string text, string read)
    {
        byte[] page = Get(encoding).GetBytes($"<title>{text}</title>");

        Assert.That(HtmlHead.Read(PageCharset.Decode(page, told)).Title, Is.EqualTo(read));
    }

    [TestCase("windows-1251", "<meta charset=windows-1251>", "Привет", "Привет")]
    [TestCase("shift_jis", "<meta http-equiv='Content-Type' content='text/html; charset=Shift_JIS'>", "日本", "日本")]
    [TestCase("utf-8", "<meta charset=utf-16>", "ü", "ü", TestName = "what says so in ASCII is not UTF-16")]
    public void Or_the_page_itself(string encoding, string meta, string text, string read)
    {
        byte[] page = Get(encoding).GetBytes($"<html>{meta}<title>{text}</title>");

        Assert.That(HtmlHead.Read(PageCharset.Decode(page, null)).Title, Is.EqualTo(read));
        Assert.That(HtmlHead.Read(PageCharset.Decode(page, "utf-8")).Title, encoding == "utf-8" ? Is.EqualTo(read) : Is.Not.EqualTo(read), "who sends it knows better");
    }

    [TestCase("utf-8")]
    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    public void A_mark_goes_before_all_else(string encoding)
    {
        Encoding marked = Encoding.GetEncoding(encoding);

        Assert.That(PageCharset.Decode([.. marked.GetPreamble(), .. marked.GetBytes("<title>ü")], "windows-1252"), Is.EqualTo("<title>ü"));
    }

    [Test]
    public void What_is_no_character_is_replaced() => Assert.That(PageCharset.Decode([0x61, 0xFF, 0x62], null), Is.EqualTo("a\uFFFDb"));

    private static Encoding Get(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
}
