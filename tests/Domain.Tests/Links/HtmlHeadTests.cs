using System.Text;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Chat.Domain.Links;

namespace Chat.Domain.Tests.Links;

/// <summary>What the head of a page says, and that no page makes reading it costly.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class HtmlHeadTests
{
    [TestCase("<title>A harbour</title>", "A harbour", null, null, null)]
    [TestCase("<TITLE lang=en>A &amp; B &#8212; &eacute;&#x41;</TITLE>", "A & B — éA", null, null, null)]
    [TestCase("<title>it&#146;s</title>", "it’s", null, null, null, TestName = "a reference to a C1 control is what Windows has there")]
    [TestCase("<title>a < b </b> <!-- c --></title>", "a < b </b> <!-- c -->", null, null, null, TestName = "in a title is no markup")]
    [TestCase("<title></title><title>Second</title>", "Second", null, null, null)]
    [TestCase("<title>T</title><meta property=og:title content=O>", "O", null, null, null)]
    [TestCase("<meta name='og:title' content='O'><meta property='twitter:title' content='W'>", "O", null, null, null)]
    [TestCase("<title>T</title><meta name=\"twitter:title\" content=\"W\">", "W", null, null, null)]
    [TestCase("<meta property=og:title content=''><title>T</title>", "T", null, null, null)]
    [TestCase("<meta content = 'First' property = 'OG:Title' /><meta property=og:title content=Second>", "First", null, null, null)]
    [TestCase("<meta name=description content='D'><meta property=og:description content=\"O's\">", null, "O's", null, null)]
    [TestCase("<meta name=description content='D'>", null, "D", null, null)]
    [TestCase("<meta property=og:site_name content=S>", null, null, "S", null)]
    [TestCase("<meta property=og:image content=http://a/i.png><meta property=og:image:secure_url content=https://a/i.png>", null, null, null, "https://a/i.png")]
    [TestCase("<meta name=twitter:image content=/i.png?a=1&amp;b=2>", null, null, null, "/i.png?a=1&b=2")]
    [TestCase("<!-- <meta property=og:title content=Hidden> --><title>T</title>", "T", null, null, null)]
    [TestCase("<!--><title>T</title>", "T", null, null, null)]
    [TestCase("<!-- a --!><title>T</title>", "T", null, null, null)]
    [TestCase("<script>var a = '<meta property=og:title content=Hidden>';</script><title>T</title>", "T", null, null, null)]
    [TestCase("<style>/* </head> */</style><title>T</title>", "T", null, null, null)]
    [TestCase("<noscript><meta property=og:title content=Shown></noscript>", "Shown", null, null, null)]
    [TestCase("</head><title>Late</title>", null, null, null, null)]
    [TestCase("<body><meta property=og:title content=Late>", null, null, null, null)]
    [TestCase("<svg/><header><title>T</title>", "T", null, null, null)]
    [TestCase("<meta property=og:title content=\"a>b\">", "a>b", null, null, null)]
    [TestCase("<meta property=og:title content=cut", null, null, null, null)]
    [TestCase("<title>Open", "Open", null, null, null)]
    [TestCase("< title>T</title>", null, null, null, null)]
    [TestCase("<meta content=O content=P property=og:title>", "O", null, null, null)]
    [TestCase("", null, null, null, null)]
    [TestCase("<", null, null, null, null)]
    [TestCase("</", null, null, null, null)]
    [TestCase("<!--", null, null, null, null)]
    public void What_a_page_says_of_itself(string html, string? title, string? description, string? site, string? image)
    {
        HtmlHead head = HtmlHead.Read(html);

        Assert.That((head.Title, head.Description, head.SiteName, head.Image), Is.EqualTo((title, description, site, image)));
    }

    /// <summary>Heads made of pieces at random, read by AngleSharp 1.10.3 as well: title and metas in the order of the tree.</summary>
    [Test]
    public void AngleSharp_reads_the_same([Values(1, 2, 3, 4)] int seed)
    {
        string[] pieces =
        [
            "<title>One &lt; two</title>", "<title lang='a>b'>Zwei</title >", "<meta property=\"og:title\" content=\"A &quot;b&quot; &amp; c\">", "<meta name=description content='d&#38;e'>",
            "<META CONTENT=f NAME=Description>", "<meta property='og:description' content='g\nh'/>", "<!-- <title>x</title> -->", "<!-->", "<!-- - -- ->-->", "<!doctype html>", "<?xml a>",
            "<script>if (a < b) '</scripta><title>n</title>'</script>", "<style>a > b {}</style>", "<link rel=canonical href=/x>", "<base href='/'>", "<meta charset=utf-8>",
            "<meta name=twitter:title content=w>", "<meta property=og:image content='/a b.png'>", "<meta a b=c d = e 'f property=og:site_name content=\"S\">", "\n  ", "</meta>", "</!x>",
            "<meta/property=og:title/content=q>", "<meta property=og:title content=\"\">", "<noscript><meta name=description content=z></noscript>", "</>", "<meta =x property=og:image content=y>",
        ];
        Random random = new(seed);
        for (int page = 0; page < 500; page++)
        {
            StringBuilder html = new("<html><head>");
            for (int n = random.Next(12); n > 0; n--) html.Append(pieces[random.Next(pieces.Length)]);

            using IHtmlDocument tree = new HtmlParser().ParseDocument(html.ToString());
            HtmlHead head = HtmlHead.Read(html.ToString());

            Assert.That(
                (head.Title, head.Description, head.SiteName, head.Image),
                Is.EqualTo((
                    Meta(tree, "og:title", "twitter:title") ?? tree.QuerySelectorAll("title").Select(one => one.TextContent).FirstOrDefault(text => text.Trim().Length > 0),
                    Meta(tree, "og:description", "twitter:description", "description"), Meta(tree, "og:site_name"), Meta(tree, "og:image"))),
                html.ToString());
        }
    }

    [TestCase("<div>")]
    [TestCase("<b>")]
    [TestCase("<meta property=og:title content='")]
    [TestCase("<!---->")]
    [TestCase("<!-- - ")]
    [TestCase("<!")]
    [TestCase("</")]
    [TestCase("<a b=c d ")]
    [TestCase("<title>")]
    [TestCase("<script></")]
    [TestCase("<script>")]
    [TestCase("<meta name=a content=b>")]
    [TestCase("<")]
    [TestCase("<meta property=og:title content='&amp;&#0;&#xD800;&#x110000;'>")]
    [TestCase("\u0000")]
    public void However_long_a_page_of_whatever_is_it_is_read_in_one_walk(string piece)
    {
        StringBuilder html = new(8 << 20);
        while (html.Length < 8 << 20) html.Append(piece);
        string page = html.ToString();

        Task<string?> reading = Task.Run(() => PageText.Clean(HtmlHead.Read(page).Title, PageText.MaxTitle));

        // A walk takes a part of a second on any machine, and one that starts again at each piece many minutes.
        Assert.That(async () => await reading.WaitAsync(TimeSpan.FromSeconds(60)), Throws.Nothing);
    }

    private static string? Meta(IHtmlDocument tree, params string[] names) => names
        .Select(name => tree.QuerySelectorAll("meta").FirstOrDefault(meta =>
            string.Equals((meta.GetAttribute("property") is { Length: > 0 } property ? property : meta.GetAttribute("name"))?.Trim(), name, StringComparison.OrdinalIgnoreCase)
            && !string.IsNullOrWhiteSpace(meta.GetAttribute("content"))))
        .FirstOrDefault(found => found is not null)?.GetAttribute("content");
}
